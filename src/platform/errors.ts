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
  ) {
    super(message);
  }
}

export const validationError = (message: string, details?: ErrorDetail[]) =>
  new AppError(400, "validation_error", message, details);
export const notFound = (message: string) => new AppError(404, "not_found", message);
export const conflict = (message: string, details?: ErrorDetail[]) =>
  new AppError(409, "conflict", message, details);
/** The caller may try again: the answer carries `Retry-After`. */
export const unavailable = (message: string) => new AppError(503, "unavailable", message);
