import { moment, tradeId } from "../../../contracts/common.ts";
import { z } from "../../../contracts/zod.ts";
import { type Fields, first, mender, present } from "./fields.ts";
import { plainId, plainName, plainWord } from "./names.ts";
import { plainTime } from "./times.ts";

const ROLES = { user: "user", admin: "admin", observer: "observer" };
const BCRYPT = /^\$2[abxy]\$\d{2}\$[./A-Za-z0-9]{53}$/;

/** An account as an import takes it over. The password is a bcrypt hash, which is accepted at the first login. */
export const givenUser = z.strictObject({
  id: tradeId.optional(),
  email: z
    .string({ error: (issue) => (issue.input === undefined ? "is required" : "must be a string") })
    .max(254, "must be at most 254 characters")
    .regex(/^[^\s@]+@[^\s@]+$/, "must be an e-mail address"),
  name: z.string("must be a string").max(200, "must be at most 200 characters").optional(),
  role: z.enum(["user", "observer", "admin"]).optional(),
  password_hash: z.string().optional(),
  created_at: moment.optional(),
});
export type GivenUser = z.output<typeof givenUser>;

/** A row of Prisma's "User" as `givenUser` takes it, not yet checked. Never says what stood in `password`. */
export function legacyUser(fields: Fields): { record: Record<string, unknown>; repairs: string[] } {
  const { repairs, mend } = mender();
  const email = first(fields, "email");
  const role = plainWord(first(fields, "role"), ROLES);
  const name = first(fields, "name");
  const created = first(fields, "createdAt");
  const password = first(fields, "password");
  const isHash = typeof password === "string" && BCRYPT.test(password);
  if (password !== undefined && !isHash) repairs.push("password was no bcrypt hash: left out");
  const record = present({
    id: plainId(first(fields, "id")),
    // "A@B.c" and "a@b.c" are one address here, which is how they are looked up.
    email: typeof email === "string" ? email.trim().toLowerCase() : email,
    name: name === undefined ? undefined : mend("name", name, plainName(name)),
    // Whoever had a role that is not known here must not gain one.
    role: role === undefined || role === "admin" || role === "observer" ? role : mendRole(role, mend),
    password_hash: isHash ? password : undefined,
    created_at: created === undefined ? undefined : mend("created_at", created, plainTime(created)),
  });
  return { record, repairs };
}

function mendRole(role: unknown, mend: ReturnType<typeof mender>["mend"]): string {
  return mend("role", role, "user");
}
