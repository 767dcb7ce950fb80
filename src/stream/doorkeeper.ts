import type { IncomingMessage } from "node:http";

/** Says who may come in by either door. The stream does not know accounts; it is handed this. */
export interface Doorkeeper {
  /** Before anything else is done for a new connection. @throws AppError */
  checkOrigin(request: IncomingMessage): void;
  /** Counts a connection. @returns for when it has closed. */
  countIn(request: IncomingMessage): () => void;
  /** @param token what a handshake carries in `auth.token`. @throws AppError */
  admit(request: IncomingMessage, token?: string): Promise<Guest>;
}

/** Someone who was let in. */
export interface Guest {
  /** @throws AppError */
  mayUse(event: "subscribe" | "unsubscribe"): Promise<void>;
  /** @param cut is called when the guest has to leave. @returns forgets it. */
  watch(cut: () => void): () => void;
}
