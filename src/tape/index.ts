export { Appender, type AppendOutcome } from "./append.ts";
export { type CachedAnswers, cachedAnswers } from "./cached-answers.ts";
export { Follower } from "./follow.ts";
export { keyScope } from "./guard.ts";
export { type Head, readHead, sharedHeadReader } from "./head.ts";
export {
  ANSWER,
  freshAndHead,
  isKeyThere,
  isThere,
  itemsFrom,
  rememberKeys,
  statementsOf,
  type WriteItem,
  type WriteKind,
} from "./kinds.ts";
export {
  readRecords,
  readSelection,
  recordText,
  type TapePage,
  type TapeRecord,
} from "./read.ts";
export { startRetention } from "./retention.ts";
export type { TapeSelection } from "./selection.ts";
