export { ApiKeyRow, MadeSecretRow, ModelOwnerRow, SessionRow, UserRow } from "./models.ts";
export { openAccounts } from "./open-accounts.ts";
export { hashPassword } from "./passwords.ts";
export { insertUser } from "./users.ts";
