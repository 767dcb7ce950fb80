import type { ComponentChildren } from "preact";
import pages from "../pages/pages.json" with { type: "json" };
import { useChanges } from "./changes.ts";
import type { Connection } from "./connection.ts";
import { Header } from "./header.tsx";
import { RefusedNotice, TroubleNotice } from "./notices.tsx";
import { PriceStrip } from "./price-strip.tsx";
import type { Prices } from "./prices.ts";
import type { Trouble } from "./rest.ts";

export interface PageProps {
  /** As in pages.json. */
  name: string;
  connection: Connection;
  prices: Prices;
  /** What stands in the way of the page's own content, if anything. */
  trouble: Trouble | undefined;
  /** Names that content in a sentence: "The trades". */
  what: string;
  children: ComponentChildren;
}

/** What every page has around its content. Notices lie over the foot of the page, so that nothing moves for them. */
export function Page({ name, connection, prices, trouble, what, children }: PageProps) {
  useChanges(connection);
  const { state } = connection;
  // What stands there does not change any more, and must not look as if it did.
  const age = state === "silent" || state === "offline" ? " aged" : "";
  const title = pages.find((page) => page.name === name)?.title;
  return (
    <div class={`page ${name}-page${age}`}>
      <Header state={state} current={name} />
      <PriceStrip prices={prices} />
      <main>
        <h1 class="visually-hidden">{title}</h1>
        {children}
      </main>
      <div class="notices">
        <TroubleNotice trouble={connection.trouble ?? trouble} what={what} />
        <RefusedNotice sentence={connection.refused} />
      </div>
    </div>
  );
}
