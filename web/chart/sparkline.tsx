import { modelMark } from "../board/model-mark.ts";
import { type Curve, onGrid } from "./curve.ts";

const WIDTH = 120;
const HEIGHT = 32;
const STEPS = 60;

/** A curve as small as a word: its shape, without figures. The figures beside it say the same, so nothing is read out. */
export function Sparkline({ model, points }: Curve) {
  const values = onGrid([{ model, points }], STEPS).values[0]?.filter((value) => value !== undefined) ?? [];
  const low = Math.min(...values);
  const size = Math.max(...values) - low || 1;
  const x = (at: number) => ((at / Math.max(1, values.length - 1)) * WIDTH).toFixed(1);
  const y = (value: number) => (HEIGHT - 2 - ((value - low) / size) * (HEIGHT - 4)).toFixed(1);
  const line = values.map((value, at) => `${at === 0 ? "M" : "L"}${x(at)} ${y(value)}`).join("");
  return (
    <svg
      class={`sparkline ${modelMark(model).colour}`}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {values.length > 1 && (
        <>
          <path class="area" d={`${line}L${WIDTH} ${HEIGHT}L0 ${HEIGHT}z`} />
          <path class="line" d={line} />
        </>
      )}
    </svg>
  );
}
