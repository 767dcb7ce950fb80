import { Column, DataType, Model, Table } from "sequelize-typescript";
import type { TapeKind } from "../contracts/tape.ts";

/** The one row that hands out the tape's numbers. */
@Table({ tableName: "tape_head", timestamps: false })
export class TapeHeadRow extends Model {
  @Column({ type: DataType.SMALLINT, primaryKey: true }) declare id: number;
  @Column({ type: DataType.BIGINT, allowNull: false, defaultValue: 0 }) declare seq: string;
  @Column({ type: DataType.BIGINT, allowNull: false, defaultValue: 0 }) declare trades_seq: string;
  @Column({ type: DataType.BIGINT, allowNull: false, defaultValue: 0 }) declare portfolios_seq: string;
  @Column({ type: DataType.BIGINT, allowNull: false, defaultValue: 0 }) declare sentiments_seq: string;
  @Column({ type: DataType.BIGINT, allowNull: false, defaultValue: 1 }) declare oldest: string;
  @Column({ type: DataType.TEXT, allowNull: false }) declare epoch: string;
  @Column(DataType.TEXT) declare timeline: string | null;
}

/** One entry of the tape. */
@Table({ tableName: "tape", timestamps: false })
export class TapeRow extends Model {
  @Column({ type: DataType.BIGINT, primaryKey: true }) declare seq: string;
  @Column({ type: DataType.TEXT, allowNull: false }) declare kind: TapeKind;
  @Column(DataType.TEXT) declare model: string | null;
  @Column(DataType.TEXT) declare symbol: string | null;
  @Column({ type: DataType.DATE, allowNull: false }) declare at: Date;
  @Column({ type: DataType.JSON, allowNull: false }) declare data: Record<string, unknown>;
}

/** Which write an Idempotency-Key of a scope (a model, a source) stands for. */
@Table({ tableName: "idempotency_keys", timestamps: false })
export class IdempotencyKeyRow extends Model {
  @Column({ type: DataType.TEXT, primaryKey: true }) declare kind: TapeKind;
  @Column({ type: DataType.TEXT, primaryKey: true }) declare scope: string;
  @Column({ type: DataType.TEXT, primaryKey: true }) declare key: string;
  @Column({ type: DataType.BIGINT, allowNull: false }) declare seq: string;
  @Column(DataType.TEXT) declare trade_id: string | null;
  @Column(DataType.JSON) declare body: Record<string, unknown> | null;
  @Column({ type: DataType.DATE, allowNull: false, defaultValue: DataType.NOW }) declare created_at: Date;
}
