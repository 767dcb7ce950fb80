/**
 * A backup's text: lines of SQL comments, and tables between `COPY table (columns) FROM stdin;` and `\.`, as `pg_restore`
 * prints a dump's data and as our own format has them.
 */
export type Part = { comment: string } | Table;

export interface Table {
  table: string;
  columns: string[];
  /** The rows as COPY takes them, in pieces of whole lines; to be read before the next part. */
  rows: AsyncGenerator<Buffer>;
}

const NEWLINE = 10;
const COPY = /^COPY (?:(?:"(?:[^"]|"")+"|[^".]+)\.)?"?([^".( ]+)"? \((.+)\) FROM stdin;$/i;

/** @throws Error where the text ends inside of a table. */
export async function* parts(chunks: AsyncIterable<Buffer>): AsyncGenerator<Part> {
  const source = chunks[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  const more = async (): Promise<boolean> => {
    const next = await source.next();
    if (next.done === true) return false;
    rest = rest.length === 0 ? next.value : Buffer.concat([rest, next.value]);
    return true;
  };

  const nextLine = async (): Promise<string | undefined> => {
    for (let from = 0; ; ) {
      const at = rest.indexOf(NEWLINE, from);
      if (at >= 0) {
        const line = rest.toString("utf8", 0, at);
        rest = rest.subarray(at + 1);
        return line;
      }
      from = rest.length;
      if (!(await more())) break;
    }
    const last = rest.toString("utf8");
    rest = rest.subarray(rest.length);
    return last === "" ? undefined : last;
  };

  async function* rowsUntilEnd(): AsyncGenerator<Buffer> {
    for (;;) {
      const end = wholeLines(rest);
      if (end.rows > 0) yield rest.subarray(0, end.rows);
      rest = rest.subarray(end.next);
      if (end.isOver) return;
      if (!(await more())) throw new Error("The backup breaks off in the middle of a table.");
    }
  }

  for (let line = await nextLine(); line !== undefined; line = await nextLine()) {
    if (line.startsWith("--")) yield { comment: line };
    const [, table, columns] = COPY.exec(line) ?? [];
    if (table === undefined || columns === undefined) continue;
    const rows = rowsUntilEnd();
    yield { table, columns: columns.split(", ").map((name) => name.replace(/^"|"$/g, "")), rows };
    // Whoever did not care for the table is past it now too.
    for await (const _ of rows);
  }
}

/** How far the buffer's lines are rows, where reading goes on, and whether the table's end was met. */
function wholeLines(buffer: Buffer): { rows: number; next: number; isOver: boolean } {
  let start = 0;
  for (let at = buffer.indexOf(NEWLINE); at >= 0; at = buffer.indexOf(NEWLINE, start)) {
    if (at - start === 2 && buffer.toString("latin1", start, at) === "\\.") {
      return { rows: start, next: at + 1, isOver: true };
    }
    start = at + 1;
  }
  return { rows: start, next: start, isOver: false };
}

/** How many rows a piece holds: COPY escapes the line ends inside of values. */
export function countRows(piece: Buffer): number {
  let count = 0;
  for (let at = piece.indexOf(NEWLINE); at >= 0; at = piece.indexOf(NEWLINE, at + 1)) count++;
  return count;
}
