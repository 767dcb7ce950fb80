import {
  createChart,
  type ISeriesApi,
  LineSeries,
  LineStyle,
  type MouseEventParams,
  type UTCTimestamp,
} from "lightweight-charts";
import { modelMark } from "../board/model-mark.ts";
import { type Curve, onGrid } from "./curve.ts";
import { axisAmounts, chartOptions, colourReader, paintInScheme } from "./look.ts";

const STEPS = 400;
const AMOUNT = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
/** What tells lines apart that share a colour. */
const STYLES = [LineStyle.Solid, LineStyle.Dashed, LineStyle.Dotted] as const;

/** What the curves were at the time under the pointer. */
export interface CurveReading {
  /** Unix milliseconds. */
  t: number;
  values: { model: string; equity: number }[];
}

/** Where a curve ends: px from the top of the chart. */
export type CurveEnds = ReadonlyMap<string, number>;

export interface CurvesListener {
  /** Undefined once the pointer has left. */
  onRead: (reading: CurveReading | undefined) => void;
  onEnds: (ends: CurveEnds) => void;
}

export interface CurvesDrawing {
  show(curves: readonly Curve[]): void;
  end(): void;
}

/** Draws equity curves into a box, each in its model's colour. */
export function drawCurves(box: HTMLElement, { onRead, onEnds }: CurvesListener): CurvesDrawing {
  const options = () => {
    const common = chartOptions(box, (value) => AMOUNT.format(value));
    const localization = { ...common.localization, tickmarksPriceFormatter: axisAmounts };
    // At the right stand the ends of the lines.
    return {
      ...common,
      localization,
      leftPriceScale: { ...common.leftPriceScale, visible: true },
      rightPriceScale: { visible: false },
    };
  };
  const chart = createChart(box, options());
  const lines = new Map<string, { line: ISeriesApi<"Line">; last: number | undefined }>();
  let span = "";
  let frame = 0;

  const tellEnds = () => {
    cancelAnimationFrame(frame);
    // The library places what it was given with the next frame, before this.
    frame = requestAnimationFrame(() => {
      const ends = [...lines].flatMap(([model, { line, last }]) => {
        const y = last === undefined ? null : line.priceToCoordinate(last);
        return y === null ? [] : [[model, y] as const];
      });
      onEnds(new Map(ends));
    });
  };
  chart.subscribeCrosshairMove(({ time, seriesData }: MouseEventParams) => {
    if (time === undefined) return onRead(undefined);
    const values = [...lines].flatMap(([model, { line }]) => {
      const point = seriesData.get(line);
      return point !== undefined && "value" in point ? { model, equity: point.value } : [];
    });
    return onRead({ t: (time as UTCTimestamp) * 1000, values });
  });
  chart.timeScale().subscribeSizeChange(tellEnds);

  const lineOf = (model: string) => {
    const known = lines.get(model);
    if (known !== undefined) return known;
    const line = chart.addSeries(LineSeries, {
      lineWidth: 2,
      priceScaleId: "left",
      priceLineVisible: false,
      lastValueVisible: false,
      color: colourReader(box)(`--${modelMark(model).colour}`),
    });
    const added = { line, last: undefined };
    lines.set(model, added);
    return added;
  };
  const stopPainting = paintInScheme(() => {
    const colour = colourReader(box);
    chart.applyOptions(options());
    for (const [model, { line }] of lines)
      line.applyOptions({ color: colour(`--${modelMark(model).colour}`) });
  });

  return {
    show(curves) {
      const { times, values } = onGrid(curves, STEPS);
      for (const [model, { line }] of lines) {
        if (curves.some((curve) => curve.model === model)) continue;
        chart.removeSeries(line);
        lines.delete(model);
      }
      const drawnIn = new Map<string, number>();
      curves.forEach(({ model }, index) => {
        const { colour } = modelMark(model);
        const before = drawnIn.get(colour) ?? 0;
        drawnIn.set(colour, before + 1);
        const drawn: { line: ISeriesApi<"Line">; last: number | undefined } = lineOf(model);
        const own = values[index] ?? [];
        drawn.last = own.at(-1);
        drawn.line.applyOptions({ lineStyle: STYLES[before % STYLES.length] ?? LineStyle.Solid });
        drawn.line.setData(
          times.map((at, n) => {
            const time = at as UTCTimestamp;
            const value = own[n];
            return value === undefined ? { time } : { time, value };
          }),
        );
      });
      const next = `${times[0]} ${times.length}`;
      if (next !== span) chart.timeScale().fitContent();
      span = next;
      tellEnds();
    },
    end() {
      cancelAnimationFrame(frame);
      stopPainting();
      chart.remove();
    },
  };
}
