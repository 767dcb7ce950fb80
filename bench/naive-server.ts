/**
 * The yardstick: the server most people would write with the same tools. Express with its JSON body reader, a
 * sequelize-typescript model, one `Model.create` a trade, one `io.emit` a row. Settings: PORT, DATABASE_URL.
 */
import { createServer } from "node:http";
import "reflect-metadata";
import express from "express";
import { AutoIncrement, Column, DataType, Model, PrimaryKey, Sequelize, Table } from "sequelize-typescript";
import { Server } from "socket.io";

@Table({ tableName: "trades", timestamps: true, underscored: true })
class Trade extends Model {
  @PrimaryKey
  @AutoIncrement
  @Column(DataType.BIGINT)
  declare id: string;

  @Column({ type: DataType.TEXT, allowNull: false })
  declare model: string;

  @Column({ type: DataType.TEXT, allowNull: false })
  declare symbol: string;

  @Column({ type: DataType.TEXT, allowNull: false })
  declare side: string;

  @Column({ type: DataType.DECIMAL, allowNull: false })
  declare qty: string;

  @Column({ type: DataType.DECIMAL, allowNull: false })
  declare price: string;

  @Column({ type: DataType.DECIMAL, allowNull: false, defaultValue: 0 })
  declare pnl: string;

  @Column({ type: DataType.TEXT, allowNull: false, defaultValue: "closed" })
  declare status: string;

  @Column({ type: DataType.DATE, allowNull: false, defaultValue: DataType.NOW })
  declare timestamp: Date;
}

const POOL_SIZE = 16;

const sequelize = new Sequelize(process.env.DATABASE_URL ?? "", {
  models: [Trade],
  logging: false,
  pool: { max: POOL_SIZE },
});
await sequelize.sync();

const app = express();
const server = createServer(app);
const io = new Server(server);

app.use(express.json());

app.post("/api/trades", async (request, response) => {
  const trade = await Trade.create(request.body);
  io.emit("trade", trade.toJSON());
  response.status(201).json({ success: true, trade });
});

app.get("/api/trades", async (_request, response) => {
  // By the key, which is indexed: the friendliest order this server could have asked for.
  const trades = await Trade.findAll({ limit: 50, order: [["id", "DESC"]] });
  response.json({ trades, count: trades.length });
});

app.get("/readyz", (_request, response) => {
  response.json({ ready: true });
});

server.listen(Number(process.env.PORT), "127.0.0.1");
process.once("disconnect", () => process.exit());
