export { ApiKeyRow, MadeSecretRow, ModelOwnerRow, SessionRow, UserRow } from "./models.ts";
