import { useRef, useState } from "preact/hooks";
import { Mark, ModelName } from "../board/figures.tsx";
import { absoluteTime, money, percent } from "../board/format.ts";
import { ChartFrame } from "./chart-frame.tsx";
import type { Curve } from "./curve.ts";
import type { CurveEnds, CurveReading, CurvesDrawing } from "./draw-curves.ts";
import { spread } from "./spread.ts";

/** Longer lists of values would cover the chart. */
const MOST_READ = 12;
/** Height of a label, rem. */
const LABEL = 1.5;

/** Equity over time, one line a model. */
export function CurvesChart({ curves }: { curves: readonly Curve[] }) {
  const [reading, setReading] = useState<CurveReading>();
  const [ends, setEnds] = useState<CurveEnds>(new Map());
  const listener = useRef({ onRead: setReading, onEnds: setEnds });
  return (
    <div class={curves.length > 1 ? "curves" : "curves single"}>
      <ChartFrame<CurvesDrawing>
        summary={curves.map(inWords).join(" ")}
        make={(drawings, box) => drawings.drawCurves(box, listener.current)}
        update={(drawing) => drawing.show(curves)}
        changes={[curves]}
      >
        {reading !== undefined && <Reading reading={reading} />}
      </ChartFrame>
      <Ends curves={curves} ends={ends} />
    </div>
  );
}

/** Whose line ends where, and at what. On a narrow screen a legend below the chart. */
function Ends({ curves, ends }: { curves: readonly Curve[]; ends: CurveEnds }) {
  const list = useRef<HTMLUListElement>(null);
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const height = list.current?.clientHeight ?? 0;
  const half = (LABEL / 2) * rem;
  const ys = spread(
    curves.map(({ model }) => ends.get(model) ?? 0),
    LABEL * rem,
    half,
    height - half,
  );
  return (
    <ul class="ends" aria-hidden="true" ref={list}>
      {curves.map(({ model, points }, index) => (
        <li
          key={model}
          class={ends.has(model) ? undefined : "unplaced"}
          style={{ "--y": `${Math.round((ys[index] ?? 0) - half)}px` }}
        >
          <ModelName model={model} />
          <b class="figure">{money(points.at(-1)?.equity ?? 0)}</b>
        </li>
      ))}
    </ul>
  );
}

function Reading({ reading }: { reading: CurveReading }) {
  const best = reading.values.toSorted((a, b) => b.equity - a.equity).slice(0, MOST_READ);
  return (
    <div class="reading" aria-hidden="true">
      <p>{absoluteTime(new Date(reading.t).toISOString())}</p>
      {best.map(({ model, equity }) => (
        <p key={model}>
          <Mark model={model} />
          <span>{model}</span>
          <b class="figure">{money(equity)}</b>
        </p>
      ))}
    </div>
  );
}

/** A curve for those who cannot see it. */
function inWords({ model, points }: Curve): string {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return `${model}: no equity yet.`;
  const low = points.reduce((least, { equity }) => Math.min(least, equity), first.equity);
  const high = points.reduce((most, { equity }) => Math.max(most, equity), first.equity);
  const change = first.equity === 0 ? "" : ` (${percent((last.equity / first.equity - 1) * 100)})`;
  const since = absoluteTime(new Date(first.t).toISOString());
  return `${model}: equity from ${money(first.equity)} to ${money(last.equity)}${change} since ${since}, lowest ${money(low)}, highest ${money(high)}.`;
}
