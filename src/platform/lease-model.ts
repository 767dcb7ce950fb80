import { Column, DataType, Model, Table } from "sequelize-typescript";

/** Which instance alone does a piece of work, and until when. */
@Table({ tableName: "leases", timestamps: false })
export class LeaseRow extends Model {
  @Column({ type: DataType.TEXT, primaryKey: true }) declare name: string;
  @Column({ type: DataType.TEXT, allowNull: false }) declare holder: string;
  @Column({ type: DataType.DATE, allowNull: false }) declare expires_at: Date;
}
