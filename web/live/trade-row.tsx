import { useLayoutEffect, useRef } from "preact/hooks";
import { Change, ModelName, Moment } from "../board/figures.tsx";
import { absoluteTime, money, price, quantity } from "../board/format.ts";
import type { Trade } from "../client/index.ts";

export interface TradeRowProps {
  trade: Trade;
  /** Place in the whole list, from 0. */
  index: number;
  /** Distance from the top of the list, px. */
  top: number;
  isOpen: boolean;
  isNew: boolean;
  onToggle: (id: string) => void;
  /** What the opened part is high, px. */
  onOpenHeight: (id: string, height: number) => void;
}

/** One trade in a line; its note and the rest of its figures open below. */
export function TradeRow({ trade, index, top, isOpen, isNew, onToggle, onOpenHeight }: TradeRowProps) {
  const { id, model, symbol, side, qty, note } = trade;
  const detailsId = `details-${trade.seq}`;
  return (
    // The list holds only the rows in sight, each put in its place, which a table element cannot do.
    // biome-ignore-start lint/a11y/useSemanticElements: see above
    // biome-ignore-start lint/a11y/useFocusableInteractive: rows and cells are read, not operated
    <div
      role="row"
      class={`row${isNew ? " new" : ""}${isOpen ? " open" : ""}`}
      aria-rowindex={index + 2}
      style={{ transform: `translateY(${top}px)` }}
      data-trade={id}
    >
      <div role="cell" class="when">
        <Moment at={happenedAt(trade)} />
      </div>
      <div role="cell" class="who">
        <ModelName model={model} />
      </div>
      {/* One line of its own on a phone; elsewhere its cells are columns like all others. */}
      <div role="presentation" class="order">
        <div role="cell" class="side">
          <span class={side}>{side}</span>
        </div>
        <div role="cell" class="symbol">
          {symbol}
        </div>
        <div role="cell" class="figure qty" title={String(qty)}>
          {quantity(qty)}
        </div>
        <div role="cell" class="figure price" title={String(trade.price)}>
          {price(trade.price)}
        </div>
      </div>
      <div role="cell" class="figure value">
        {money(qty * trade.price)}
      </div>
      <div role="cell" class="figure result">
        {trade.status === "open" ? <span class="tag">open</span> : <Change value={trade.pnl} />}
      </div>
      <div role="cell" class="note">
        <button
          type="button"
          aria-expanded={isOpen}
          aria-controls={isOpen ? detailsId : undefined}
          onClick={() => onToggle(id)}
        >
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d="M5 3l6 5-6 5" />
          </svg>
          <span class={note === null ? "preview none" : "preview"}>{note ?? "Details"}</span>
        </button>
      </div>
      {isOpen && <Details trade={trade} id={detailsId} onHeight={(height) => onOpenHeight(id, height)} />}
    </div>
    // biome-ignore-end lint/a11y/useFocusableInteractive: see above
    // biome-ignore-end lint/a11y/useSemanticElements: see above
  );
}

function Details({ trade, id, onHeight }: { trade: Trade; id: string; onHeight: (height: number) => void }) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => onHeight(element.getBoundingClientRect().height));
    observer.observe(element);
    return () => observer.disconnect();
  }, [trade.id]);
  const facts = factsOf(trade);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a row's children are cells
    <div role="cell" class="details" id={id} ref={box}>
      {trade.note !== null && <p>{trade.note}</p>}
      <dl>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function factsOf(trade: Trade): [string, string][] {
  const facts: [string, string | undefined][] = [
    ["Entry", price(trade.price)],
    ["Exit", trade.exit_price === null ? undefined : price(trade.exit_price)],
    ["Value", money(trade.qty * trade.price)],
    ["Fee", trade.fee === 0 ? undefined : money(trade.fee)],
    ["Leverage", trade.leverage === 1 ? undefined : `${quantity(trade.leverage)} ×`],
    ["Opened", trade.opened_at === null ? undefined : absoluteTime(trade.opened_at)],
    ["Closed", trade.closed_at === null ? undefined : absoluteTime(trade.closed_at)],
    ["Trade", trade.id],
    ["Tape", `#${trade.seq}`],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== undefined);
}

/** A close happens later than the trade itself. */
function happenedAt({ timestamp, closed_at }: Trade): string {
  return closed_at !== null && Date.parse(closed_at) > Date.parse(timestamp) ? closed_at : timestamp;
}
