import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect } from "chai";
import { Redis } from "ioredis";
import { newDatabase, query } from "../support/postgres.ts";
import { freePort, startRedis, type TestRedis } from "../support/redis.ts";
import { ALL_TRADES, newFolder, runImport, type StoredTrade } from "./import-run.ts";

const TOKEN = "a-token-like-upstash-gives";
const TRADE = {
  id: "t1",
  model: "gpt-5",
  symbol: "BTC",
  side: "buy",
  qty: 0.5,
  price: 60_000,
  timestamp: "2025-11-01T00:00:00Z",
};

describe("import redis over TLS", () => {
  let folder: Awaited<ReturnType<typeof newFolder>>;
  let server: TestRedis;
  let certificate: string;
  let url: string;

  before(async function () {
    folder = await newFolder();
    certificate = join(folder.path, "certificate.pem");
    const key = join(folder.path, "key.pem");
    const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    const request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", ...subject];
    try {
      execFileSync("openssl", [...request, "-keyout", key, "-out", certificate], { stdio: "ignore" });
    } catch {
      process.stdout.write("    skipped: there is no openssl to make a certificate with\n");
      this.skip();
    }
    const port = await freePort();
    const tls = ["--tls-port", `${port}`, "--tls-cert-file", certificate, "--tls-key-file", key];
    server = await startRedis(this, ...tls, "--tls-ca-cert-file", certificate, "--tls-auth-clients", "no");
    const redis = new Redis(server.url);
    await redis.set("trades:list", JSON.stringify([TRADE]));
    await redis.config("SET", "requirepass", TOKEN);
    redis.disconnect();
    url = `rediss://default:${TOKEN}@localhost:${port}`;
  });
  after(async () => {
    await server?.stop();
    await folder.remove();
  });

  it("reads what is behind a certificate that it trusts", async () => {
    const target = await newDatabase();
    const run = await runImport(["redis", url, "--yes", "--verify"], {
      DATABASE_URL: target,
      NODE_EXTRA_CA_CERTS: certificate,
    });
    expect(run.code, run.stderr).to.equal(0);
    expect(run.stdout).to.contain("1 of 1 are here, the same").and.not.contain(TOKEN);
    const [trade] = await query<StoredTrade>(target, ALL_TRADES);
    expect(trade).to.include({ id: "t1", model: "gpt-5", qty: "0.5" });
  });

  it("says that it does not trust another, and writes nothing", async () => {
    const target = await newDatabase();
    const run = await runImport(["redis", url, "--yes"], { DATABASE_URL: target });
    expect(run.code).to.equal(1);
    expect(run.stderr).to.contain("has a certificate that cannot be trusted").and.not.contain(TOKEN);
    const [{ tables } = { tables: 0 }] = await query<{ tables: number }>(
      target,
      "SELECT count(*)::int AS tables FROM pg_tables WHERE schemaname = 'public'",
    );
    expect(tables).to.equal(0);
  });
});
