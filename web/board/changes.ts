import { useEffect, useReducer } from "preact/hooks";

/** Something that can be drawn again when it has changed. */
export interface Changing {
  subscribe(redraw: () => void): () => void;
}

/** Tells of changes at most once a frame, however many there were; a page in the background draws nothing. */
export function createChanges(): Changing & { changed(): void } {
  const listeners = new Set<() => void>();
  let frame = 0;
  return {
    subscribe(redraw) {
      listeners.add(redraw);
      return () => listeners.delete(redraw);
    },
    changed() {
      if (frame !== 0) return;
      frame = requestAnimationFrame(() => {
        frame = 0;
        for (const redraw of listeners) redraw();
      });
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
