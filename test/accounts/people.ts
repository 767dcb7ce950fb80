import { randomUUID } from "node:crypto";
import { expect } from "chai";
import type { Role } from "../../src/contracts/accounts.ts";
import { get, post } from "../support/http.ts";
import type { Environment } from "../support/instance.ts";
import { query } from "../support/postgres.ts";

export const ADMIN = { email: "boss@example.com", password: "correct horse battery" };
export const PASSWORD = "a password of length";

/** What a production with accounts is started with; `DATABASE_URL` is still to be set. */
export const PRODUCTION: Environment = {
  NODE_ENV: "production",
  SESSION_SECRET: "the tests' own secret, long enough",
  ADMIN_EMAIL: ADMIN.email,
  ADMIN_PASSWORD: ADMIN.password,
};

export interface Person {
  id: string;
  email: string;
  /** What a browser sends once it is signed in. */
  cookie: string;
}

/** The session's cookie out of an answer, as the next request sends it. */
export function cookieOf(headers: Headers): string {
  const [cookie = ""] = headers.getSetCookie();
  return cookie.split(";", 1)[0] as string;
}

/** Opens an account through the door and signs in; another role than `user` is set in the database first. */
export async function signUp(url: string, databaseUrl: string, role: Role = "user"): Promise<Person> {
  const email = `${randomUUID()}@example.com`;
  const { status, headers, body } = await post<{ user: { id: string } }>(`${url}/api/auth/register`, {
    email,
    password: PASSWORD,
  });
  expect(status).to.equal(201);
  const person = { id: body.user.id, email, cookie: cookieOf(headers) };
  if (role === "user") return person;
  await query(databaseUrl, "UPDATE users SET role = $1 WHERE id = $2", [role, person.id]);
  return { ...person, cookie: await signIn(url, email) };
}

/** @returns the cookie. */
export async function signIn(url: string, email: string, password = PASSWORD): Promise<string> {
  const { status, headers } = await post(`${url}/api/auth/login`, { email, password });
  expect(status).to.equal(200);
  return cookieOf(headers);
}

export interface MadeKey {
  id: string;
  secret: string;
  /** The header that sends it. */
  bearer: { authorization: string };
}

export async function makeKey(
  url: string,
  { cookie }: Pick<Person, "cookie">,
  fields: object = {},
): Promise<MadeKey> {
  const { status, body } = await post<{ key: { id: string }; secret: string }>(
    `${url}/api/keys`,
    { name: "bot", ...fields },
    { cookie },
  );
  expect(status).to.equal(201);
  return { id: body.key.id, secret: body.secret, bearer: { authorization: `Bearer ${body.secret}` } };
}

export const me = (url: string, headers: Record<string, string>) =>
  get<{ user?: { email: string }; code?: string }>(`${url}/api/auth/me`, headers);
