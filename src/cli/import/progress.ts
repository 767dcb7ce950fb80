import { SingleBar } from "cli-progress";

const STEPS = 1000;
const LINE_EVERY_MS = 5_000;

export interface Progress {
  /** @param share 0 to 1 @param rows dealt with so far */
  update(share: number, rows: number): void;
  end(): void;
}

/**
 * A bar on a terminal; elsewhere a line now and then. Both on stderr, so that stdout holds the summary alone.
 * @param done what is done to rows: `imported`
 */
export function createProgress(done: string, stream: NodeJS.WriteStream = process.stderr): Progress {
  return stream.isTTY ? bar(stream) : linesNowAndThen(done, stream);
}

function bar(stream: NodeJS.WriteStream): Progress {
  const drawn = new SingleBar({
    stream,
    format: "{bar} {percentage} %  {rows} rows  {duration_formatted}",
    clearOnComplete: true,
  });
  drawn.start(STEPS, 0, { rows: 0 });
  return {
    update: (share, rows) => drawn.update(Math.round(share * STEPS), { rows }),
    end: () => drawn.stop(),
  };
}

function linesNowAndThen(done: string, stream: NodeJS.WriteStream): Progress {
  let lastAt = Date.now();
  return {
    update(share, rows) {
      if (Date.now() - lastAt < LINE_EVERY_MS) return;
      lastAt = Date.now();
      stream.write(`${rows} rows ${done} (${Math.floor(share * 100)} %)\n`);
    },
    end() {},
  };
}
