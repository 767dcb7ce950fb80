import { Column, DataType, ForeignKey, Model, Table } from "sequelize-typescript";
import type { Role } from "../contracts/accounts.ts";

const MOMENT = { type: DataType.DATE, allowNull: false, defaultValue: DataType.NOW };

/** An account. */
@Table({ tableName: "users", timestamps: false })
export class UserRow extends Model {
  @Column({ type: DataType.TEXT, primaryKey: true }) declare id: string;
  /** Lower case. */
  @Column({ type: DataType.TEXT, allowNull: false, unique: true }) declare email: string;
  @Column(DataType.TEXT) declare name: string | null;
  @Column({ type: DataType.TEXT, allowNull: false, defaultValue: "user" }) declare role: Role;
  /** argon2id in PHC form, or a bcrypt hash that was taken over; null: nobody can sign in with a password. */
  @Column(DataType.TEXT) declare password_hash: string | null;
  /** How often the password was set anew. */
  @Column({ type: DataType.INTEGER, allowNull: false, defaultValue: 0 }) declare password_version: number;
  /** Since when nobody gets in by it; null: it is as good as any. */
  @Column(DataType.DATE) declare disabled_at: Date | null;
  /** When an admin last gave it its role; null: it has the one that it was opened with. */
  @Column(DataType.DATE) declare role_set_at: Date | null;
  @Column(MOMENT) declare created_at: Date;
  @Column(MOMENT) declare updated_at: Date;
}

/** A browser's session, as the session store writes it. */
@Table({ tableName: "sessions", timestamps: false })
export class SessionRow extends Model {
  /** A digest of the id in the cookie: whoever reads the table can use none. */
  @Column({ type: DataType.TEXT, primaryKey: true }) declare sid: string;
  @ForeignKey(() => UserRow)
  @Column({ type: DataType.TEXT, onDelete: "CASCADE" })
  declare user_id: string | null;
  @Column({ type: DataType.TEXT, allowNull: false }) declare data: string;
  @Column({ type: DataType.DATE, allowNull: false }) declare expires: Date;
  @Column(MOMENT) declare created_at: Date;
}

/** A link by which an account's password can be set anew, once. */
@Table({ tableName: "password_resets", timestamps: false })
export class PasswordResetRow extends Model {
  @ForeignKey(() => UserRow)
  @Column({ type: DataType.TEXT, primaryKey: true, onDelete: "CASCADE" })
  declare user_id: string;
  /** SHA-256 of what is in the link, as hex. */
  @Column({ type: DataType.TEXT, allowNull: false, unique: true }) declare token_hash: string;
  @Column({ type: DataType.DATE, allowNull: false }) declare expires_at: Date;
  @Column(MOMENT) declare created_at: Date;
}

/** A bot's key. */
@Table({ tableName: "api_keys", timestamps: false })
export class ApiKeyRow extends Model {
  @Column({ type: DataType.TEXT, primaryKey: true }) declare id: string;
  @ForeignKey(() => UserRow)
  @Column({ type: DataType.TEXT, allowNull: false, onDelete: "CASCADE" })
  declare user_id: string;
  @Column({ type: DataType.TEXT, allowNull: false }) declare name: string;
  /** The secret's public beginning, by which it is found and recognized. */
  @Column({ type: DataType.TEXT, allowNull: false, unique: true }) declare prefix: string;
  /** SHA-256 of the whole secret, as hex: the secret is random, so nothing slower is needed. */
  @Column({ type: DataType.TEXT, allowNull: false }) declare secret_hash: string;
  /** Whom it may write for; null: all models of its user. */
  @Column(DataType.ARRAY(DataType.TEXT)) declare models: string[] | null;
  @Column(DataType.DATE) declare expires_at: Date | null;
  @Column(DataType.DATE) declare last_used_at: Date | null;
  @Column(DataType.DATE) declare revoked_at: Date | null;
  @Column(MOMENT) declare created_at: Date;
}

/** Whose a model is: the account that first wrote for it. */
@Table({ tableName: "model_owners", timestamps: false })
export class ModelOwnerRow extends Model {
  @Column({ type: DataType.TEXT, primaryKey: true }) declare model: string;
  @ForeignKey(() => UserRow)
  @Column({ type: DataType.TEXT, allowNull: false, onDelete: "CASCADE" })
  declare user_id: string;
  @Column(MOMENT) declare created_at: Date;
}

/** What an owned model looks like: no other account may claim a name that looks the same. */
@Table({ tableName: "model_looks", timestamps: false })
export class ModelLookRow extends Model {
  @Column({ type: DataType.TEXT, primaryKey: true }) declare look: string;
  @ForeignKey(() => ModelOwnerRow)
  @Column({ type: DataType.TEXT, allowNull: false, onDelete: "CASCADE" })
  declare model: string;
}

/** A secret that the service made up because no setting gave one. */
@Table({ tableName: "made_secrets", timestamps: false })
export class MadeSecretRow extends Model {
  @Column({ type: DataType.TEXT, primaryKey: true }) declare name: string;
  @Column({ type: DataType.TEXT, allowNull: false }) declare value: string;
  @Column(MOMENT) declare created_at: Date;
}
