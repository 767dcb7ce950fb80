export { openAccounts } from "./open-accounts.ts";
export { hashPassword } from "./passwords.ts";
export { insertUser } from "./users.ts";
export { refuseWeakPassword } from "./weak-password.ts";
