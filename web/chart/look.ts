import { type ChartOptions, ColorType, CrosshairMode, type DeepPartial } from "lightweight-charts";
import { axisTime, wholeTime } from "./chart-time.ts";

/** Reads the page's own colours (custom properties), as they are in the present light or dark scheme. */
export function colourReader(element: Element): (name: string) => string {
  const style = getComputedStyle(element);
  return (name) => style.getPropertyValue(name).trim();
}

/** Runs `paint` now and whenever the scheme changes between light and dark. @returns what ends it. */
export function paintInScheme(paint: () => void): () => void {
  const scheme = matchMedia("(prefers-color-scheme: light)");
  scheme.addEventListener("change", paint);
  paint();
  return () => scheme.removeEventListener("change", paint);
}

/** An axis that is as wide without prices as with them, so that the chart does not move when they come. */
function axisOptions(fontSize: number) {
  return {
    borderVisible: false,
    entireTextOnly: true,
    minimumWidth: Math.round(fontSize * 6.2),
    scaleMargins: { top: 0.08, bottom: 0.06 },
  };
}

/** Finer than this no amount differs on a board. */
const MOST_DIGITS = 6;

/** What all our charts have in common. They stay still under the wheel and the thumb: those scroll the page. */
export function chartOptions(
  box: HTMLElement,
  formatPrice: (value: number) => string,
): DeepPartial<ChartOptions> {
  const colour = colourReader(box);
  const { fontFamily, fontSize } = getComputedStyle(box);
  const size = Math.round(Number.parseFloat(fontSize) * 0.78);
  return {
    autoSize: true,
    layout: {
      background: { type: ColorType.Solid, color: "transparent" },
      textColor: colour("--muted"),
      fontFamily,
      fontSize: size,
      // The library would add a style element, which the pages' content security policy refuses: the frame links instead.
      attributionLogo: false,
    },
    grid: { vertLines: { visible: false }, horzLines: { color: colour("--line") } },
    leftPriceScale: axisOptions(size),
    rightPriceScale: axisOptions(size),
    timeScale: {
      borderColor: colour("--line"),
      timeVisible: true,
      secondsVisible: true,
      lockVisibleTimeRangeOnResize: true,
      fixLeftEdge: true,
      fixRightEdge: true,
      tickMarkFormatter: axisTime,
    },
    crosshair: {
      mode: CrosshairMode.Magnet,
      vertLine: { color: colour("--muted"), labelBackgroundColor: colour("--line") },
      horzLine: { color: colour("--muted"), labelBackgroundColor: colour("--line") },
    },
    localization: { locale: "en-US", priceFormatter: formatPrice, timeFormatter: wholeTime },
    handleScroll: false,
    handleScale: false,
  };
}

/** The axis's amounts with so many digits that no two of them read the same. */
export function axisAmounts(amounts: readonly number[]): string[] {
  const gaps = amounts.slice(1).map((amount, index) => Math.abs(amount - (amounts[index] ?? amount)));
  const gap = Math.min(...gaps.filter((size) => size > 0), 1);
  const digits = Math.min(MOST_DIGITS, Math.ceil(-Math.log10(gap)));
  const format = new Intl.NumberFormat("en-US", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return amounts.map((amount) => format.format(amount));
}
