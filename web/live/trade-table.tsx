import { useCallback, useLayoutEffect, useRef, useState } from "preact/hooks";
import { SCROLLS } from "../board/scrolls.ts";
import { indexOfSeq } from "../board/trade-rows.ts";
import type { Trade } from "../client/index.ts";
import { COLUMN_HEADER, ROW_GROUP, rowRole, tableRole } from "./table-roles.ts";
import { TradeRow } from "./trade-row.tsx";
import { useWindow } from "./use-window.ts";
import { layOutRows } from "./visible-range.ts";

const COLUMNS = [
  { name: "Ago", part: "when" },
  { name: "Model", part: "who" },
  { name: "Side", part: "side" },
  { name: "Symbol", part: "symbol" },
  { name: "Quantity", part: "figure qty" },
  { name: "Price", part: "figure price" },
  { name: "Value", part: "figure value" },
  { name: "P&L", part: "figure result" },
  { name: "Note", part: "note" },
];
/** Rows kept beyond the edges, so that scrolling and the Tab key find them. */
const BEYOND = 8;

const scrollBehavior = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth");

export interface TradeTableProps {
  /** Newest first. */
  rows: readonly Trade[];
  hasOlder: boolean;
  isLoadingOlder: boolean;
  isNew: (trade: Trade) => boolean;
  loadOlder: () => void;
}

/** A list of any length of which only the rows in sight exist. */
export function TradeTable({ rows, hasOlder, isLoadingOlder, isNew, loadOlder }: TradeTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const probe = useRef<HTMLDivElement>(null);
  const { top, height, rowHeight } = useWindow(scroller, probe);
  const [opened, setOpened] = useState<ReadonlyMap<string, number>>(new Map());
  // Seq of the newest row when the reader was last at the top: what is above it is new to them.
  const seen = useRef<number | undefined>(undefined);
  const newest = rows[0]?.seq ?? 0;
  const before = seen.current ?? newest;
  if (top <= rowHeight / 2) seen.current = newest;
  const unseen = top <= rowHeight / 2 ? 0 : indexOfSeq(rows, before);

  const extras = [...opened].map(([id, extra]) => ({
    index: rows.findIndex((trade) => trade.id === id),
    height: extra,
  }));
  const layout = layOutRows(
    rows.length,
    rowHeight,
    extras.filter(({ index }) => index >= 0).sort((a, b) => a.index - b.index),
  );
  const inSight = layout.range(top, top + height);
  const start = Math.max(0, inSight.start - BEYOND);
  const shown = rows.slice(start, inSight.end + BEYOND);

  // Whoever reads further down keeps the same rows before their eyes while new ones come in above.
  const anchors = useRef<{ seq: number; top: number }[]>([]);
  useLayoutEffect(() => {
    const element = scroller.current;
    // Asked of the state and not of the element, which would have to be laid out to answer.
    if (element === null || top <= rowHeight / 2) return;
    for (const anchor of anchors.current) {
      const index = indexOfSeq(rows, anchor.seq);
      // A trade that was closed meanwhile has gone to the top; the next one tells.
      if (rows[index]?.seq !== anchor.seq) continue;
      const moved = layout.top(index) - anchor.top;
      if (moved !== 0) element.scrollTop += moved;
      break;
    }
  }, [rows]);
  useLayoutEffect(() => {
    anchors.current = rows
      .slice(inSight.start, inSight.end)
      .map(({ seq }, offset) => ({ seq, top: layout.top(inSight.start + offset) }));
    if (hasOlder && inSight.end > rows.length - 20) loadOlder();
  });

  const toggle = useCallback((id: string) => {
    setOpened((known) => {
      const next = new Map(known);
      if (!next.delete(id)) next.set(id, 0);
      return next;
    });
  }, []);
  const measure = (id: string, extra: number) =>
    setOpened((known) => (known.has(id) && known.get(id) !== extra ? new Map(known).set(id, extra) : known));

  return (
    <div class="trades">
      {unseen > 0 && (
        <button
          type="button"
          class="to-top"
          onClick={() => scroller.current?.scrollTo({ top: 0, behavior: scrollBehavior() })}
        >
          ↑ {unseen.toLocaleString("en-US")} new {unseen === 1 ? "trade" : "trades"}
        </button>
      )}
      <div class="scroller" ref={scroller} {...SCROLLS}>
        <div class="row-probe" ref={probe} aria-hidden="true" />
        <div {...tableRole("Trades, newest first", rows.length + 1)}>
          <div {...ROW_GROUP} class="heading">
            <div {...rowRole(1)} class="columns">
              {COLUMNS.map(({ name, part }) => (
                <div {...COLUMN_HEADER} key={name} class={part}>
                  {name}
                </div>
              ))}
            </div>
          </div>
          <div {...ROW_GROUP} class="rows" style={{ height: `${layout.total}px` }}>
            {shown.map((trade, offset) => (
              <TradeRow
                key={trade.id}
                trade={trade}
                index={start + offset}
                top={layout.top(start + offset)}
                isOpen={opened.has(trade.id)}
                isNew={isNew(trade)}
                onToggle={toggle}
                onOpenHeight={measure}
              />
            ))}
          </div>
        </div>
        <p class="end">
          {isLoadingOlder || hasOlder
            ? "Loading older trades…"
            : `${rows.length.toLocaleString("en-US")} ${rows.length === 1 ? "trade" : "trades"}. The whole record: /api/trades?format=csv`}
        </p>
      </div>
    </div>
  );
}
