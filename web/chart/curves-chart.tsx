import { useState } from "preact/hooks";
import { ModelName } from "../board/figures.tsx";
import { absoluteTime, money, percent } from "../board/format.ts";
import { ChartFrame } from "./chart-frame.tsx";
import type { Curve } from "./curve.ts";
import type { CurveReading, CurvesDrawing } from "./draw-curves.ts";

/** From this width of the window on, px, names stand at the ends of the lines; below, the legend has them. */
const WIDE = 900;
/** Longer lists of values would cover the chart. */
const MOST_READ = 12;

/** Equity over time, one line a model. */
export function CurvesChart({ curves }: { curves: readonly Curve[] }) {
  const [reading, setReading] = useState<CurveReading>();
  return (
    <>
      <ChartFrame<CurvesDrawing>
        summary={curves.map(inWords).join(" ")}
        make={(drawings, box) => drawings.drawCurves(box, setReading)}
        update={(drawing) => drawing.show(curves, innerWidth >= WIDE)}
      >
        {reading !== undefined && <Reading reading={reading} />}
      </ChartFrame>
      {curves.length > 1 && (
        <ul class="legend" aria-hidden="true">
          {curves.map(({ model }) => (
            <li key={model}>
              <ModelName model={model} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Reading({ reading }: { reading: CurveReading }) {
  const best = reading.values.toSorted((a, b) => b.equity - a.equity).slice(0, MOST_READ);
  return (
    <div class="reading" aria-hidden="true">
      <p>{absoluteTime(new Date(reading.t).toISOString())}</p>
      <table>
        <tbody>
          {best.map(({ model, equity }) => (
            <tr key={model}>
              <td>
                <ModelName model={model} />
              </td>
              <td class="figure">{money(equity)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A curve for those who cannot see it. */
export function inWords({ model, points }: Curve): string {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return `${model}: no equity yet.`;
  const low = points.reduce((least, { equity }) => Math.min(least, equity), first.equity);
  const high = points.reduce((most, { equity }) => Math.max(most, equity), first.equity);
  const change = first.equity === 0 ? "" : ` (${percent((last.equity / first.equity - 1) * 100)})`;
  const since = absoluteTime(new Date(first.t).toISOString());
  return `${model}: equity from ${money(first.equity)} to ${money(last.equity)}${change} since ${since}, lowest ${money(low)}, highest ${money(high)}.`;
}
