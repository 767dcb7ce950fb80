import { Column, DataType, Model, Table } from "sequelize-typescript";
import type { Position } from "../contracts/portfolio.ts";

/** What a model last reported. */
@Table({ tableName: "portfolios", timestamps: false })
export class PortfolioRow extends Model {
  @Column({ type: DataType.TEXT, primaryKey: true }) declare model: string;
  @Column({ type: DataType.BIGINT, allowNull: false }) declare seq: string;
  @Column({ type: DataType.DECIMAL, allowNull: false }) declare starting_balance: string;
  @Column({ type: DataType.DECIMAL, allowNull: false }) declare balance: string;
  @Column({ type: DataType.JSON, allowNull: false }) declare positions: Position[];
  @Column({ type: DataType.DATE, allowNull: false }) declare last_update: Date;
}

/** One point of a model's equity curve: a report, valued with the prices of its moment. */
@Table({ tableName: "portfolio_points", timestamps: false })
export class PortfolioPointRow extends Model {
  @Column({ type: DataType.TEXT, primaryKey: true }) declare model: string;
  @Column({ type: DataType.DATE, primaryKey: true }) declare at: Date;
  @Column({ type: DataType.BIGINT, primaryKey: true }) declare seq: string;
  @Column({ type: DataType.DECIMAL, allowNull: false }) declare balance: string;
  @Column({ type: DataType.DECIMAL, allowNull: false }) declare equity: string;
}
