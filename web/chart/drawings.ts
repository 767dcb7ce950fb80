// Everything that is fetched together with the chart library.
export { drawCandles } from "./draw-candles.ts";
export { drawCurves } from "./draw-curves.ts";
