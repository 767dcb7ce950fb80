import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { loadDrawings } from "./load-drawings.ts";

type Drawings = Awaited<ReturnType<typeof loadDrawings>>;

export interface ChartFrameProps<Drawing extends { end(): void }> {
  /** The chart in words, for those who cannot see it. */
  summary: string;
  make: (drawings: Drawings, box: HTMLElement) => Drawing;
  /** Called with each render, once the drawing is there. */
  update: (drawing: Drawing) => void;
  /** Lies over the chart. */
  children?: ComponentChildren;
}

/** A box of a fixed height that a drawing of the chart library fills as soon as that is loaded. */
export function ChartFrame<Drawing extends { end(): void }>(props: ChartFrameProps<Drawing>) {
  const box = useRef<HTMLDivElement>(null);
  const drawing = useRef<Drawing | undefined>(undefined);
  const [failed, setFailed] = useState(false);
  const latest = useLatest(props);

  useEffect(() => {
    let isWanted = true;
    loadDrawings().then(
      (drawings) => {
        if (!isWanted || box.current === null) return;
        drawing.current = latest.current.make(drawings, box.current);
        latest.current.update(drawing.current);
      },
      () => setFailed(true),
    );
    return () => {
      isWanted = false;
      drawing.current?.end();
      drawing.current = undefined;
    };
  }, []);
  useEffect(() => {
    if (drawing.current !== undefined) props.update(drawing.current);
  });

  return (
    <figure class="chart">
      <div class="drawing" role="img" aria-label={props.summary} ref={box} />
      {failed && <p class="waiting">The chart could not be loaded. Reload the page to try again.</p>}
      {props.children}
      <figcaption>
        Charts: <a href="https://www.tradingview.com/">TradingView Lightweight Charts™</a> © TradingView, Inc.
      </figcaption>
    </figure>
  );
}

function useLatest<Value>(value: Value): { current: Value } {
  const latest = useRef(value);
  latest.current = value;
  return latest;
}
