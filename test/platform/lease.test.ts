import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { expect } from "chai";
import { keepLease, type Lease } from "../../src/platform/lease.ts";
import { type Database, openDatabase } from "../../src/platform/postgres/database.ts";
import { migrate } from "../../src/platform/postgres/migrate.ts";
import { eventually } from "../support/eventually.ts";
import { newDatabase, query } from "../support/postgres.ts";

/** The way to PostgreSQL, which can be held up like a network that drops everything. */
class Road {
  readonly #server: Server;
  readonly #sockets: Socket[] = [];

  constructor(target: URL) {
    this.#server = createServer((near) => {
      const far = connect(Number(target.port), target.hostname);
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        from.pipe(to);
        from.on("error", () => to.destroy());
        from.on("close", () => to.destroy());
        this.#sockets.push(from);
      }
    });
  }

  async open(url: string): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    const own = new URL(url);
    own.hostname = "127.0.0.1";
    own.port = String((this.#server.address() as AddressInfo).port);
    return own.toString();
  }

  holdUp(): void {
    for (const socket of this.#sockets) socket.pause();
  }

  letPass(): void {
    for (const socket of this.#sockets) socket.resume();
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

describe("a lease", () => {
  let url: string;
  const databases: Database[] = [];
  const leases: Lease[] = [];
  let events: string[];

  before(async () => {
    url = await newDatabase();
    await migrate(url);
  });
  beforeEach(() => {
    events = [];
  });
  afterEach(async () => {
    await Promise.all(leases.splice(0).map((lease) => lease.stop()));
    await Promise.all(databases.splice(0).map((database) => database.close()));
  });

  function keep(name: string, holder: string, at = url): Lease {
    const database = openDatabase({ url: at, poolSize: 2 });
    databases.push(database);
    const lease = keepLease({
      database,
      name,
      holder,
      onGained: () => events.push(`${holder} gained`),
      onLost: () => events.push(`${holder} lost`),
      onError: () => {},
    });
    leases.push(lease);
    return lease;
  }

  /** Waits until the lease's end has been moved so many times. */
  async function renewals(name: string, count: number): Promise<void> {
    const ends = new Set<string>();
    await eventually(async () => {
      const text = "SELECT expires_at::text AS ends FROM leases WHERE name = $1";
      for (const { ends: end } of await query<{ ends: string }>(url, text, [name])) ends.add(end);
      return ends.size > count;
    });
  }

  it("is held by one of several that want it, and handed on when that one gives it back", async () => {
    const wanting = ["a", "b", "c"].map((holder) => keep("handed-on", holder));
    const held = () => wanting.filter((lease) => lease.isHeld());
    await eventually(async () => held().length > 0);
    const [first] = held();
    expect(held()).to.have.length(1);
    await first?.stop();
    await eventually(async () => held().length > 0);
    expect(held()).to.have.length(1);
    expect(held()[0]).to.not.equal(first);
    expect(events.map((event) => event.split(" ")[1])).to.deep.equal(["gained", "lost", "gained"]);
  });

  it("is renewed by its holder for longer than its term", async () => {
    keep("renewed", "a");
    keep("renewed", "b");
    await renewals("renewed", 8);
    expect(events).to.have.length(1);
  });

  it("is lost by a holder that cannot renew before another one gains it, and not taken back", async () => {
    const road = new Road(new URL(url));
    try {
      const cutOff = keep("cut-off", "first", await road.open(url));
      await eventually(async () => cutOff.isHeld());
      const other = keep("cut-off", "second");
      road.holdUp();
      await eventually(async () => !cutOff.isHeld());
      expect(other.isHeld()).to.equal(false);
      await eventually(async () => other.isHeld());
      expect(events).to.deep.equal(["first gained", "first lost", "second gained"]);
      road.letPass();
      // What waited on the way arrives now, and is an attempt to renew what is someone else's.
      await renewals("cut-off", 4);
      expect([cutOff.isHeld(), other.isHeld()]).to.deep.equal([false, true]);
    } finally {
      road.letPass();
      await Promise.all(leases.splice(0).map((lease) => lease.stop()));
      road.close();
    }
  });
});
