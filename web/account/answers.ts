import type { KeyOut, SessionOut, User } from "../../src/contracts/accounts.ts";

export type UserAnswer = { user: User };
export type KeyList = { keys: KeyOut[] };
export type KeyAnswer = { key: KeyOut; secret: string };
export type SessionList = { sessions: SessionOut[] };
