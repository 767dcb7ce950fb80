import { Column, DataType, Model, Table } from "sequelize-typescript";

/** A trade's row. DECIMAL and BIGINT are strings in TypeScript, so that nothing is rounded. */
@Table({ tableName: "trades", timestamps: false })
export class TradeRow extends Model {
  @Column({ type: DataType.TEXT, primaryKey: true }) declare id: string;
  @Column({ type: DataType.BIGINT, allowNull: false }) declare seq: string;
  @Column({ type: DataType.TEXT, allowNull: false }) declare model: string;
  @Column({ type: DataType.TEXT, allowNull: false }) declare symbol: string;
  @Column({ type: DataType.TEXT, allowNull: false }) declare side: "buy" | "sell";
  @Column({ type: DataType.DECIMAL, allowNull: false }) declare qty: string;
  @Column({ type: DataType.DECIMAL, allowNull: false }) declare price: string;
  @Column({ type: DataType.DECIMAL, allowNull: false, defaultValue: 0 }) declare pnl: string;
  @Column({ type: DataType.TEXT, allowNull: false, defaultValue: "closed" }) declare status:
    | "open"
    | "closed";
  @Column({ type: DataType.DATE, allowNull: false }) declare timestamp: Date;
  @Column(DataType.DECIMAL) declare exit_price: string | null;
  @Column({ type: DataType.DECIMAL, allowNull: false, defaultValue: 0 }) declare fee: string;
  @Column({ type: DataType.DECIMAL, allowNull: false, defaultValue: 1 }) declare leverage: string;
  @Column(DataType.DATE) declare opened_at: Date | null;
  @Column(DataType.DATE) declare closed_at: Date | null;
  @Column(DataType.TEXT) declare note: string | null;
  @Column(DataType.JSON) declare meta: Record<string, unknown> | null;
  /** The fields that a close changed, as the model first sent them: a late retry is compared with these. */
  @Column(DataType.JSON) declare before_close: BeforeClose | null;
  @Column({ type: DataType.DATE, allowNull: false }) declare created_at: Date;
}

export interface BeforeClose {
  status: "open";
  exit_price: string | null;
  pnl: string;
  fee: string;
  closed_at: string | null;
}
