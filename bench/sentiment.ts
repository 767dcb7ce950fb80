/**
 * How well and how fast texts are scored, beside plain AFINN and VADER.
 * Run: node --import tsx bench/sentiment.ts
 */
import { LABEL_THRESHOLD, scoreText } from "../src/sentiment/score-text.ts";
import {
  bestCutoff,
  evaluate,
  type LabelledText,
  labelAt,
  loadLabelled,
  type Method,
  plainAfinn,
  vader,
} from "./sentiment-evaluation.ts";

const ROUNDS = 15;
const tune = loadLabelled("tune");
const heldout = loadLabelled("heldout");
const methods: ReadonlyArray<readonly [string, Method, number]> = [
  ["scoreText", (text) => scoreText(text).score, LABEL_THRESHOLD],
  ["AFINN as is", plainAfinn(), 1],
  ["VADER as is", vader(), 0.05],
];

console.log(`texts: ${tune.length} tune, ${heldout.length} held out\n`);
console.log("| method | tune accuracy | tune macro-F1 | held-out accuracy | held-out macro-F1 |");
console.log("| --- | --- | --- | --- | --- |");
for (const [name, method, cutoff] of methods) console.log(qualityRow(name, method, cutoff));
for (const [name, method] of methods.slice(1)) {
  const cutoff = bestCutoff(tune, method);
  console.log(qualityRow(`${name}, cutoff ${cutoff} (best on tune)`, method, cutoff));
}

console.log("\n| confidence of scoreText (held out) | texts | accuracy |\n| --- | --- | --- |");
for (const [from, to] of [
  [0, 0.3],
  [0.3, 0.5],
  [0.5, 0.65],
  [0.65, 1],
] as const) {
  const rows = heldout.filter(({ text }) => within(scoreText(text).confidence, from, to));
  const { accuracy } = evaluate(rows, (text) => scoreText(text).label);
  console.log(`| ${from}–${to} | ${rows.length} | ${accuracy.toFixed(2)} |`);
}

const typical = heldout.map((row) => row.text);
const full = typical.join(". ").match(/.{280}/gs) ?? [];
console.log("\n| µs of CPU a text (best round) | labelled texts | 280 characters |\n| --- | --- | --- |");
for (const [name, method] of methods) {
  console.log(`| ${name} | ${microseconds(typical, method)} | ${microseconds(full, method)} |`);
}

function qualityRow(name: string, method: Method, cutoff: number): string {
  const cells = [tune, heldout].flatMap((rows: readonly LabelledText[]) => {
    const { accuracy, macroF1 } = evaluate(rows, (text) => labelAt(method(text), cutoff));
    return [accuracy.toFixed(3), macroF1.toFixed(3)];
  });
  return `| ${[name, ...cells].join(" | ")} |`;
}

function within(value: number, from: number, to: number): boolean {
  return value >= from && (value < to || to === 1);
}

/** CPU time, since a shared machine's clock tells of its neighbours; the best round, since warming up is not meant. */
function microseconds(texts: readonly string[], method: Method): string {
  const times = Array.from({ length: ROUNDS }, () => {
    const start = process.cpuUsage();
    for (let again = 0; again < 20; again++) for (const text of texts) method(text);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / (20 * texts.length);
  });
  return Math.min(...times).toFixed(1);
}
