import type { Express } from "express";
import type { AccessRules } from "../contracts/access.ts";
import { createAllowance } from "../platform/allowance.ts";
import { guardRoutes } from "../platform/http/guard-routes.ts";
import type { WriteGuard } from "../platform/http/write-guard.ts";
import { createLimiter } from "../platform/limiter.ts";
import type { Logger } from "../platform/logger.ts";
import type { Database } from "../platform/postgres/database.ts";
import { madeSecret } from "../platform/postgres/made-secret.ts";
import type { RedisClient } from "../platform/redis/connect.ts";
import { adminAccountRoutes } from "./admin-account-routes.ts";
import { createDoorkeeper } from "./doorkeeper.ts";
import { createGuard } from "./guard-request.ts";
import { createIdentifier } from "./identify.ts";
import type { Credential } from "./identity.ts";
import { keyRoutes } from "./key-routes.ts";
import { createLoginThrottle } from "./login-throttle.ts";
import { addMissingLooks } from "./looks/add-missing.ts";
import { modelRoutes } from "./model-routes.ts";
import { createOwnModels } from "./own-models.ts";
import { passwordRoutes } from "./password-routes.ts";
import { createPasswords, decoyHash } from "./passwords.ts";
import { accountRoutes } from "./routes.ts";
import { seedAdmin } from "./seed-admin.ts";
import { createSessionStore } from "./session-store.ts";
import { sessionMiddleware } from "./sessions.ts";
import { watchCredentials } from "./watch-credentials.ts";

const REGISTRATIONS_PER_ADDRESS = 100;
const REGISTRATION_SECONDS = 10 * 60;

export interface AccountsSettings extends AccessRules {
  /** Absent: one is made up for the database. */
  sessionSecret?: string | undefined;
  admin?: { email: string; password: string } | undefined;
  allowedOrigins: readonly string[];
  /** Per key, signed-in user, or address of neither; 0: not counted. */
  writesPerMinute: number;
  subscriptionsPerMinute: number;
  /** Keys that are nobody's, of an address on this instance, before their sender is told to slow down. */
  wrongKeysPerMinute: number;
  /** Passwords, right and wrong, of an account and of an address. */
  loginsPerMinute: number;
  /** Passwords that may wait to be checked on this instance, of one address half as many. */
  passwordQueue: number;
  /** The oldest session ends where one more begins. */
  sessionsPerAccount: number;
  /** Models that an account may own. */
  maxModelsPerAccount: number;
  /** Open streams of one address on this instance; 0: any number. */
  streamsPerAddress: number;
}

export interface AccountsOptions {
  settings: AccountsSettings;
  database: Database;
  /** Absent: each instance counts its limits alone. */
  redis?: RedisClient | undefined;
  /** What its keys in Redis begin with. */
  playground: string;
  logger: Logger;
}

export interface Accounts {
  /** Puts the access table before every route that is added from now on. */
  guardRoutes(app: Express): void;
  routes(app: Express): void;
  mayWrite: WriteGuard;
  doorkeeper: ReturnType<typeof createDoorkeeper>;
  stop(): void;
}

/**
 * Users, sessions and keys, and who may do what. Seeds the first admin.
 * @throws Error with a sentence where ADMIN_EMAIL is somebody else's account.
 */
export async function openAccounts({
  settings,
  database,
  redis,
  playground,
  logger,
}: AccountsOptions): Promise<Accounts> {
  // Made before anyone asks: the first to name no account must not wait for it and learn so.
  await decoyHash();
  // The signature of a cookie only spares look-ups: what opens a session is its random id.
  const sessionSecret = settings.sessionSecret ?? (await madeSecret(database, "session"));
  await seed(settings, database, logger);
  await addMissingLooks(database);

  const wrongKeys = createLimiter({
    name: "wrong-key",
    points: settings.wrongKeysPerMinute,
    seconds: 60,
    sentence: `This key is not valid, and more than ${settings.wrongKeysPerMinute} a minute from this address were not (RATE_LIMIT_WRONG_KEYS_PER_MINUTE); one that is valid goes on working.`,
  });
  const wrongLinks = createLimiter({
    name: "wrong-link",
    points: settings.wrongKeysPerMinute,
    seconds: 60,
    sentence:
      "Too many links from this address were not good (RATE_LIMIT_WRONG_KEYS_PER_MINUTE); try again later.",
  });
  const registrations = createLimiter({
    name: "register",
    points: REGISTRATIONS_PER_ADDRESS,
    seconds: REGISTRATION_SECONDS,
    redis,
    playground,
    sentence: "Too many accounts were opened from this address; try again later.",
  });
  const perMinute = (name: string, points: number, sentence: string) =>
    points === 0
      ? undefined
      : createAllowance(createLimiter({ name, points, seconds: 60, redis, playground, sentence }), points);

  const { allowedOrigins } = settings;
  const store = createSessionStore(database.sequelize);
  const identifier = createIdentifier({ database, sessionSecret, wrongKeys });
  const forgetCredentials = (matches: (credential: Credential) => boolean) =>
    identifier.forget(({ credential }) => credential !== undefined && matches(credential));
  const watch = watchCredentials({
    database,
    // Whoever was cut comes back at once, and must not be known from before.
    onEnded: (ended) => forgetCredentials(({ kind, id }) => kind === ended.kind && id === ended.id),
    onError: (error) => logger.warn({ err: error }, "open connections cannot be checked; trying again"),
  });
  const guard = createGuard({
    rules: settings,
    identifier,
    ownModels: createOwnModels(database, settings.maxModelsPerAccount),
    allowedOrigins,
    writes: perMinute("write", settings.writesPerMinute, "Too many writes a minute; try again later."),
  });
  const onEnd = (matches: (credential: Credential) => boolean) => {
    forgetCredentials(matches);
    watch.end(matches);
  };
  const onChange = (userId: string) => identifier.forget(({ user }) => user?.id === userId);

  return {
    guardRoutes: (app) => guardRoutes(app, guard.of),
    routes(app) {
      const { identityOf } = guard;
      const session = sessionMiddleware(store, sessionSecret);
      const { loginsPerMinute, passwordQueue, sessionsPerAccount } = settings;
      const throttle = createLoginThrottle({ redis, playground, loginsPerMinute });
      const passwords = createPasswords(passwordQueue);
      const common = { database, throttle, passwords, identityOf, onEnd };
      accountRoutes(app, { ...common, session, registrations, sessionsPerAccount });
      passwordRoutes(app, { ...common, wrongLinks });
      keyRoutes(app, common);
      adminAccountRoutes(app, { ...common, onChange });
      modelRoutes(app, { database, identityOf, maxModels: settings.maxModelsPerAccount });
    },
    mayWrite: guard.mayWrite,
    doorkeeper: createDoorkeeper({
      rules: settings,
      identifier,
      watch,
      allowedOrigins,
      perAddress: settings.streamsPerAddress,
      subscriptions: perMinute(
        "subscribe",
        settings.subscriptionsPerMinute,
        "Too many subscriptions a minute; try again later.",
      ),
    }),
    stop() {
      watch.stop();
      store.stopExpiringSessions();
    },
  };
}

async function seed(settings: AccountsSettings, database: Database, logger: Logger): Promise<void> {
  if (settings.admin === undefined) return;
  const outcome = await seedAdmin(database, settings.admin);
  if (outcome === "made") logger.info("made the first admin, of ADMIN_EMAIL");
  if (outcome === "demoted")
    logger.warn("ADMIN_EMAIL names an account that another admin made less than one");
}
