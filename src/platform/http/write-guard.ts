import type { Request } from "express";

/** What a writer takes with a write: a name that is nobody's yet, and what it looks like, which nobody else may take. */
export interface Claim {
  model: string;
  look: string;
}

/** The account that a write comes from. */
export interface Writer {
  id: string;
  /** It may write for the models of others too. */
  isForAll: boolean;
  /** How many models it may own; null: any number. */
  maxModels: number | null;
  /** @throws AppError 403 where one of these models is another account's, and this one may not write for it. */
  refuseForeign(models: readonly string[]): Promise<void>;
  /**
   * What has to be claimed before all these are the writer's to write for.
   * @throws AppError 403 where one is another's; 409 where one looks like another's, or there would be too many.
   */
  claimsFor(models: readonly string[]): Promise<Claim[]>;
}

/**
 * Who writes for these models, for whatever writes it to take along; none: the request says nothing of a model.
 * @returns undefined where nobody asks whose a model is. @throws AppError 403 where a key does not name them.
 */
export type WriteGuard = (request: Request, models: readonly string[]) => Writer | undefined;
