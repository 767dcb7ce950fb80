import { newPassword, ROLES, userOut } from "./accounts.ts";
import { freeText, momentOut, queryNumber } from "./common.ts";
import { pageCursor } from "./cursor.ts";
import { z } from "./zod.ts";

const anyPassword = freeText(1024, 1).openapi({ format: "password" });

export const passwordChange = z
  .strictObject({ password: anyPassword, new_password: newPassword })
  .openapi("PasswordChange");
export type PasswordChange = z.output<typeof passwordChange>;

export const accountClosing = z.strictObject({ password: anyPassword }).openapi("AccountClosing");

export const passwordReset = z
  .strictObject({
    token: freeText(100, 1).openapi({ description: "what stands behind the # in the link" }),
    new_password: newPassword,
  })
  .openapi("PasswordReset");
export type PasswordReset = z.output<typeof passwordReset>;

export const userQuery = z.strictObject({ limit: queryNumber(1, 1000, 200), cursor: pageCursor.optional() });

export const userChange = z
  .strictObject({ role: z.enum(ROLES).optional(), disabled: z.boolean().optional() })
  .refine(
    ({ role, disabled }) => role !== undefined || disabled !== undefined,
    "must name role, or disabled, or both",
  )
  .openapi("UserChange");
export type UserChange = z.output<typeof userChange>;

export const listedUser = userOut
  .extend({
    disabled: z.boolean().openapi({ description: "nobody gets in by it" }),
    created_at: momentOut,
  })
  .openapi("ListedUser");
export type ListedUser = z.output<typeof listedUser>;

export const userPage = z
  .object({ users: z.array(listedUser), count: z.int(), next_cursor: z.string().nullable() })
  .openapi("UserPage");
export const listedUserAnswer = z
  .object({ success: z.literal(true), user: listedUser })
  .openapi("ListedUserAnswer");
export const resetLink = z
  .object({
    success: z.literal(true),
    link: z.string().openapi({ description: "opens a page that sets a new password, once; shown this once" }),
    expires_at: momentOut,
  })
  .openapi("ResetLink");
