import { freeText, knownModelName, moment, momentOut, plainText } from "./common.ts";
import { z } from "./zod.ts";

export const ROLES = ["user", "observer", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** The name of the session's cookie. */
export const SESSION_COOKIE = "tp_session";

const EMAIL = /^[^\s@\p{C}]{1,64}@[^\s@\p{C}.]+(?:\.[^\s@\p{C}.]+)*$/u;

/** An email address, in lower case. */
export const emailAddress = z
  .string({ error: (issue) => (issue.input === undefined ? "is required" : "must be a string") })
  .max(254, "must be at most 254 characters")
  .toLowerCase()
  .refine((text) => text.isWellFormed() && EMAIL.test(text), "must be an email address")
  .openapi({ type: "string", format: "email", maxLength: 254, example: "trader@example.com" });

/** Long enough to be hard to guess; the bound keeps one request from costing much. */
export const newPassword = freeText(1024, 12).openapi({ format: "password", minLength: 12, maxLength: 1024 });

export const registration = z
  .strictObject({ email: emailAddress, password: newPassword, name: plainText(100, 1).nullable().optional() })
  .openapi("Registration");
export type Registration = z.output<typeof registration>;

export const login = z
  // Any password may be tried: old accounts may have one that is too short today.
  .strictObject({ email: emailAddress, password: freeText(1024, 1).openapi({ format: "password" }) })
  .openapi("Login");
export type Login = z.output<typeof login>;

/** A request without a body, or with an empty object. */
export const nothing = z.strictObject({});

export const userOut = z
  .object({ id: z.string(), email: z.string(), name: z.string().nullable(), role: z.enum(ROLES) })
  .openapi("User");
export type User = z.output<typeof userOut>;

export const userAnswer = z.object({ success: z.literal(true), user: userOut }).openapi("UserAnswer");
export const doneAnswer = z.object({ success: z.literal(true) }).openapi("Done");

export const sessionOut = z
  .object({
    id: z.string().openapi({ description: "a digest; it opens nothing" }),
    created_at: momentOut,
    expires_at: momentOut,
    current: z.boolean().openapi({ description: "the session that asks" }),
  })
  .openapi("Session");
export type SessionOut = z.output<typeof sessionOut>;
export const sessionList = z.object({ sessions: z.array(sessionOut), count: z.int() }).openapi("SessionList");

export const modelTransfer = z.strictObject({ email: emailAddress }).openapi("ModelTransfer");
export const modelList = z.object({ models: z.array(z.string()), count: z.int() }).openapi("ModelList");

export const newKey = z
  .strictObject({
    name: plainText(100, 1),
    models: z
      .array(knownModelName)
      .min(1, "must name at least one model, or be left out")
      .max(100, "must name at most 100 models")
      .nullable()
      .optional()
      .openapi({ description: "the models that it may write for; absent: all of its account's" }),
    expires_at: moment.nullable().optional(),
  })
  .openapi("NewKey");
export type NewKey = z.output<typeof newKey>;

export const keyOut = z
  .object({
    id: z.string(),
    name: z.string(),
    prefix: z.string().openapi({ description: "how the secret begins, to recognize it by" }),
    models: z.array(z.string()).nullable(),
    expires_at: momentOut.nullable(),
    last_used_at: momentOut.nullable().openapi({ description: "to the minute" }),
    created_at: momentOut,
  })
  .openapi("Key");
export type KeyOut = z.output<typeof keyOut>;
export const keyAnswer = z
  .object({
    success: z.literal(true),
    key: keyOut,
    secret: z.string().openapi({ description: "shown this once" }),
  })
  .openapi("KeyAnswer");
export const keyList = z.object({ keys: z.array(keyOut), count: z.int() }).openapi("KeyList");
