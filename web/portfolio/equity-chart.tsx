import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { absoluteTime, money, percent } from "../board/format.ts";
import { modelMark } from "../board/model-mark.ts";
import { type Curve, equityRange, linePath, scale, spread, ticks, timeRange } from "./curve.ts";

const TICK_FORMAT = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });
/** From this width on, rem, the names fit beside the lines; below, a legend has them. */
const WIDE = 36;
const LABEL_GAP = 1.15;

export interface EquityChartProps {
  curves: readonly Curve[];
  /** rem */
  height: number;
  /** Names each line at its end; for a chart of several models. */
  hasLabels?: boolean;
}

/** Equity over time. Drawn in real pixels, so that text and lines keep their size at any width. */
export function EquityChart({ curves, height, hasLabels = false }: EquityChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() =>
      setSize({ width: element.clientWidth, height: element.clientHeight }),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <div class="chart" ref={box} style={{ height: `${height}rem` }}>
      {size.width > 0 && curves.length > 0 && (
        <Drawing curves={curves} {...size} rem={size.height / height} hasLabels={hasLabels} />
      )}
    </div>
  );
}

interface DrawingProps extends Required<EquityChartProps> {
  /** px, as is the height */
  width: number;
  /** px: text is that large, so what holds text grows with it. */
  rem: number;
}

function Drawing({ curves, width, height, rem, hasLabels }: DrawingProps) {
  const isWide = width > WIDE * rem;
  const left = hasLabels ? 4.2 * rem : 0.4 * rem;
  const right = width - (hasLabels && isWide ? 12 : 0.8) * rem;
  const [top, bottom] = [0.7 * rem, height - 1.4 * rem];
  const [start, end] = timeRange(curves);
  const x = scale(start, end, left, right);
  const y = scale(...equityRange(curves), bottom, top);
  const lasts = curves.map(({ points }) => points.at(-1));
  const labelYs = spread(
    lasts.map((last) => y(last?.equity ?? y.low)),
    LABEL_GAP * rem,
    top,
    bottom,
  );
  const lines = hasLabels ? ticks(y.low, y.high, height / (4 * rem)) : ticks(y.low, y.high, 2);
  return (
    <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img">
      <title>{curves.map(inWords).join(" ")}</title>
      {lines.map((value) => (
        <g key={value} class="grid">
          <line x1={left} x2={right} y1={y(value)} y2={y(value)} />
          {hasLabels ? (
            <text x={left - 0.6 * rem} y={y(value)} dy="0.35em" text-anchor="end">
              {TICK_FORMAT.format(value)}
            </text>
          ) : (
            <text x={left} y={y(value)} dy="-0.35em">
              {TICK_FORMAT.format(value)}
            </text>
          )}
        </g>
      ))}
      <g class="times">
        <text x={left} y={height - 4}>
          {shortTime(start, end - start)}
        </text>
        <text x={right} y={height - 4} text-anchor="end">
          {shortTime(end, end - start)}
        </text>
      </g>
      {curves.map(({ model, points }, index) => {
        const { colour, shape } = modelMark(model);
        const last = lasts[index];
        if (last === undefined) return null;
        const line = linePath(points, x, y);
        const labelY = labelYs[index] ?? 0;
        return (
          <g key={model} class={`curve ${colour}`}>
            {!hasLabels && (
              <path class="area" d={`${line}L${x(last.t)} ${bottom}L${x(points[0]?.t ?? 0)} ${bottom}z`} />
            )}
            <path class="line" d={line} />
            <path
              class="end"
              d={shape}
              transform={`translate(${x(last.t) - rem * 0.36} ${y(last.equity) - rem * 0.36}) scale(${rem * 0.045})`}
            />
            {hasLabels && isWide && (
              <>
                <path class="leader" d={`M${right + rem * 0.5} ${y(last.equity)}L${right + rem} ${labelY}`} />
                <text x={right + 1.3 * rem} y={labelY} dy="0.35em">
                  {shortened(model, 18)}
                </text>
              </>
            )}
          </g>
        );
      })}
    </svg>
  );
}

/** The curve for those who cannot see it. */
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

const HOUR = new Intl.DateTimeFormat("en-US", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const SECOND = new Intl.DateTimeFormat("en-US", { timeStyle: "medium", hourCycle: "h23" });
const DAY = new Intl.DateTimeFormat("en-US", {
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

function shortTime(time: number, span: number): string {
  const format = span > 72_000_000 ? DAY : span > 300_000 ? HOUR : SECOND;
  return format.format(time);
}

const shortened = (text: string, most: number) =>
  [...text].length > most ? `${[...text].slice(0, most - 1).join("")}…` : text;
