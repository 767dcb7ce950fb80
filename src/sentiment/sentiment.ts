import { Column, DataType, Model, Table } from "sequelize-typescript";

/** A stored sentiment score. */
@Table({ tableName: "sentiments", timestamps: false })
export class SentimentRow extends Model {
  @Column({ type: DataType.TEXT, primaryKey: true }) declare id: string;
  @Column({ type: DataType.BIGINT, allowNull: false }) declare seq: string;
  @Column({ type: DataType.TEXT, allowNull: false }) declare symbol: string;
  @Column({ type: DataType.TEXT, allowNull: false }) declare text: string;
  @Column({ type: DataType.TEXT, allowNull: false }) declare label: "positive" | "neutral" | "negative";
  @Column({ type: DataType.DECIMAL, allowNull: false }) declare score: string;
  @Column({ type: DataType.DECIMAL, allowNull: false }) declare confidence: string;
  @Column({ type: DataType.TEXT, allowNull: false }) declare source: string;
  @Column(DataType.TEXT) declare model: string | null;
  @Column({ type: DataType.DATE, allowNull: false }) declare timestamp: Date;
}
