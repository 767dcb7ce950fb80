import { useEffect, useReducer } from "preact/hooks";

/** Something that can be drawn again when it has changed. */
export interface Changing {
  subscribe(redraw: () => void): () => void;
}

/** Faster than this nobody reads, and each drawing costs. The first change of a pause shows with the next frame. */
const LEAST_GAP_MS = 80;

/** Tells of changes some twelve times a second at most, however many there were; a page in the background draws nothing. */
export function createChanges(): Changing & { changed(): void } {
  const listeners = new Set<() => void>();
  let isDue = false;
  let toldAt = Number.NEGATIVE_INFINITY;
  const tell = () => {
    isDue = false;
    toldAt = performance.now();
    for (const redraw of listeners) redraw();
  };
  return {
    subscribe(redraw) {
      listeners.add(redraw);
      return () => listeners.delete(redraw);
    },
    changed() {
      if (isDue) return;
      isDue = true;
      const wait = toldAt + LEAST_GAP_MS - performance.now();
      if (wait <= 0) requestAnimationFrame(tell);
      else setTimeout(() => requestAnimationFrame(tell), wait);
    },
  };
}

/** Draws the component again whenever one of these has changed. The sources must stay the same. */
export function useChanges(...sources: Changing[]): void {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const leave = sources.map((source) => source.subscribe(() => redraw(undefined)));
    return () => leave.forEach((stop) => void stop());
  }, sources);
}
