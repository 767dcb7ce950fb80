import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { obstacleAt, partialName, unwritable } from "../files/write-atomically.ts";
import type { CheckedRow, RefusedRow, RowListener } from "./check-rows.ts";
import { ImportError, type LeftBehind, type RecordKind, type Source } from "./source.ts";

const SHOWN = 20;

/** What became of a row. */
export type Outcome = "new" | "repeated" | { refused: string };

export interface Counts {
  new: number;
  repeated: number;
  refused: number;
}

/** How an import went, in rows. Repaired rows are among the new and repeated ones. */
export interface Tally extends Counts {
  repaired: number;
  kinds: Map<RecordKind, Counts>;
  left: Map<string, LeftBehind>;
  /** The first twenty refused rows. */
  shown: RefusedRow[];
}

export interface Report extends RowListener {
  readonly tally: Tally;
  done(row: CheckedRow, outcome: Outcome): void;
  /** Completes the report's file; `failure` is why the import stopped, where it did. */
  close(failure?: string): void;
  /** Leaves no file. */
  discard(): void;
}

/**
 * Counts rows, and writes each refused or repaired one to `file` where one is asked for, at once: memory does not grow
 * with them. The file is there when it is complete, and not before.
 * @throws ImportError where the file cannot be written, or is the input itself.
 */
export function openReport({ name, unit }: Pick<Source, "name" | "unit">, file?: string): Report {
  const sink = file === undefined ? undefined : openFile(file, name);
  const tally: Tally = {
    new: 0,
    repeated: 0,
    refused: 0,
    repaired: 0,
    kinds: new Map(),
    left: new Map(),
    shown: [],
  };
  let rows = 0;
  const writeRow = (row: object) => sink?.write(`${rows++ === 0 ? "" : ","}\n${JSON.stringify(row)}`);
  sink?.write(`{"input":${JSON.stringify(name)},"rows":[`);
  return {
    tally,
    refuse(row) {
      const { place, id, reason } = row;
      writeRow({ [unit]: place, ...(id !== undefined && { id }), reason });
      if (tally.refused++ < SHOWN) tally.shown.push(row);
    },
    leave(left) {
      const key = `${left.left} ${left.why}`;
      const count = (tally.left.get(key)?.count ?? 0) + left.count;
      tally.left.set(key, { ...left, count });
    },
    done(row, outcome) {
      const ofKind = tally.kinds.get(row.kind) ?? { new: 0, repeated: 0, refused: 0 };
      tally.kinds.set(row.kind, ofKind);
      if (typeof outcome === "object") {
        ofKind.refused++;
        this.refuse({ place: row.place, id: row.id, reason: outcome.refused });
        return;
      }
      ofKind[outcome]++;
      tally[outcome]++;
      if (row.repairs.length === 0) return;
      tally.repaired++;
      writeRow({ [unit]: row.place, id: row.id, repaired: row.repairs });
    },
    close(failure) {
      const { new: fresh, repeated, repaired, refused, kinds, left } = tally;
      const end = {
        new: fresh,
        repeated,
        repaired,
        refused,
        ...(kinds.size > 1 && { kinds: Object.fromEntries(kinds) }),
        ...(left.size > 0 && { not_taken_over: [...left.values()] }),
        ...(failure !== undefined && { stopped: failure }),
      };
      sink?.write(`\n],${JSON.stringify(end).slice(1)}\n`);
      sink?.complete();
    },
    discard: () => sink?.discard(),
  };
}

function openFile(file: string, input: string) {
  const attempt = <Result>(work: () => Result): Result => {
    try {
      return work();
    } catch (error) {
      throw error instanceof ImportError
        ? error
        : new ImportError(`The report ${unwritable(file, error).message}`);
    }
  };
  const partial = partialName(file);
  const descriptor = attempt(() => {
    const there = statSync(file, { throwIfNoEntry: false });
    const source = statSync(input, { throwIfNoEntry: false });
    if (there !== undefined && there.ino === source?.ino && there.dev === source.dev) {
      throw new ImportError(`The report cannot be written to ${file}: that is the file to import.`);
    }
    const obstacle = obstacleAt(file);
    if (obstacle !== undefined) throw new ImportError(`The report ${unwritable(file, obstacle).message}`);
    return openSync(partial, "w");
  });
  let isOpen = true;
  const discard = () => {
    if (isOpen) closeSync(descriptor);
    isOpen = false;
    rmSync(partial, { force: true });
  };
  // A report that cannot be written whole is not left there in part.
  const orDiscard = (work: () => void) => {
    try {
      attempt(work);
    } catch (error) {
      discard();
      throw error;
    }
  };
  return {
    write: (text: string) => orDiscard(() => void writeSync(descriptor, text)),
    complete: () =>
      orDiscard(() => {
        fsyncSync(descriptor);
        closeSync(descriptor);
        isOpen = false;
        renameSync(partial, file);
      }),
    discard,
  };
}
