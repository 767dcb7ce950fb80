import type { Request } from "express";

/**
 * Whether a request, which has come as far as its route, may write for these models.
 * @returns undefined where that is known at once. @throws AppError 403
 */
export type WriteGuard = (request: Request, models: readonly string[]) => Promise<void> | undefined;
