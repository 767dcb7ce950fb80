import { encodeCursor, type PageCursor } from "../contracts/cursor.ts";
import type { ListedUser } from "../contracts/users.ts";
import type { Database, Statement } from "../platform/postgres/database.ts";

/** Of a table `users`. The time is told to the microsecond, as a cursor needs it. */
export const LISTED_COLUMNS = `id, email, name, role, disabled_at IS NOT NULL AS disabled,
  to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS created_at`;

const LIST: Statement = {
  name: "list-users",
  text: `SELECT ${LISTED_COLUMNS} FROM users
    WHERE $1::timestamptz IS NULL OR (created_at, id) < ($1::timestamptz, $2)
    ORDER BY users.created_at DESC, id DESC LIMIT $3`,
};

export interface UserPage {
  users: ListedUser[];
  count: number;
  next_cursor: string | null;
}

/** All accounts, newest first, page by page. */
export async function listUsers(
  database: Database,
  { limit, cursor }: { limit: number; cursor?: PageCursor | undefined },
): Promise<UserPage> {
  // One more tells whether there is a next page.
  const values = [cursor?.time ?? null, cursor?.id ?? null, limit + 1];
  const rows = await database.run<ListedUser>(LIST, values);
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    users: page.map(listedUser),
    count: page.length,
    next_cursor: last === undefined ? null : encodeCursor({ time: last.created_at, id: last.id }),
  };
}

/** As it is answered: times to the millisecond. */
export const listedUser = (row: ListedUser): ListedUser => ({
  ...row,
  created_at: `${row.created_at.slice(0, 23)}Z`,
});
