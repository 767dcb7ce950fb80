import { expect } from "chai";
import { loadConfig } from "../../src/config.ts";
import { instancesOf, NEEDED, readCompose, readText, settingNames } from "./files.ts";

describe("docker-compose.yml", () => {
  const compose = readCompose();
  const instances = instancesOf(compose);
  const balancerConfig = readText("deploy/haproxy.cfg");

  it("runs two instances with settings that the service knows and takes", () => {
    expect(instances).to.have.length(2);
    for (const [, environment] of instances) {
      expect(settingNames()).to.include.members(Object.keys(environment));
      expect(loadConfig(environment, "/")).to.include({ production: true, host: "0.0.0.0", port: 3000 });
    }
  });

  it("reaches the database, the cache and the instances under their names", () => {
    const services = Object.keys(compose.services);
    for (const [, { DATABASE_URL = "", REDIS_URL = "" }] of instances) {
      expect(services).to.include.members([new URL(DATABASE_URL).hostname, new URL(REDIS_URL).hostname]);
    }
    const servers = [...balancerConfig.matchAll(/^ +server (\w+) (\S+)/gm)];
    for (const [name, environment] of instances) {
      const addresses = servers.filter((server) => server[1] === name).map((server) => server[2]);
      expect(addresses).to.deep.equal([`${name}:${environment.PORT}`, `${name}:${environment.PORT}`]);
    }
    expect(servers).to.have.length(2 * instances.length);
  });

  it("gives the instances the user, password and database that PostgreSQL is set up with", () => {
    for (const [, { DATABASE_URL = "" }] of instances) {
      const { hostname, username, password, pathname } = new URL(DATABASE_URL);
      expect(compose.services[hostname]?.environment).to.include({
        POSTGRES_USER: username,
        POSTGRES_PASSWORD: password,
        POSTGRES_DB: pathname.slice(1),
      });
    }
  });

  it("lets nobody write without an account, with secrets that whoever starts it has to bring", () => {
    for (const [, environment] of instances) {
      expect(loadConfig(environment, "/")).to.include({ auth: "required", trustProxy: 1 });
      const { POSTGRES_PASSWORD: _, REDIS_PASSWORD: __, ...own } = NEEDED;
      expect(environment).to.include(own);
    }
    for (const name of Object.keys(NEEDED)) expect(readText("docker-compose.yml")).to.include(`\${${name}:?`);
  });

  it("has no password that somebody could know, and asks for one at the database and at the cache", () => {
    const secrets = Object.keys(NEEDED).filter((name) => /PASSWORD|SECRET/.test(name));
    expect(readText("docker-compose.yml")).to.not.match(new RegExp(`\\$\\{(?:${secrets.join("|")})(?!:\\?)`));
    for (const [, { DATABASE_URL = "", REDIS_URL = "" }] of instances) {
      expect(new URL(DATABASE_URL).password).to.equal(NEEDED.POSTGRES_PASSWORD);
      expect(new URL(REDIS_URL).password).to.equal(NEEDED.REDIS_PASSWORD);
      const { command = [], environment } = compose.services[new URL(REDIS_URL).hostname] ?? {};
      expect(command[command.indexOf("--requirepass") + 1]).to.equal(NEEDED.REDIS_PASSWORD);
      expect(environment).to.include({ REDISCLI_AUTH: NEEDED.REDIS_PASSWORD });
    }
  });

  it("lets no container write its files, gain rights, or take what is everyone's", () => {
    for (const [name, service] of Object.entries(compose.services)) {
      expect(service.read_only, name).to.equal(true);
      expect(service.security_opt, name).to.deep.equal(["no-new-privileges:true"]);
      expect(service.mem_limit, name).to.match(/^\d+[mg]$/);
      expect(service.pids_limit, name).to.be.within(16, 1024);
    }
    // PostgreSQL's caches fit into what it may have.
    const [, shared] = /shared_buffers=(\d+)MB/.exec(readText("docker-compose.yml")) ?? [];
    const [, most] = /^(\d+)g$/.exec(compose.services.postgres?.mem_limit ?? "") ?? [];
    expect(Number(shared)).to.be.lessThan((Number(most) * 1024) / 2);
    expect(compose.services.postgres?.tmpfs).to.include("/var/run/postgresql");
  });

  it("publishes one port, of the balancer, on the loopback address", () => {
    const published = Object.values(compose.services).flatMap(({ ports = [] }) => ports);
    expect(published).to.have.length(1);
    expect(published[0]).to.match(/^127\.0\.0\.1:\d+:8080$/);
    expect(balancerConfig).to.match(/^ +bind :8080$/m);
  });

  it("gives a planned stop all the time that it may take", () => {
    for (const [name, environment] of instances) {
      const grace = /^(\d+)s$/.exec(compose.services[name]?.stop_grace_period ?? "")?.[1];
      expect(Number(grace) * 1000).to.be.greaterThan(loadConfig(environment, "/").shutdownTimeoutMs);
    }
  });

  it("keeps the pools of all instances below PostgreSQL's connections", () => {
    const [, limit] = /max_connections=(\d+)/.exec(readText("docker-compose.yml")) ?? [];
    const pools = instances.map(([, environment]) => loadConfig(environment, "/").databasePoolSize);
    const total = pools.reduce((sum, size) => sum + size, 0);
    // Beside its pool, an instance migrates, and whoever runs a command needs a few.
    expect(total).to.be.lessThan(Number(limit) - 20);
  });

  it("starts everything again after a crash, and waits for the database", () => {
    for (const [name, { restart }] of Object.entries(compose.services)) {
      expect(restart, name).to.equal("unless-stopped");
    }
    for (const [name] of instances) {
      expect(compose.services[name]?.depends_on).to.have.nested.property(
        "postgres.condition",
        "service_healthy",
      );
    }
    expect(compose.services.postgres).to.have.property("healthcheck");
  });
});

describe("The Dockerfile", () => {
  const lines = readText("Dockerfile").split("\n");
  const allowed = readText(".dockerignore")
    .split("\n")
    .filter((line) => line.startsWith("!"))
    .map((line) => line.slice(1));

  it("copies only what .dockerignore lets through", () => {
    const copied = lines
      .filter((line) => /^COPY (?!--from)/.test(line))
      .flatMap((line) => line.split(/\s+/).slice(1, -1))
      .filter((path) => path !== ".");
    expect(copied).to.include.members(["package.json", "package-lock.json", "migrations"]);
    for (const path of copied) {
      expect(allowed.some((entry) => path === entry || path.startsWith(`${entry}/`))).to.equal(true, path);
    }
  });

  it("runs the program itself, as a user without rights", () => {
    const last = lines.slice(lines.findLastIndex((line) => line.startsWith("FROM ")));
    expect(last).to.include("USER node");
    expect(last.find((line) => line.startsWith("CMD "))).to.match(/^CMD \["node", .*"dist\/main\.js"\]$/);
  });
});
