/**
 * What has to be undone when the bench ends, however it ends: a stack, newest first, so that a server stops
 * before the database under it.
 */
const undo: Array<() => Promise<void>> = [];

/** Registers `action` to run once, at the latest when the bench ends. Returns a function that runs it now. */
export function undoLater(action: () => Promise<void>): () => Promise<void> {
  let ran: Promise<void> | undefined;
  const once = (): Promise<void> => {
    ran ??= action();
    return ran;
  };
  undo.push(once);
  return once;
}

/**
 * Runs everything registered, newest first. One failure is printed and does not keep the rest from running. Called
 * again while it runs (Ctrl-C ends a measurement, whose error also cleans up), it waits for the one run.
 */
export function undoEverything(): Promise<void> {
  running ??= undoNewestFirst();
  return running;
}

let running: Promise<void> | undefined;

async function undoNewestFirst(): Promise<void> {
  for (let action = undo.pop(); action !== undefined; action = undo.pop()) {
    try {
      await action();
    } catch (error) {
      process.stderr.write(`cleaning up: ${String(error)}\n`);
    }
  }
}

/** Makes Ctrl-C and SIGTERM clean up before the process ends with the customary 128 + signal number. */
export function undoOnSignals(): void {
  const end = (code: number): void => {
    void undoEverything().finally(() => process.exit(code));
  };
  process.once("SIGINT", () => end(130));
  process.once("SIGTERM", () => end(143));
}
