import { expect } from "chai";
import { hashSecret, makeKeySecret, prefixOf, sameHash } from "../../src/accounts/key-secret.ts";
import { createPasswords, decoyHash } from "../../src/accounts/passwords.ts";
import { refuseWeakPassword } from "../../src/accounts/weak-password.ts";
import { createAllowance } from "../../src/platform/allowance.ts";
import { AppError } from "../../src/platform/errors.ts";
import { fairTurns } from "../../src/platform/fair-turns.ts";
import { createLimiter } from "../../src/platform/limiter.ts";
import { lookUpTogether } from "../../src/platform/look-up-together.ts";
import { remember } from "../../src/platform/remember.ts";

const EMAIL = "trader@example.com";

describe("passwords and keys", () => {
  const passwords = createPasswords(32);

  it("cost the same work where there is no account as where there is one", async () => {
    const costOf = (hash: string) => hash.split("$").slice(0, 4).join("$");
    const hash = await passwords.hash("a password of length", "an address");
    expect(costOf(await decoyHash())).to.equal(costOf(hash));
    for (const none of [undefined, null, "", "plain"]) {
      expect(await passwords.check("a password of length", none, "an address")).to.include({
        isRight: false,
      });
    }
  });

  it("are hashed two at a time, and too many of one address at once are told to come again", async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 80 }, () => passwords.hash("a password", "an address")),
    );
    const refused = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
    expect(refused).to.have.length(80 - 2 - 16);
    for (const error of refused) {
      expect(error).to.be.instanceOf(AppError).and.include({ status: 429, retryAfter: 1 });
      expect(error.message).to.include("PASSWORD_QUEUE");
    }
    await passwords.hash("and then it goes on", "an address");
  });

  it("are refused where they are guessed first", async () => {
    const refusal = (password: string) =>
      refuseWeakPassword("password", password, { email: EMAIL, name: "Satoshi Nakamoto" }).then(
        () => "taken",
        (error: AppError) => error.message,
      );
    for (const weak of [
      "password1234",
      "P@ssw0rd1234",
      "123456789012",
      "qwertyuiop12",
      "aaaaaaaaaaaaaaaa",
      "passwordpassword",
      "iloveyou1234",
      "x".repeat(1024),
      EMAIL,
      EMAIL.toUpperCase(),
      "1trader@example.com",
      "satoshinakamoto",
    ]) {
      expect(await refusal(weak), weak).to.match(/^password is one that is guessed first/);
    }
    for (const good of [
      "a password of length",
      "correct horse battery staple",
      "another password",
      "pässwörd 密码 🔑 long",
      "kX9#mQ2$vL7!",
    ]) {
      expect(await refusal(good), good).to.equal("taken");
    }
  });

  it("make keys that are found by their prefix and compared as a whole", () => {
    const { prefix, secret, hash } = makeKeySecret();
    expect(prefixOf(secret)).to.equal(prefix);
    expect(sameHash(hashSecret(secret), hash)).to.equal(true);
    expect(sameHash(hashSecret(`${secret}x`), hash)).to.equal(false);
    expect(sameHash("", hash)).to.equal(false);
    expect(new Set(Array.from({ length: 1000 }, () => makeKeySecret().prefix)).size).to.equal(1000);
    for (const none of ["", prefix, `${secret}x`, secret.toUpperCase(), ` ${secret}`]) {
      expect(prefixOf(none), none).to.equal(undefined);
    }
  });
});

describe("turns", () => {
  /** Work that ends when it is told to, and says in which order it began. */
  function bench(waiting: number, atOnce = 1) {
    const turns = fairTurns({ atOnce, waiting, what: "things" });
    const begun: string[] = [];
    const ends: (() => void)[] = [];
    const run = (lane: string) =>
      turns(
        lane,
        () =>
          new Promise<string>((resolve) => {
            begun.push(lane);
            ends.push(() => resolve("done"));
          }),
      ).catch((error: AppError) => String(error.status));
    return { run, begun, ends };
  }
  async function finish(ends: (() => void)[], all: Promise<string>[]) {
    let isOver = false;
    const over = Promise.all(all).finally(() => {
      isOver = true;
    });
    while (!isOver) {
      for (const end of ends.splice(0)) end();
      await new Promise((resolve) => setImmediate(resolve));
    }
    return await over;
  }

  it("go round the lanes, however much one of them brought before the others", async () => {
    const { run, begun, ends } = bench(20);
    const all = ["a", "a", "a", "a", "b", "b", "c"].map(run);
    expect(await finish(ends, all)).to.deep.equal(all.map(() => "done"));
    expect(begun).to.deep.equal(["a", "a", "b", "c", "a", "b", "a"]);
  });

  it("are given by the lane that has most to one that has less, where all are taken", async () => {
    const { run, begun, ends } = bench(4);
    const all = ["a", "a", "a", "b", "b", "c", "d"].map(run);
    // One runs and two of a and b each wait; c and d take a place of theirs; a fifth one finds none.
    const late = run("e");
    expect(await finish(ends, [...all, late])).to.deep.equal(
      ["done", "done", "429", "done", "429", "done", "done"].concat("503"),
    );
    expect(begun).to.deep.equal(["a", "a", "b", "c", "d"]);
  });

  it("are half of them at most one lane's, and free again where work fails", async () => {
    const { run, ends } = bench(4);
    const all = ["a", "a", "a", "a"].map(run);
    expect(await finish(ends, all)).to.deep.equal(["done", "done", "done", "429"]);
    const turns = fairTurns({ atOnce: 1, waiting: 2, what: "things" });
    const failing = turns("a", () => Promise.reject(new Error("broken"))).catch(
      (error: Error) => error.message,
    );
    const next = turns("a", async () => "done");
    expect(await Promise.all([failing, next])).to.deep.equal(["broken", "done"]);
    expect(await turns("a", async () => "again")).to.equal("again");
  });
});

describe("what is looked up together", () => {
  it("is asked for by one question at a time, which those who come meanwhile share", async () => {
    const questions: string[][] = [];
    let answer: () => void = () => {};
    const lookUp = lookUpTogether(
      async (names) => {
        questions.push(names);
        await new Promise<void>((resolve) => {
          answer = resolve;
        });
        return names.filter((name) => name !== "none").map((name) => ({ name }));
      },
      ({ name }) => name,
      "keys",
    );
    const found = ["a", "b", "none", "b"].map(lookUp);
    answer();
    expect(await found[0]).to.deep.equal({ name: "a" });
    answer();
    expect(await Promise.all(found.slice(1))).to.deep.equal([{ name: "b" }, undefined, { name: "b" }]);
    expect(questions).to.deep.equal([["a"], ["b", "none"]]);
  });

  it("fails for those who asked together, and for nobody after them", async () => {
    let failures = 1;
    const lookUp = lookUpTogether<{ name: string }>(
      async (names) => {
        if (failures-- > 0) throw new Error("away");
        return names.map((name) => ({ name }));
      },
      ({ name }) => name,
      "keys",
    );
    expect(await lookUp("a").catch((error: Error) => error.message)).to.equal("away");
    expect(await lookUp("a")).to.deep.equal({ name: "a" });
  });

  it("is refused where ten thousand wait", async () => {
    const lookUp = lookUpTogether<string>(() => new Promise(() => {}), String, "keys");
    for (let index = 0; index <= 10_000; index++) void lookUp(`key ${index}`);
    const refusal = await lookUp("one more").catch((error: AppError) => error);
    expect(refusal).to.be.instanceOf(AppError).with.property("status", 503);
  });
});

describe("what is remembered for a short time", () => {
  it("is looked up once for all who ask at once, and again where it failed or was forgotten", async () => {
    const memory = remember<number>(60_000);
    let looks = 0;
    const look = async () => ++looks;
    expect(await Promise.all([memory.get("a", look), memory.get("a", look)])).to.deep.equal([1, 1]);
    expect(memory.get("a", look)).to.equal(1);
    memory.forget((value) => value === 1);
    expect(await memory.get("a", look)).to.equal(2);
    const failing = memory.get("b", () => Promise.reject(new Error("away")));
    expect(await Promise.resolve(failing).catch((error: Error) => error.message)).to.equal("away");
    expect(await memory.get("b", look)).to.equal(3);
  });

  it("is not remembered where it was forgotten while it was looked up", async () => {
    const memory = remember<number>(60_000);
    let tell: (value: number) => void = () => {};
    const first = memory.get(
      "a",
      () =>
        new Promise((resolve) => {
          tell = resolve;
        }),
    );
    memory.forget(() => true);
    tell(1);
    expect(await first).to.equal(1);
    expect(await memory.get("a", async () => 2)).to.equal(2);
  });

  it("is not more than ten thousand things", async () => {
    const memory = remember<number>(60_000);
    for (let index = 0; index <= 10_000; index++) await memory.get(`key ${index}`, async () => index);
    expect(await memory.get("key 0", async () => -1)).to.equal(-1);
    expect(memory.get("key 10000", async () => -1)).to.equal(10_000);
  });
});

describe("an allowance", () => {
  it("gives out exactly as much as there is, to many at once, and tells when there will be more", async () => {
    for (const points of [1, 7, 100, 1000]) {
      const limiter = createLimiter({ name: `test ${points}`, points, seconds: 60, sentence: "too many" });
      const allowance = createAllowance(limiter, points);
      const takes = Array.from({ length: points + 50 }, async () => await allowance.take("someone"));
      const outcomes = await Promise.allSettled(takes);
      expect(
        outcomes.filter(({ status }) => status === "fulfilled"),
        String(points),
      ).to.have.length(points);
      const [refusal] = outcomes.flatMap((one) =>
        one.status === "rejected" ? [one.reason as AppError] : [],
      );
      expect([refusal?.status, refusal?.code]).to.deep.equal([429, "rate_limited"]);
      expect(refusal?.retryAfter).to.be.within(1, 60);
      await allowance.take("someone else");
    }
  });
});
