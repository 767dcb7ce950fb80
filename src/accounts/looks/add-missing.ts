import type { Database, Statement } from "../../platform/postgres/database.ts";
import { looksOf } from "./looks-of.ts";

const PAGE = 1000;
const FIND: Statement = {
  name: "models-without-looks",
  text: `SELECT o.model FROM model_owners o
    WHERE o.model > $1 AND NOT EXISTS (SELECT FROM model_looks l WHERE l.model = o.model)
    ORDER BY o.model LIMIT ${PAGE}`,
};
// Of those that look alike already the first to be claimed has the look.
const ADD: Statement = {
  name: "add-looks",
  text: `INSERT INTO model_looks (look, model)
    SELECT DISTINCT ON (c.look) c.look, o.model FROM json_to_recordset($1::json) AS c(model text, look text)
    JOIN model_owners o ON o.model = c.model ORDER BY c.look, o.created_at
    ON CONFLICT DO NOTHING`,
};

/** Writes down what models look like that were claimed before that was asked, as by an instance of an older version. */
export async function addMissingLooks(database: Database): Promise<void> {
  for (let after = ""; ; ) {
    const rows = await database.run<{ model: string }>(FIND, [after]);
    const looks = rows.flatMap(({ model }) => looksOf(model).map((look) => ({ model, look })));
    if (looks.length > 0) await database.run(ADD, [JSON.stringify(looks)]);
    if (rows.length < PAGE) return;
    after = rows.at(-1)?.model ?? "";
  }
}
