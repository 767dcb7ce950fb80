import { expect } from "chai";
import fc from "fast-check";
import { evaluate, labelAt, loadLabelled, plainAfinn, vader } from "../../bench/sentiment-evaluation.ts";
import { LABEL_THRESHOLD, scoreText } from "../../src/sentiment/score-text.ts";

const labelOf = (text: string) => scoreText(text).label;

/** One case a text, so that a failure names the text. */
function expectLabel(label: string, texts: readonly string[]): void {
  for (const text of texts) expect(labelOf(text), text).to.equal(label);
}

describe("scoreText on the held-out labelled texts", () => {
  const heldout = loadLabelled("heldout");
  const ours = evaluate(heldout, labelOf);

  it("has at least 120 texts, all labels among them, that the tune part does not have", () => {
    const tuned = new Set(loadLabelled("tune").map((row) => row.text));
    expect(heldout.length).to.be.at.least(120);
    expect(new Set(heldout.map((row) => row.label)).size).to.equal(3);
    expect(heldout.filter((row) => tuned.has(row.text))).to.deep.equal([]);
  });

  it("is clearly ahead of plain AFINN in macro-F1 and accuracy", () => {
    const afinn = plainAfinn();
    const theirs = evaluate(heldout, (text) => labelAt(afinn(text), 1));
    expect(ours.macroF1).to.be.above(theirs.macroF1 + 0.15);
    expect(ours.accuracy).to.be.above(theirs.accuracy + 0.15);
  });

  it("is clearly ahead of VADER in macro-F1 and accuracy", () => {
    const compound = vader();
    const theirs = evaluate(heldout, (text) => labelAt(compound(text), 0.05));
    expect(ours.macroF1).to.be.above(theirs.macroF1 + 0.15);
    expect(ours.accuracy).to.be.above(theirs.accuracy + 0.15);
  });
});

describe("scoreText in context", () => {
  it("turns a word that is negated", () => {
    expectLabel("positive", ["not a bad day", "never selling", "bitcoin isn't dead", "no longer bearish"]);
    expectLabel("negative", ["this isn't bullish", "no longer bullish", "not good", "ETH failed to rally"]);
  });

  it("reads typographic apostrophes as plain ones", () => {
    expect(scoreText("this isn’t bullish")).to.deep.include({ label: "negative" });
    expect(scoreText("this isn’t bullish").score).to.equal(scoreText("this isn't bullish").score);
  });

  it("asks what it is that rises or falls", () => {
    expectLabel("positive", [
      "Fees fall to a record low",
      "Inflation cools",
      "Outflows slow",
      "Hacks fall 40%",
    ]);
    expectLabel("negative", [
      "Prices fall",
      "Outflows mount",
      "Unemployment rises",
      "Fees surge to a record high",
    ]);
  });

  it("takes trouble that is taken away for good news", () => {
    expectLabel("positive", [
      "SEC drops its case against the exchange",
      "Lawsuit dismissed",
      "Regulators lift ban",
    ]);
    expectLabel("negative", ["SEC sues exchange", "Selloff erases gains", "Regulators ban exchange"]);
  });

  it("takes the side of holders in a squeeze", () => {
    expectLabel("positive", ["Short squeeze sends ETH soaring", "shorts got rekt", "bears are trapped"]);
    expectLabel("negative", ["Longs wiped out", "bulls got rekt"]);
  });

  it("gives the clause after but more weight than the one before", () => {
    expectLabel("negative", ["nice team but the token is a scam"]);
    expectLabel("positive", ["rough start but the token is amazing"]);
  });

  it("lets intensifiers strengthen and diminishers weaken", () => {
    const plain = scoreText("the chart is bullish").score;
    expect(scoreText("the chart is very bullish").score).to.be.above(plain);
    expect(scoreText("the chart is slightly bullish").score).to.be.within(0.01, plain - 0.01);
  });

  it("reads the direction and the size of a percentage", () => {
    expectLabel("positive", ["BTC up 5%", "+8% today", "$SOL +12%"]);
    expectLabel("negative", ["BTC down 5%", "-12% today", "−12% today"]);
    expectLabel("neutral", ["BTC up 0.1%", "APR between 5-10%", "spread is 7%"]);
    expect(scoreText("BTC up 20%").score).to.be.above(scoreText("BTC up 2%").score);
  });

  it("finds no side in questions, plans and plain statements", () => {
    expectLabel("neutral", [
      "What is a rug pull?",
      "Will bitcoin crash or moon?",
      "Bitcoin trades at 64,210",
      "Stop loss at 58k, take profit at 66k",
      "Order filled 0.5 ETH @ 3,045.20",
      "Token unlock on 24 June",
    ]);
  });
});

describe("scoreText on the speech of traders", () => {
  it("knows slang and phrases of several words", () => {
    expectLabel("positive", [
      "wagmi",
      "to the moon",
      "diamond hands",
      "new all time high",
      "bought the dip",
      "HODL",
    ]);
    expectLabel("negative", [
      "rekt",
      "ngmi",
      "rug pull",
      "paper hands",
      "capitulation",
      "pure FUD",
      "got liquidated",
    ]);
  });

  it("opens hashtags and leaves cashtags alone", () => {
    expectLabel("positive", ["#BuyTheDip", "#buythedip", "#bullish $ETH"]);
    expectLabel("neutral", ["$MOON $PUMP $SCAM $REKT", "#bitcoin"]);
  });

  it("knows emojis and that a falling chart is bad news", () => {
    expectLabel("positive", ["🚀", "📈", ":)"]);
    expectLabel("negative", ["📉", "💀", ":("]);
  });

  it("hears stretched words and capitals as louder", () => {
    const plain = scoreText("so bullish on this").score;
    expect(scoreText("so bullishhhhh on this").score).to.be.above(plain);
    expect(scoreText("so BULLISH on this").score).to.be.above(plain);
    expectLabel("positive", ["mooooooon"]);
  });

  it("ignores links and mentions", () => {
    expect(scoreText("https://scam.example/hack?crash @rekt")).to.deep.include({
      label: "neutral",
      score: 0,
    });
  });

  it("names the words that counted on the side they took", () => {
    const { tokens } = scoreText("Bullish on $BTC, not bad at all, fees are a scam 🚀🚀");
    expect(tokens.positive).to.deep.equal(["bullish", "bad", "🚀"]);
    expect(tokens.negative).to.deep.equal(["scam"]);
  });
});

describe("the confidence of scoreText", () => {
  it("is 0 for an empty text and low where no token is known", () => {
    expect(scoreText("")).to.deep.equal({
      label: "neutral",
      score: 0,
      confidence: 0,
      tokens: { positive: [], negative: [] },
    });
    expect(scoreText("the meeting is on a tuesday").confidence).to.be.within(0.01, 0.3);
  });

  it("grows with evidence for the label and falls with evidence against it", () => {
    const one = scoreText("bullish");
    const two = scoreText("bullish breakout");
    const mixed = scoreText("bullish breakout, weak volume");
    expect(two.confidence).to.be.above(one.confidence);
    expect(mixed.confidence).to.be.below(two.confidence);
  });

  it("does not take repetition for as much evidence as something new", () => {
    expect(scoreText("🚀🚀🚀").score).to.be.below(scoreText("🚀 bullish breakout").score);
  });
});

describe("scoreText on hostile input", () => {
  const inherited = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf", "isPrototypeOf"];

  it("takes names of inherited properties for unknown words", () => {
    const { score, tokens } = scoreText(inherited.join(" "));
    expect(score).to.equal(0);
    expect(tokens).to.deep.equal({ positive: [], negative: [] });
    expect(scoreText("constructor good").score).to.equal(scoreText("builder good").score);
  });

  it("answers within its bounds, and the same again, on any string", () => {
    const words = [
      "not",
      "fees",
      "fall",
      "BULLISH",
      "-12%",
      "but",
      "📉",
      "🏴‍☠️",
      "?",
      "\ud800",
      "'",
      "…",
      ...inherited,
    ];
    const noise = fc.string({ unit: "binary", maxLength: 2000 });
    const speech = fc.array(fc.constantFrom(...words), { maxLength: 300 }).map((parts) => parts.join(" "));
    fc.assert(
      fc.property(fc.oneof(noise, speech), (text) => {
        const result = scoreText(text);
        expect(result.score).to.be.within(-1, 1);
        expect(result.confidence).to.be.within(0, 1);
        expect(result.label).to.equal(labelAt(result.score, LABEL_THRESHOLD));
        expect(scoreText(text)).to.deep.equal(result);
      }),
    );
  });

  it("finishes on long runs that make careless patterns explode", () => {
    const runs = [
      "a",
      "1.",
      "1,",
      "+-$",
      "#aA",
      "a'",
      "$",
      "?!",
      ":-",
      "\ufdfa",
      "🚀",
      "@",
      "no ",
      "fees fall ",
      "http://",
    ];
    for (const run of runs) {
      const text = run.repeat(50_000 / run.length);
      expect(scoreText(text).confidence, run).to.be.within(0, 1);
    }
  });

  it("leaves the sentiment package's English as it was", () => {
    const afinn = plainAfinn();
    expect(afinn("ngmi rekt hodl")).to.equal(0);
    expect(afinn("share")).to.equal(1);
  });
});
