import { signed } from "../board/format.ts";
import type { CoinMood } from "./coin-moods.ts";
import { MoodBar } from "./mood.tsx";

const SCORE = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const scoreText = (score: number) =>
  signed(Math.round(score * 100) / 100, (value) => SCORE.format(value).replace("-", "−"));

export interface CoinTableProps {
  moods: readonly CoinMood[];
  /** Empty: all. */
  chosen: string;
  onChoose: (symbol: string) => void;
}

/** Sentiment per coin; a coin filters the page. */
export function CoinTable({ moods, chosen, onChoose }: CoinTableProps) {
  return (
    <section class="panel coins" aria-labelledby="coins">
      <header>
        <h2 id="coins">Sentiment per coin</h2>
        <button type="button" aria-pressed={chosen === ""} onClick={() => onChoose("")}>
          All coins
        </button>
      </header>
      <table class="sheet">
        <thead>
          <tr>
            <th scope="col">Coin</th>
            <th scope="col" class="figure" colSpan={2}>
              Headlines, −1 to +1
            </th>
            <th scope="col" class="figure">
              Posted
            </th>
          </tr>
        </thead>
        <tbody>
          {moods.map(({ symbol, headlines, posted }) => (
            <tr key={symbol} class={symbol === chosen ? "chosen" : undefined}>
              <th scope="row">
                <button type="button" aria-pressed={symbol === chosen} onClick={() => onChoose(symbol)}>
                  {symbol}
                </button>
              </th>
              <td class="bar">{headlines !== undefined && <MoodBar average={headlines.avg} />}</td>
              <td class="figure">
                <Mean of={headlines} />
              </td>
              <td class="figure">
                <Mean of={posted} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Mean({ of }: { of: { avg: number; count: number } | undefined }) {
  if (of === undefined) return <span class="missing">–</span>;
  return (
    <>
      {scoreText(of.avg)} <small>of {of.count}</small>
    </>
  );
}
