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
import { chartOptions, colourReader, paintInScheme } from "./look.ts";

const STEPS = 400;
const AMOUNT = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
/** A second sign beside the colour, for two models that share one. */
const STYLES = [LineStyle.Solid, LineStyle.Dashed, LineStyle.Dotted] as const;

/** What the curves were at the time under the pointer. */
export interface CurveReading {
  /** Unix milliseconds. */
  t: number;
  values: { model: string; equity: number }[];
}

export interface CurvesDrawing {
  show(curves: readonly Curve[], hasNames: boolean): void;
  end(): void;
}

/** Draws equity curves into a box, each in its model's colour. */
export function drawCurves(
  box: HTMLElement,
  onRead: (reading: CurveReading | undefined) => void,
): CurvesDrawing {
  const chart = createChart(
    box,
    chartOptions(box, (value) => AMOUNT.format(value)),
  );
  const lines = new Map<string, ISeriesApi<"Line">>();
  let span = "";

  const read = ({ time, seriesData }: MouseEventParams) => {
    if (time === undefined) return onRead(undefined);
    const values = [...lines].flatMap(([model, line]) => {
      const point = seriesData.get(line);
      return point !== undefined && "value" in point ? { model, equity: point.value } : [];
    });
    return onRead({ t: (time as UTCTimestamp) * 1000, values });
  };
  chart.subscribeCrosshairMove(read);

  const lineOf = (model: string) => {
    const known = lines.get(model);
    if (known !== undefined) return known;
    const line = chart.addSeries(LineSeries, {
      lineWidth: 2,
      lineStyle: STYLES[modelMark(model).family] ?? LineStyle.Solid,
      priceLineVisible: false,
      crosshairMarkerRadius: 4,
    });
    lines.set(model, line);
    return line;
  };
  const paint = () => {
    const colour = colourReader(box);
    chart.applyOptions(chartOptions(box, (value) => AMOUNT.format(value)));
    for (const [model, line] of lines) line.applyOptions({ color: colour(`--${modelMark(model).colour}`) });
  };
  const stopPainting = paintInScheme(paint);

  return {
    show(curves, hasNames) {
      const { times, values } = onGrid(curves, STEPS);
      for (const [model, line] of lines) {
        if (curves.some((curve) => curve.model === model)) continue;
        chart.removeSeries(line);
        lines.delete(model);
      }
      const before = lines.size;
      curves.forEach(({ model }, index) => {
        const line = lineOf(model);
        line.applyOptions({ title: hasNames && curves.length > 1 ? model : "" });
        line.setData(
          times.map((time, at) => {
            const value = values[index]?.[at];
            return value === undefined
              ? { time: time as UTCTimestamp }
              : { time: time as UTCTimestamp, value };
          }),
        );
      });
      if (lines.size !== before) paint();
      const next = `${times[0]} ${times.length}`;
      if (next !== span) chart.timeScale().fitContent();
      span = next;
    },
    end() {
      stopPainting();
      chart.remove();
    },
  };
}
