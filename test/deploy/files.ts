import { readFileSync } from "node:fs";
import { parse } from "yaml";

/** The deployment files, as the tests read them. */
export const readText = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

export interface ComposeService {
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  stop_grace_period?: string;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: object;
  restart?: string;
  command?: string[];
  read_only?: boolean;
  security_opt?: string[];
  tmpfs?: string[];
  mem_limit?: string;
  pids_limit?: number;
}

export interface Compose {
  services: Record<string, ComposeService>;
  volumes: Record<string, object | null>;
}

/** What the compose file asks of whoever starts it. */
export const NEEDED: Record<string, string> = {
  SESSION_SECRET: "a secret of the tests that is long enough",
  ADMIN_EMAIL: "boss@example.com",
  ADMIN_PASSWORD: "correct horse battery",
  POSTGRES_PASSWORD: "d2c9e1f04b7a",
  REDIS_PASSWORD: "7f3a90b1c6e4",
};

export function readCompose(): Compose {
  // ${NAME:-default} stands for its default, as for someone who sets only what has to be set: ${NAME:?why}.
  const text = readText("docker-compose.yml")
    .replace(/\$\{\w+:-([^}]*)\}/g, "$1")
    .replace(/\$\{(\w+):\?[^}]*\}/g, (_, name: string) => NEEDED[name] ?? `\${${name}}`);
  return parse(text, { merge: true }) as Compose;
}

/** The instances: whatever runs the service's own image. */
export function instancesOf(compose: Compose): [name: string, environment: Record<string, string>][] {
  return Object.entries(compose.services)
    .filter(([name]) => name.startsWith("app"))
    .map(([name, { environment = {} }]) => [name, environment]);
}

/** The names of all settings, from the schema in config.ts. */
export function settingNames(): string[] {
  const source = readText("src/config.ts");
  const schema = /const environment = z\.object\(\{\n(.*?)\n\}\);/s.exec(source)?.[1];
  if (schema === undefined)
    throw new Error("src/config.ts no longer holds its schema where this test looks.");
  return [...schema.matchAll(/^ {2}([A-Z][A-Z0-9_]*):/gm)].map((match) => match[1] as string);
}
