import { useState } from "preact/hooks";
import { fromAddress, toAddress } from "../board/address.ts";
import { Choice } from "../board/choice.tsx";
import { type Curve, since } from "./curve.ts";
import { CurvesChart } from "./curves-chart.tsx";

const HOUR_MS = 3_600_000;
const RANGES = [
  { value: "1h", text: "1 h", ms: HOUR_MS },
  { value: "24h", text: "24 h", ms: 24 * HOUR_MS },
  { value: "7d", text: "7 d", ms: 7 * 24 * HOUR_MS },
  { value: "all", text: "All", ms: Number.POSITIVE_INFINITY },
] as const;
type Range = (typeof RANGES)[number]["value"];

export interface RaceProps {
  /** Best first. */
  curves: readonly Curve[];
  /** How many models there are in all. */
  of: number;
  /** The service's time, Unix milliseconds. */
  now: number;
}

/** The best models' equity in one chart, over a time that the reader chooses. */
export function Race({ curves, of, now }: RaceProps) {
  const [range, setRange] = useState<Range>(
    RANGES.find(({ value }) => value === fromAddress("range"))?.value ?? "all",
  );
  const { ms } = RANGES.find(({ value }) => value === range) ?? RANGES[3];
  const choose = (next: Range) => {
    setRange(next);
    toAddress({ range: next === "all" ? undefined : next });
  };
  const shown = Number.isFinite(ms)
    ? curves.map(({ model, points }) => ({ model, points: since(points, now - ms) }))
    : curves;
  return (
    <section class="panel race" aria-labelledby="race">
      <header>
        <h2 id="race">
          Equity
          {of > curves.length && (
            <small>
              {" "}
              of the first {curves.length} of {of}
            </small>
          )}
        </h2>
        <Choice label="Time shown" options={RANGES} chosen={range} onChoose={choose} />
      </header>
      <CurvesChart curves={shown} />
    </section>
  );
}
