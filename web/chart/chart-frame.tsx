import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { loadDrawings } from "./load-drawings.ts";

type Drawings = Awaited<ReturnType<typeof loadDrawings>>;

export interface ChartFrameProps<Drawing extends { end(): void }> {
  /** The chart in words, for those who cannot see it. */
  summary: string;
  make: (drawings: Drawings, box: HTMLElement) => Drawing;
  update: (drawing: Drawing) => void;
  /** `update` is called once the drawing is there, and whenever one of these is another. */
  changes: readonly unknown[];
  /** Lies over the chart. */
  children?: ComponentChildren;
}

/** A box of a fixed height that a drawing of the chart library fills as soon as that is loaded. */
export function ChartFrame<Drawing extends { end(): void }>({
  summary,
  make,
  update,
  changes,
  children,
}: ChartFrameProps<Drawing>) {
  const box = useRef<HTMLDivElement>(null);
  const [drawing, setDrawing] = useState<Drawing>();
  const [hasFailed, setFailed] = useState(false);

  useEffect(() => {
    let made: Drawing | undefined;
    let isWanted = true;
    loadDrawings().then(
      (drawings) => {
        if (!isWanted || box.current === null) return;
        made = make(drawings, box.current);
        setDrawing(made);
      },
      () => setFailed(true),
    );
    return () => {
      isWanted = false;
      made?.end();
    };
  }, []);
  useEffect(() => {
    if (drawing !== undefined) update(drawing);
  }, [drawing, ...changes]);

  return (
    <figure class="chart">
      <div class="drawing" role="img" aria-label={summary} ref={box} />
      {hasFailed && <p class="failed">The chart could not be loaded. Reload the page to try again.</p>}
      {children}
      <figcaption>
        Charts: <a href="https://www.tradingview.com/">TradingView Lightweight Charts™</a> © TradingView, Inc.
      </figcaption>
    </figure>
  );
}
