import { expect } from "chai";
import { hashSecret, makeKeySecret, prefixOf, sameHash } from "../../src/accounts/key-secret.ts";
import { checkPassword, decoyHash, hashPassword } from "../../src/accounts/passwords.ts";
import { createAllowance } from "../../src/platform/allowance.ts";
import { AppError } from "../../src/platform/errors.ts";
import { createLimiter } from "../../src/platform/limiter.ts";
import { lookUpTogether } from "../../src/platform/look-up-together.ts";
import { remember } from "../../src/platform/remember.ts";

describe("passwords and keys", () => {
  it("cost the same work where there is no account as where there is one", async () => {
    const costOf = (hash: string) => hash.split("$").slice(0, 4).join("$");
    expect(costOf(await decoyHash())).to.equal(costOf(await hashPassword("a password of length")));
    for (const none of [undefined, null, "", "plain"]) {
      expect(await checkPassword("a password of length", none)).to.include({ isRight: false });
    }
  });

  it("are hashed a few at a time, and too many at once are told to come again", async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => hashPassword("a password")));
    const refused = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
    expect(refused).to.have.length(100 - 4 - 64);
    for (const error of refused) expect(error).to.be.instanceOf(AppError).with.property("status", 503);
    await hashPassword("and then it goes on");
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
    );
    expect(await lookUp("a").catch((error: Error) => error.message)).to.equal("away");
    expect(await lookUp("a")).to.deep.equal({ name: "a" });
  });

  it("is refused where ten thousand wait", async () => {
    const lookUp = lookUpTogether<string>(() => new Promise(() => {}), String);
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
