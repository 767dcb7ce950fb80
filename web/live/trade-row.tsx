import { useLayoutEffect, useRef } from "preact/hooks";
import { Change, ModelName, Moment } from "../board/figures.tsx";
import { absoluteTime, money, price, quantity } from "../board/format.ts";
import { happenedAt } from "../board/trade-rows.ts";
import type { Trade } from "../client/index.ts";
import { CELL, rowRole } from "./table-roles.ts";

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
  return (
    <div
      {...rowRole(index + 2)}
      class={`row${isNew ? " new" : ""}${isOpen ? " open" : ""}`}
      style={{ transform: `translateY(${top}px)` }}
      data-trade={trade.id}
    >
      {/* Made anew each time: an element that is kept holds on to the rows of the list that it was made in. */}
      <Cells trade={trade} isOpen={isOpen} onToggle={onToggle} />
      {isOpen && (
        <Details trade={trade} id={detailsId(trade)} onHeight={(height) => onOpenHeight(trade.id, height)} />
      )}
    </div>
  );
}

const detailsId = ({ seq }: Trade) => `details-${seq}`;

function Cells({ trade, isOpen, onToggle }: Pick<TradeRowProps, "trade" | "isOpen" | "onToggle">) {
  const { id, model, symbol, side, qty, note } = trade;
  return (
    <>
      <div {...CELL} class="when">
        <Moment at={happenedAt(trade)} />
      </div>
      <div {...CELL} class="who">
        <ModelName model={model} />
      </div>
      <div {...CELL} class="side">
        <span class={side}>{side}</span>
      </div>
      <div {...CELL} class="symbol">
        {symbol}
      </div>
      <div {...CELL} class="figure qty" title={String(qty)}>
        {quantity(qty)}
      </div>
      <div {...CELL} class="figure price" title={String(trade.price)}>
        {price(trade.price)}
      </div>
      <div {...CELL} class="figure value">
        {money(qty * trade.price)}
      </div>
      <div {...CELL} class="figure result">
        {trade.status === "open" ? <span class="tag">open</span> : <Change value={trade.pnl} />}
      </div>
      <div {...CELL} class="note">
        <button
          type="button"
          aria-expanded={isOpen}
          aria-controls={isOpen ? detailsId(trade) : undefined}
          onClick={() => onToggle(id)}
        >
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d="M5 3l6 5-6 5" />
          </svg>
          <span class={note === null ? "preview none" : "preview"}>{note ?? "Details"}</span>
        </button>
      </div>
    </>
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
    <div {...CELL} class="details" id={id} ref={box}>
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
