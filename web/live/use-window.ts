import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

/** What a scrolling element shows now, px. */
export interface Window {
  top: number;
  height: number;
  /** Height of one row in the present layout. */
  rowHeight: number;
}

/** Follows scrolling, resizing and, by a probe element as high as a row, changes of the layout. */
export function useWindow(
  scroller: RefObject<HTMLElement | null>,
  probe: RefObject<HTMLElement | null>,
): Window {
  const [window, setWindow] = useState<Window>({ top: 0, height: 0, rowHeight: 40 });
  useLayoutEffect(() => {
    const element = scroller.current;
    const row = probe.current;
    if (element === null || row === null) return undefined;
    const measure = () =>
      setWindow({
        top: element.scrollTop,
        height: element.clientHeight,
        rowHeight: row.getBoundingClientRect().height || 40,
      });
    const scrolled = () => setWindow((known) => ({ ...known, top: element.scrollTop }));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    observer.observe(row);
    element.addEventListener("scroll", scrolled, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", scrolled);
    };
  }, []);
  return window;
}
