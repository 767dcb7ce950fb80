import { recordText, type TapeRecord } from "../tape/index.ts";
import { EVENT_OF_KIND } from "./channels.ts";

const MAX_RECORDS = 500;
const MAX_LENGTH = 256 * 1024;

/** Records that travel together: a run of the tape under one event name. */
export interface Frame {
  event: string;
  /** The JSON array, built once for all who get it. */
  text: string;
  /** Seq of the last record in it. */
  lastSeq: number;
}

/** Cuts entries into frames; the order of seqs also holds across frames of different events. */
export function framesOf(entries: readonly TapeRecord[]): Frame[] {
  const frames: Frame[] = [];
  let event = "";
  let texts: string[] = [];
  let length = 0;
  let lastSeq = 0;
  const close = () => {
    if (texts.length > 0) frames.push({ event, text: `[${texts.join(",")}]`, lastSeq });
    texts = [];
    length = 0;
  };
  for (const entry of entries) {
    const next = EVENT_OF_KIND[entry.kind];
    if (next !== event || texts.length >= MAX_RECORDS || length >= MAX_LENGTH) close();
    event = next;
    const text = recordText(entry);
    texts.push(text);
    length += text.length;
    lastSeq = entry.seq;
  }
  close();
  return frames;
}
