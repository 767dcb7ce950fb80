/** How records stand in a server's frames: bare JSON, one `trade` event a row, or `trades` events with arrays. */
export type Dialect = "raw" | "naive" | "tape";

const MARKS: Record<Dialect, { start: string; record: string }> = {
  raw: { start: "{", record: '"seq":' },
  naive: { start: '42["trade",', record: '"model":' },
  tape: { start: '42["trades",', record: '"seq":' },
};
const FRAMES_REMEMBERED = 16;

/**
 * Counts the records of a frame by a mark each record has once (in a text value its quotes would be escaped).
 * Two hundred clients get the same bytes, so a frame equal to a recent one is compared, which is faster than searched.
 */
export function frameCounter(dialect: Dialect): (frame: Buffer) => number {
  const start = Buffer.from(MARKS[dialect].start);
  const mark = Buffer.from(MARKS[dialect].record);
  const recent: Array<{ frame: Buffer; records: number }> = [];

  return (frame) => {
    const known = recent.find((one) => one.frame.length === frame.length && one.frame.equals(frame));
    if (known !== undefined) return known.records;
    let records = 0;
    if (frame.subarray(0, start.length).equals(start)) {
      for (let at = frame.indexOf(mark); at >= 0; at = frame.indexOf(mark, at + mark.length)) records += 1;
    }
    recent.unshift({ frame, records });
    if (recent.length > FRAMES_REMEMBERED) recent.pop();
    return records;
  };
}

/** Parses every frame of one client: its records must be as many as were counted, and where they have a seq, gapless. */
export function sampleChecker(dialect: Dialect) {
  let parsed = 0;
  let lastSeq: number | undefined;
  let gap: string | undefined;

  return {
    read(frame: Buffer): void {
      const text = frame.toString();
      if (!text.startsWith(MARKS[dialect].start)) return;
      for (const record of recordsOf(text, dialect)) {
        parsed += 1;
        if (dialect === "naive") continue;
        if (lastSeq !== undefined && record.seq !== lastSeq + 1)
          gap ??= `${record.seq} came after ${lastSeq}`;
        lastSeq = record.seq;
      }
    },
    /** What was wrong, in a sentence, or undefined. */
    fault(counted: number): string | undefined {
      return gap ?? (parsed === counted ? undefined : `${parsed} records parsed, ${counted} counted`);
    },
  };
}

function recordsOf(text: string, dialect: Dialect): Array<{ seq: number }> {
  if (dialect === "raw") return [JSON.parse(text) as { seq: number }];
  const [, payload] = JSON.parse(text.slice(2)) as [string, unknown];
  return (Array.isArray(payload) ? payload : [payload]) as Array<{ seq: number }>;
}
