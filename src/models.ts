import {
  ApiKeyRow,
  MadeSecretRow,
  ModelLookRow,
  ModelOwnerRow,
  PasswordResetRow,
  SessionRow,
  UserRow,
} from "./accounts/models.ts";
import { ScoreboardCheckpointRow } from "./leaderboard/board/checkpoint-row.ts";
import { LeaseRow } from "./platform/lease-model.ts";
import { PortfolioPointRow, PortfolioRow } from "./portfolio/portfolio.ts";
import { SentimentRow } from "./sentiment/sentiment.ts";
import { IdempotencyKeyRow, TapeHeadRow, TapeRow } from "./tape/models.ts";
import { TradeRow } from "./trades/trade.ts";

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
  PasswordResetRow,
  ApiKeyRow,
  ModelOwnerRow,
  ModelLookRow,
  MadeSecretRow,
];
