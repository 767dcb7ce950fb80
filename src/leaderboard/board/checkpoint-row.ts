import { Column, DataType, Model, Table } from "sequelize-typescript";

/** The scoreboard as one instance last saved it, so that a start need not read all trades. */
@Table({ tableName: "scoreboard_checkpoints", timestamps: false })
export class ScoreboardCheckpointRow extends Model {
  @Column({ type: DataType.SMALLINT, primaryKey: true, defaultValue: 1 }) declare id: number;
  @Column({ type: DataType.TEXT, allowNull: false }) declare epoch: string;
  @Column({ type: DataType.BIGINT, allowNull: false }) declare as_of_seq: string;
  @Column({ type: DataType.DATE, allowNull: false }) declare saved_at: Date;
  @Column({ type: DataType.JSON, allowNull: false }) declare state: unknown;
}
