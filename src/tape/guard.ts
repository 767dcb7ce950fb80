import type { Writer } from "../platform/http/write-guard.ts";

/** The parts of a kind's statement that ask whose the models are; without accounts there are none. */
export interface Guard {
  /** Further columns of `$3`, after a comma. */
  columns: string;
  names: string;
  /** Whether the item `r` may not be written: its model is not the writer's, or what its group claims is taken. */
  isStrange: string;
  /** CTEs after a comma: what is claimed, written with the rows and so only where they are. */
  claims: string;
  /** Columns of the answer, after a comma. */
  answer: string;
}

export const NO_GUARD: Guard = { columns: "", names: "", isStrange: "false", claims: "", answer: "" };

const CLAIMS = "json_to_recordset(f.claims) AS c(model text, look text)";

// Scalar subqueries, as `isThere` says why. That two who claim at once see each other is the unique keys' work: one of
// them is sent again, and finds the name taken.
export const GUARD: Guard = {
  columns: ", writer text, for_all boolean, claimed boolean, max_models int, claims json",
  names: ", writer, for_all, claimed, max_models, claims",
  isStrange: `
    CASE WHEN r.writer IS NULL THEN false ELSE
      coalesce((SELECT NOT r.for_all AND o.user_id <> r.writer FROM model_owners o WHERE o.model = r.model), NOT r.claimed)
      OR CASE WHEN r.claims IS NULL THEN false ELSE
        coalesce((
          SELECT bool_or(coalesce((
            SELECT o.user_id <> r.writer FROM model_looks l JOIN model_owners o ON o.model = l.model WHERE l.look = c.look
          ), false)) FROM json_to_recordset(r.claims) AS c(look text)), false)
        OR coalesce((SELECT count(*) FROM model_owners o WHERE o.user_id = r.writer)
          + (SELECT count(DISTINCT c.model) FROM json_to_recordset(r.claims) AS c(model text)) > r.max_models, false)
      END
    END`,
  claims: `,
  owner AS (
    INSERT INTO model_owners (model, user_id)
    SELECT DISTINCT c.model, f.writer FROM fresh f, head, ${CLAIMS}
    WHERE f.claims IS NOT NULL AND NOT EXISTS (SELECT FROM model_owners o WHERE o.model = c.model)
  ),
  look AS (
    INSERT INTO model_looks (look, model)
    SELECT c.look, min(c.model) FROM fresh f, head, ${CLAIMS}
    WHERE f.claims IS NOT NULL AND NOT EXISTS (SELECT FROM model_looks l WHERE l.look = c.look)
    GROUP BY c.look
  )`,
  answer: ", (SELECT array_agg(n ORDER BY n) FROM item WHERE strange) AS strange",
};

/** The scope of an Idempotency-Key: what it is for (a model, a source) and whose it is. No name holds a line break. */
export function keyScope(name: string, writer: Pick<Writer, "id"> | undefined): string {
  return writer === undefined ? name : `${name}\n${writer.id}`;
}
