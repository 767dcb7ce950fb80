import { Change } from "../board/figures.tsx";
import { price, quantity } from "../board/format.ts";
import { SCROLLS } from "../board/scrolls.ts";
import type { ValuedPosition } from "./value-portfolio.ts";

/** A model's positions with their present worth. Many of them scroll inside. */
export function Positions({ model, positions }: { model: string; positions: readonly ValuedPosition[] }) {
  if (positions.length === 0) return <p class="flat">No open position: all in cash.</p>;
  return (
    <section class="positions" {...SCROLLS} aria-label={`Positions of ${model}`}>
      <table class="sheet">
        <thead>
          <tr>
            <th scope="col">Position</th>
            <th scope="col" class="figure">
              Quantity
            </th>
            <th scope="col" class="figure average">
              Average
            </th>
            <th scope="col" class="figure">
              Now
            </th>
            <th scope="col" class="figure">
              Unrealized
            </th>
          </tr>
        </thead>
        <tbody>
          {positions.map((position, index) => (
            // A model may report one symbol twice, so the place belongs to the key.
            <tr key={`${position.symbol} ${index}`}>
              <th scope="row">
                {position.symbol} <small>{position.qty < 0 ? "short" : "long"}</small>
              </th>
              <td class="figure" title={String(position.qty)}>
                {quantity(position.qty)}
              </td>
              <td class="figure average">{price(position.avg_price)}</td>
              <td class="figure">
                {position.price === undefined ? <span class="missing">no price</span> : price(position.price)}
              </td>
              <td class="figure">
                {position.unrealized === undefined ? "–" : <Change value={position.unrealized} />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
