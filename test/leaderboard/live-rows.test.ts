import { expect } from "chai";
import { io, type Socket } from "socket.io-client";
import type { App } from "../../src/app.ts";
import { mergeRows } from "../../web/board/merge-rows.ts";
import type { LeaderboardRow } from "../../web/client/index.ts";
import { eventually } from "../support/eventually.ts";
import { aTrade, get, post } from "../support/http.ts";
import { startHere } from "../support/instance.ts";
import { newDatabase } from "../support/postgres.ts";

const MODELS = 150;
const name = (place: number) => `m${String(place).padStart(3, "0")}`;

describe("the channel leaderboard with 150 models", () => {
  let app: App;
  const sockets: Socket[] = [];

  before(async () => {
    app = await startHere({ DATABASE_URL: await newDatabase() });
    const trades = Array.from({ length: MODELS }, (_, index) =>
      aTrade({ model: name(index + 1), pnl: 10 * (MODELS - index), status: "closed" }),
    );
    expect((await post(`${app.url}/api/trades/bulk`, { trades })).status).to.be.within(200, 201);
  });
  after(async () => {
    for (const socket of sockets) socket.disconnect();
    await app?.stop();
  });

  const earn = async (model: string, pnl: number) => {
    expect((await post(`${app.url}/api/trades`, aTrade({ model, pnl }))).status).to.equal(201);
  };
  const board = async () =>
    (await get<{ leaderboard: LeaderboardRow[] }>(`${app.url}/api/leaderboard`)).body.leaderboard;
  const follow = async () => {
    const socket = io(app.url, {
      transports: ["websocket"],
      forceNew: true,
      auth: { channels: ["leaderboard"] },
    });
    sockets.push(socket);
    const frames: LeaderboardRow[][] = [];
    socket.on("leaderboard", (rows: LeaderboardRow[]) => frames.push(rows));
    await eventually(async () => frames.length > 0);
    const whole = frames[0] ?? [];
    // What was still to be sent when it came is in the frame it began with, and once more in the next one: from here on
    // there is nothing of that left.
    const trades = ((await board()).find(({ model }) => model === whole[0]?.model)?.trades ?? 0) + 1;
    await earn(whole[0]?.model ?? "", 0);
    await eventually(async () =>
      frames.flat().some((row) => row.model === whole[0]?.model && row.trades === trades),
    );
    frames.length = 0;
    return { whole, frames };
  };

  it("comes in pages by rank over REST", async () => {
    interface Page {
      leaderboard: LeaderboardRow[];
      count: number;
      next_cursor: string | null;
    }
    const pages: Page[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const from: string = cursor === "" ? "" : `&cursor=${cursor}`;
      const { status, body } = await get<Page>(`${app.url}/api/leaderboard?limit=60${from}`);
      expect(status).to.equal(200);
      pages.push(body);
      cursor = body.next_cursor;
    }
    expect(pages.map(({ count }) => count)).to.deep.equal([60, 60, 30]);
    expect(pages.flatMap(({ leaderboard }) => leaderboard)).to.deep.equal(await board());
    expect((await get<Page>(`${app.url}/api/leaderboard?limit=150`)).body.next_cursor).to.equal(null);
  });

  it("sends its first 100 rows whole, then only a row that changed", async () => {
    const before = (await board()).slice(0, 100);
    const { whole, frames } = await follow();
    expect(whole).to.deep.equal(before);
    await earn(name(40), 1);
    await eventually(async () => frames.length > 0);
    expect(frames[0]?.map(({ model, rank }) => [model, rank])).to.deep.equal([[name(40), 40]]);
  });

  it("sends what moved when two change places, and nothing of what happens further down", async () => {
    const { frames } = await follow();
    await earn(name(149), 0.5);
    await earn(name(11), 11);
    await eventually(async () => frames.length > 0);
    const moved = frames.flat();
    expect(moved.map(({ model, rank }) => [model, rank])).to.have.deep.members([
      [name(11), 10],
      [name(10), 11],
    ]);
  });

  it("sends the one that came in, those that moved for it, and once the one that fell out, with its new rank", async () => {
    const { frames } = await follow();
    const before = await board();
    await earn(name(150), 1_000_000);
    await eventually(async () => frames.flat().some(({ rank }) => rank === 101));
    const changed = frames.flat();
    expect(changed).to.have.length(101);
    expect(changed.find(({ rank }) => rank === 1)?.model).to.equal(name(150));
    expect(changed.filter(({ rank }) => rank === 101).map(({ model }) => model)).to.deep.equal([name(100)]);
    // What a page makes of it is what REST says.
    const merged = frames.reduce<readonly LeaderboardRow[]>(mergeRows, before);
    expect(merged).to.deep.equal(await board());
    // A newcomer gets the first 100 and not what fell out.
    const expected = (await board()).slice(0, 100);
    expect((await follow()).whole).to.deep.equal(expected);
    // It is out: what it does there is no longer told.
    await earn(name(100), 0.1);
    await earn(name(1), 0.1);
    await eventually(async () => frames.at(-1)?.[0]?.model === name(1));
    expect(frames.at(-1)).to.have.length(1);
  });

  it("is whole for a page that missed that a row fell out", async () => {
    const before = await board();
    await earn(name(149), 2_000_000);
    const expected = await board();
    expect(mergeRows(before, (await follow()).whole)).to.deep.equal(expected);
  });
});
