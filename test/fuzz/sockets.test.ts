import { once } from "node:events";
import { expect } from "chai";
import fc from "fast-check";
import { WebSocket } from "ws";
import { PRODUCTION } from "../accounts/people.ts";
import { get } from "../support/http.ts";
import { type Instance, startInstance } from "../support/instance.ts";
import { newDatabase } from "../support/postgres.ts";
import { hostile } from "./values.ts";

/** FUZZ_FRAMES takes a larger number for a longer run, FUZZ_SEED the seed that a failure told. */
const FRAMES = Number(process.env.FUZZ_FRAMES ?? 8_000);
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
const BATCH = 800;
const CLIENTS = 16;

const channel = fc.oneof(
  fc.constantFrom(
    "trades",
    "trades/symbol/BTC",
    "portfolios/m",
    "sentiments",
    "prices",
    "news",
    "nothing",
    "trades/",
  ),
  fc.string({ maxLength: 30 }),
);
const request = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record(
      {
        channels: fc.array(channel, { maxLength: 5 }),
        since: fc.oneof(fc.nat(), fc.double(), fc.integer()),
        epoch: fc.string({ maxLength: 70 }),
      },
      { requiredKeys: [] },
    ) as fc.Arbitrary<unknown>,
  },
  { weight: 1, arbitrary: hostile },
);
const event = fc.constantFrom<unknown>(
  ...[
    "subscribe",
    "subscribe",
    "unsubscribe",
    "disconnect",
    "connect",
    "error",
    "trades",
    "__proto__",
    "",
    5,
    null,
  ],
);
const json = (value: unknown) => JSON.stringify(value) ?? "";

/** Frames of the protocol, and such as come close to it. */
const frame: fc.Arbitrary<string | Uint8Array> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc
      .tuple(event, fc.array(request, { maxLength: 3 }), fc.oneof(fc.constant(""), fc.nat({ max: 99 })))
      .map(([name, args, ack]) => `42${ack}${json([name, ...args])}`),
  },
  { weight: 2, arbitrary: request.map((auth) => `40${json(auth)}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("2", "3", "3probe", "5", "6", "1", "41", "43", "44", "40/admin,", "42/x,[]"),
  },
  {
    weight: 1,
    arbitrary: fc.nat({ max: 20 }).map((count) => `45${count}-["subscribe",{"_placeholder":true,"num":0}]`),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 60 }).map((text) => `4${text}`) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }) },
  { weight: 1, arbitrary: fc.constant(`42["subscribe",${"[".repeat(200)}${"]".repeat(200)}]`) },
);

describe("frames over a WebSocket", function () {
  this.timeout(600_000);
  let instance: Instance;
  let open: WebSocket[];

  before(async () => {
    instance = await startInstance({
      ...PRODUCTION,
      DATABASE_URL: await newDatabase(),
      RATE_LIMIT_SUBSCRIPTIONS_PER_MINUTE: "0",
      MAX_STREAMS_PER_ADDRESS: "0",
    });
    open = [];
  });
  after(async () => {
    for (const socket of open) socket.terminate();
    await instance?.stop();
  });

  async function connect(): Promise<WebSocket> {
    const socket = new WebSocket(
      `${instance.url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`,
    );
    socket.on("error", () => {});
    socket.on("message", () => {});
    open.push(socket);
    await once(socket, "open");
    socket.send("40");
    return socket;
  }

  /** Whether the server still holds the connection after it has read everything up to here. */
  function survives(socket: WebSocket): Promise<boolean> {
    if (socket.readyState !== WebSocket.OPEN) return Promise.resolve(false);
    return new Promise((resolve) => {
      const done = (isThere: boolean) => {
        socket.off("pong", onPong).off("close", onClose);
        resolve(isThere);
      };
      const onPong = () => done(true);
      const onClose = () => done(false);
      socket.on("pong", onPong).on("close", onClose);
      socket.ping();
    });
  }

  async function sendAll(frames: readonly (string | Uint8Array)[]): Promise<void> {
    let socket = await connect();
    for (const one of frames) {
      socket.send(one);
      // A frame that ends the connection must not take the ones after it along unread.
      if (!(await survives(socket))) {
        socket.terminate();
        socket = await connect();
      }
    }
    socket.terminate();
  }

  it(`end no process, ${FRAMES} of them, and keep nobody else from being served`, async () => {
    let sent = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { minLength: BATCH, maxLength: BATCH }), async (frames) => {
        const share = Math.ceil(frames.length / CLIENTS);
        const shares = Array.from({ length: CLIENTS }, (_, index) =>
          frames.slice(index * share, (index + 1) * share),
        );
        await Promise.all(shares.map(sendAll));
        sent += frames.length;
        open = open.filter(({ readyState }) => readyState !== WebSocket.CLOSED);
        if (instance.process.exitCode !== null) throw new Error("the service ended");
      }),
      { numRuns: Math.ceil(FRAMES / BATCH), seed: SEED, endOnFailure: true },
    );
    expect(sent).to.be.at.least(FRAMES);
    expect((await get(`${instance.url}/readyz`)).status).to.equal(200);
    expect(instance.output()).to.not.include("a socket's request failed");
  });
});
