import {
  CandlestickSeries,
  createChart,
  createSeriesMarkers,
  HistogramSeries,
  type MouseEventParams,
  type SeriesMarker,
  type UTCTimestamp,
} from "lightweight-charts";
import { price as priceText } from "../board/format.ts";
import type { Candle, Marker } from "./candle.ts";
import { chartTime } from "./chart-time.ts";
import { chartOptions, colourReader, paintInScheme } from "./look.ts";

/** So many candles fill the chart at first, the newest at the right; it goes back further to the left. */
const [LEAST, MOST] = [60, 120];
const SHAPES = {
  buy: { shape: "arrowUp", position: "belowBar" },
  sell: { shape: "arrowDown", position: "aboveBar" },
  close: { shape: "circle", position: "aboveBar" },
} as const;

export interface CandlesDrawing {
  /** @param key names what is shown; the view begins anew when it changes. */
  show(candles: readonly Candle[], markers: readonly Marker[], key: string): void;
  end(): void;
}

/** Draws candles with their volume, and markers at them. A rise is hollow and a fall filled, so that neither needs its colour. */
export function drawCandles(box: HTMLElement, onRead: (candle: Candle | undefined) => void): CandlesDrawing {
  const chart = createChart(box, chartOptions(box, priceText));
  const prices = chart.addSeries(CandlestickSeries, {
    priceLineVisible: true,
    // Finer than a cent: else the scale of a coin of small price has one line at most.
    priceFormat: { type: "custom", formatter: priceText, minMove: 1e-12 },
  });
  const volumes = chart.addSeries(HistogramSeries, {
    priceScaleId: "volume",
    priceFormat: { type: "volume" },
    lastValueVisible: false,
    priceLineVisible: false,
  });
  const marks = createSeriesMarkers(prices, []);
  let shown: readonly Candle[] = [];
  let shownMarkers: readonly Marker[] = [];
  let shownKey = "";

  const paint = () => {
    const colour = colourReader(box);
    const [gain, loss] = [colour("--gain"), colour("--loss")];
    chart.applyOptions(chartOptions(box, priceText));
    chart.applyOptions({
      handleScroll: { mouseWheel: false, pressedMouseMove: true, horzTouchDrag: true, vertTouchDrag: false },
      rightPriceScale: { scaleMargins: { top: 0.1, bottom: 0.22 } },
      timeScale: { secondsVisible: false, rightOffset: 2, fixLeftEdge: false, fixRightEdge: false },
    });
    prices.applyOptions({
      upColor: colour("--panel"),
      downColor: loss,
      borderUpColor: gain,
      borderDownColor: loss,
      wickUpColor: gain,
      wickDownColor: loss,
      priceLineColor: colour("--muted"),
    });
    volumes.applyOptions({ color: colour("--volume") });
    volumes.priceScale().applyOptions({ scaleMargins: { top: 0.84, bottom: 0 }, visible: false });
    marks.setMarkers(shownMarkers.map((marker) => seriesMarker(marker, colour("--text"))));
  };
  const stopPainting = paintInScheme(paint);
  chart.subscribeCrosshairMove(({ time }: MouseEventParams) =>
    onRead(time === undefined ? undefined : shown.find(({ t }) => chartTime(t) === time)),
  );

  return {
    show(candles, markers, key) {
      if (key === shownKey && isOnlyLonger(shown, candles)) {
        // The usual case, ten times a second: the last candle has moved, or the next one begun.
        for (const candle of candles.slice(Math.max(0, shown.length - 1))) {
          prices.update(priceBar(candle));
          volumes.update(volumeBar(candle));
        }
      } else {
        prices.setData(candles.map(priceBar));
        volumes.setData(candles.map(volumeBar));
      }
      if (key !== shownKey) {
        const to = candles.length + 2;
        const width = Math.min(MOST, Math.max(LEAST, to));
        chart.timeScale().setVisibleLogicalRange({ from: to - width, to });
      }
      shown = candles;
      shownKey = key;
      if (markers !== shownMarkers) {
        shownMarkers = markers;
        const colour = colourReader(box)("--text");
        marks.setMarkers(markers.map((marker) => seriesMarker(marker, colour)));
      }
    },
    end() {
      stopPainting();
      chart.remove();
    },
  };
}

/** Whether nothing but the last candle and those after it can have changed. */
function isOnlyLonger(before: readonly Candle[], now: readonly Candle[]): boolean {
  return (
    before.length > 1 &&
    now.length >= before.length &&
    now[0] === before[0] &&
    now.at(before.length - 2) === before.at(-2)
  );
}

function priceBar({ t, open, high, low, close }: Candle) {
  return { time: chartTime(t), open, high, low, close };
}

function volumeBar({ t, volume }: Candle): { time: UTCTimestamp; value: number } {
  return { time: chartTime(t), value: volume };
}

function seriesMarker({ t, kind, text }: Marker, color: string): SeriesMarker<UTCTimestamp> {
  return { time: chartTime(t), ...SHAPES[kind], text, color };
}
