import { openLedger, takeOverPortfolio } from "../../../portfolio/index.ts";
import { takeOverScores } from "../../../sentiment/index.ts";
import type { TradesContext } from "../../../trades/index.ts";
import { recordsOf } from "../check-rows.ts";
import type { Outcome } from "../report.ts";
import { patiently } from "./patience.ts";
import type { Sink } from "./sink.ts";
import { takeTrades } from "./trades.ts";
import { OTHER_ACCOUNT, takeUsers } from "./users.ts";

/** What a row with this standing under its id counts as. */
const OUTCOMES: Record<"new" | "same" | "different", Outcome> = {
  new: "new",
  same: "repeated",
  different: { refused: "id is the id of a record that is there already, with other content" },
};

export interface Recorder extends Sink {
  /** Gives models that came with trades and no portfolio their starting balance, where one was said. @throws AppError 503 */
  openLedgers(): Promise<void>;
}

/**
 * Writes what is new into the playground, each kind through its own use case.
 * @param startingBalance see `takeOverPortfolio`.
 */
export function recorder(context: TradesContext, startingBalance?: string): Recorder {
  const { database } = context;
  /** A model's reports are compared and written one after the other: each has to see the one before it. */
  const traders = new Set<string>();
  const turns = new Map<string, Promise<unknown>>();
  const inTurn = <Result>(model: string, work: () => Promise<Result>): Promise<Result> => {
    const turn = (turns.get(model) ?? Promise.resolve()).then(work);
    turns.set(
      model,
      turn.catch(() => {}),
    );
    return turn;
  };
  return {
    async openLedgers() {
      if (startingBalance === undefined) return;
      for (const model of traders) await patiently(() => openLedger(context, model, startingBalance));
      traders.clear();
    },
    async take(rows) {
      const trades = recordsOf(rows, "trade");
      if (startingBalance !== undefined) for (const { model } of trades) traders.add(model);
      if (trades.length > 0) return await takeTrades(context, trades);
      const scores = recordsOf(rows, "sentiment");
      if (scores.length > 0) {
        return (await patiently(() => takeOverScores(context, scores))).map((standing) => OUTCOMES[standing]);
      }
      const users = recordsOf(rows, "user");
      if (users.length > 0) {
        const standings = await patiently(() => takeUsers(database, users));
        return standings.map((standing) =>
          standing === "different" ? { refused: OTHER_ACCOUNT } : OUTCOMES[standing],
        );
      }
      const standings = await Promise.all(
        recordsOf(rows, "portfolio").map((report) =>
          inTurn(report.model, () => patiently(() => takeOverPortfolio(context, report, startingBalance))),
        ),
      );
      return standings.map((standing) => OUTCOMES[standing]);
    },
  };
}
