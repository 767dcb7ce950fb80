export interface ErrorDetail {
  /** Where in the request: `positions.0.qty`. */
  path: string;
  message: string;
}

/** The one error that use cases throw; the HTTP edge and the stream translate it. */
export class AppError extends Error {
  override name = "AppError";
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details?: ErrorDetail[],
    /** Seconds after which it makes sense to ask again. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}

export const validationError = (message: string, details?: ErrorDetail[]) =>
  new AppError(400, "validation_error", message, details);
/** Nobody, or whoever cannot say who they are. */
export const unauthenticated = (message: string) => new AppError(401, "unauthenticated", message);
/** Known, and not allowed to. */
export const forbidden = (message: string) => new AppError(403, "forbidden", message);
export const notFound = (message: string) => new AppError(404, "not_found", message);
export const conflict = (message: string, details?: ErrorDetail[]) =>
  new AppError(409, "conflict", message, details);
/** The caller may try again: the answer carries `Retry-After`. */
export const unavailable = (message: string) => new AppError(503, "unavailable", message);
/** Too often; `seconds` until it is worth asking again. */
export const rateLimited = (message: string, seconds: number) =>
  new AppError(429, "rate_limited", message, undefined, Math.max(1, Math.ceil(seconds)));
