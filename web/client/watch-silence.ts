/** The service says something every 5 s, a head or a ping: after this long without anything it is silent. */
export const SILENT_AFTER_MS = 12_000;
/** A page that slept is woken by its timers before it is given what came meanwhile. */
const WAKE_MS = 3_000;
const LATE_MS = 1_000;

export interface SilenceWatch {
  /** A connection is there: it is waited for something from now on. */
  start(): void;
  /** Something has come. */
  heard(): void;
  stop(): void;
}

/**
 * Calls `onSilence` once nothing has come for 12 s. Browsers delay the timers of pages in the background, and stop them while
 * the machine sleeps: where the look itself came late, what is waiting to be read gets its time first, once.
 */
export function watchSilence(onSilence: () => void): SilenceWatch {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let heardAt = 0;
  let wasWoken = false;

  const lookIn = (ms: number) => {
    const dueAt = Date.now() + ms;
    timer = setTimeout(() => {
      const now = Date.now();
      const left = heardAt + SILENT_AFTER_MS - now;
      if (left > 0) lookIn(Math.min(left, SILENT_AFTER_MS));
      else if (now - dueAt > LATE_MS && !wasWoken) {
        wasWoken = true;
        lookIn(WAKE_MS);
      } else {
        timer = undefined;
        onSilence();
      }
    }, ms);
  };
  const heard = () => {
    heardAt = Date.now();
    wasWoken = false;
  };
  const stop = () => clearTimeout(timer);
  return {
    start() {
      stop();
      heard();
      lookIn(SILENT_AFTER_MS);
    },
    heard,
    stop,
  };
}
