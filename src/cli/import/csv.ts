import { pipeline } from "node:stream";
import { parse } from "csv-parse";
import { newTrade } from "../../contracts/trades.ts";
import { parseJson } from "../../platform/http/read-json.ts";
import { CSV_COLUMNS, withoutGuard } from "../../trades/index.ts";
import { decodeUtf8, openFile, unreadable } from "./open-file.ts";
import { NUMBERS_WRITTEN_OUT } from "./repair-decimals.ts";
import { ImportError, type Source, type SourceCommand, type SourceRow } from "./source.ts";

/** The longest row that the contract allows is a tenth of it; more is an open quote or no CSV at all. */
const MAX_ROW_BYTES = 1024 * 1024;
/** Given by the tape, so what an export says about them is not imported. */
const IGNORED = new Set<string>(["seq", "created_at"]);
const REQUIRED = Object.entries(newTrade.shape).flatMap(([name, field]) =>
  field.safeParse(undefined).success ? [] : [name],
);

interface Row {
  record: string[];
  info: { lines: number };
}

/** Our own export, `GET /api/trades?format=csv`, or any CSV with these columns. An empty cell is a field left out. */
export const csv: SourceCommand = {
  command: "csv",
  argument: "<file>",
  description: `trades as CSV with a header, as GET /api/trades?format=csv exports them; required: ${REQUIRED.join(", ")}`,
  open: openCsv,
};

async function openCsv(path: string): Promise<Source> {
  const { handle, size } = await openFile(path);
  const input = handle.createReadStream();
  const parser = parse({
    info: true,
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: MAX_ROW_BYTES,
  });
  // What fails in the pipeline comes out of the parser, where it is met below.
  pipeline(
    input,
    (chunks) => decodeUtf8(path, chunks as AsyncIterable<Buffer>),
    parser,
    () => {},
  );
  const rows = readableRows(path, parser);
  const header = await rows.next();
  if (header.done === true) throw new ImportError(`${path} is empty; CSV with a header is expected.`);
  let columns: string[];
  try {
    columns = checkHeader(path, header.value.cells);
  } catch (error) {
    await rows.return(undefined);
    throw error;
  }
  return {
    name: path,
    unit: "line",
    repairs: NUMBERS_WRITTEN_OUT,
    share: () => (size === 0 ? 0 : Math.min(1, input.bytesRead / size)),
    async *rows() {
      for await (const { line, cells } of rows) yield tradeRow(line, columns, cells);
    },
  };
}

/** The parser's rows, each with the line on which it starts. */
async function* readableRows(
  path: string,
  parser: AsyncIterable<Row>,
): AsyncGenerator<{ line: number; cells: string[] }> {
  // The parser counts the line on which a row ends, and \r\n inside of a cell as two.
  let carriageReturns = 0;
  try {
    for await (const { record, info } of parser) {
      const breaks = record.some((cell) => /[\r\n]/.test(cell)) ? record.join("").match(/[\r\n]/g) : null;
      yield { line: info.lines - (breaks?.length ?? 0) - carriageReturns, cells: record };
      carriageReturns += breaks?.filter((character) => character === "\r").length ?? 0;
    }
  } catch (error) {
    throw error instanceof ImportError ? error : notCsv(path, error);
  }
}

const SYNTAX: Record<string, string> = {
  CSV_QUOTE_NOT_CLOSED: "a quote is opened and never closed",
  CSV_MAX_RECORD_SIZE: `a row is longer than ${MAX_ROW_BYTES / 1024 ** 2} MB, or a quote is not closed`,
  INVALID_OPENING_QUOTE: "a quote stands inside of a cell that does not start with one",
  CSV_INVALID_CLOSING_QUOTE: "a closing quote is not followed by a comma",
};

function notCsv(path: string, error: unknown): ImportError {
  const { code, lines } = error as { code?: string; lines?: number };
  if (code === undefined || lines === undefined) return unreadable(path, error);
  return new ImportError(`${path} cannot be read as CSV from line ${lines} on: ${SYNTAX[code] ?? code}.`);
}

function checkHeader(path: string, cells: string[]): string[] {
  const columns = cells.map((cell) => cell.trim());
  const known = new Set<string>(CSV_COLUMNS);
  const unknown = columns.filter((column) => !known.has(column));
  const missing = REQUIRED.filter((name) => !columns.includes(name));
  const twice = columns.filter((column, index) => columns.indexOf(column) !== index);
  const complaints = [
    unknown.length > 0 && `unknown: ${list(unknown)}`,
    missing.length > 0 && `missing: ${list(missing)}`,
    unknown.length === 0 && twice.length > 0 && `twice there: ${list(twice)}`,
  ].filter((complaint) => complaint !== false);
  if (complaints.length === 0) return columns;
  throw new ImportError(
    `${path} has not the columns of a trades CSV (${complaints.join("; ")}); known are ${CSV_COLUMNS.join(", ")}.`,
  );
}

/** Quoted, so that whatever stands in the file can go to a terminal. */
function list(names: string[]): string {
  const shown = names.slice(0, 10).map((name) => JSON.stringify(name.slice(0, 40)));
  return [...shown, ...(names.length > 10 ? [`${names.length - 10} more`] : [])].join(", ");
}

function tradeRow(line: number, columns: string[], cells: string[]): SourceRow {
  if (cells.length !== columns.length) {
    return { place: line, refused: `has ${cells.length} cells, where the header has ${columns.length}` };
  }
  const trade: Record<string, unknown> = {};
  for (const [index, name] of columns.entries()) {
    const cell = cells[index] as string;
    if (cell === "" || IGNORED.has(name)) continue;
    if (name !== "meta") trade[name] = withoutGuard(cell);
    else {
      try {
        trade.meta = parseJson(cell);
      } catch {
        return { place: line, refused: "meta must be a JSON object of at most 4 kB" };
      }
    }
  }
  return { place: line, kind: "trade", record: trade };
}
