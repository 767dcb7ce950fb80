import { ApiKeyRow, MadeSecretRow, ModelOwnerRow, SessionRow, UserRow } from "./accounts/index.ts";
import { ScoreboardCheckpointRow } from "./leaderboard/index.ts";
import { LeaseRow } from "./platform/lease-model.ts";
import { PortfolioPointRow, PortfolioRow } from "./portfolio/index.ts";
import { SentimentRow } from "./sentiment/index.ts";
import { IdempotencyKeyRow, TapeHeadRow, TapeRow } from "./tape/index.ts";
import { TradeRow } from "./trades/index.ts";

/** Every table's model: what Sequelize knows, what `db:push` makes, and what the tests hold against the migrations. */
export const MODELS = [
  TapeHeadRow,
  TapeRow,
  IdempotencyKeyRow,
  TradeRow,
  PortfolioRow,
  PortfolioPointRow,
  SentimentRow,
  LeaseRow,
  ScoreboardCheckpointRow,
  UserRow,
  SessionRow,
  ApiKeyRow,
  ModelOwnerRow,
  MadeSecretRow,
];
