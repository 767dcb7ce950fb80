import type { ClientState, PlaygroundClient } from "../client/index.ts";
import { createPlaygroundClient } from "../client/index.ts";
import { type Changing, createChanges } from "./changes.ts";
import type { Prices } from "./prices.ts";
import { getUntilThere, type Trouble } from "./rest.ts";

/** A page's stream and what there is to say about it. */
export interface Connection extends Changing {
  readonly state: ClientState;
  /** The service's sentence where it refused the stream for good. */
  readonly refused: string | undefined;
  readonly trouble: Trouble | undefined;
}

/**
 * Opens a page's stream. The head is read before anything else: what the page then loads by REST holds at least all up to
 * it, and the stream brings all after it, so that nothing falls in between.
 * @param onOpen is given the client before it has received anything; the page loads from here on.
 */
export function openConnection(
  channels: readonly string[],
  prices: Prices,
  onOpen: (client: PlaygroundClient) => void,
): Connection {
  const { changed, subscribe } = createChanges();
  let state: ClientState = "connecting";
  let refused: string | undefined;
  let trouble: Trouble | undefined;

  const open = async () => {
    const tape = await getUntilThere<{ head: number; epoch: string }>(
      "/api/tape?limit=1",
      (met) => {
        trouble = met;
        if (met !== undefined) state = "offline";
        changed();
      },
      () => true,
    );
    if (tape === undefined) return;
    const client = createPlaygroundClient({ channels, since: tape.head, epoch: tape.epoch });
    client.on("prices", (values) => prices.take(values));
    client.on("state", (next) => {
      state = next;
      if (next === "live") refused = undefined;
      changed();
    });
    client.on("refused", ({ error }) => {
      refused = error;
      changed();
    });
    onOpen(client);
  };
  void open();

  return {
    subscribe,
    get state() {
      return state;
    },
    get refused() {
      return refused;
    },
    get trouble() {
      return trouble;
    },
  };
}
