export interface Conflator {
  /** Something has changed: `send` is called soon, and not more often than agreed. */
  touch(): void;
  stop(): void;
}

/** Calls `send` at once after a quiet time, and at most every `everyMs` while things keep changing. */
export function conflate(everyMs: number, send: () => void): Conflator {
  let timer: NodeJS.Timeout | undefined;
  let lastAt = Number.NEGATIVE_INFINITY;
  return {
    touch() {
      timer ??= setTimeout(
        () => {
          timer = undefined;
          lastAt = performance.now();
          send();
        },
        // Timers cut fractions off, and would come early.
        Math.max(0, Math.ceil(lastAt + everyMs - performance.now())),
      );
    },
    stop: () => clearTimeout(timer),
  };
}
