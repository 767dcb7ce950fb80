import type { Request, Response } from "express";
import { AppError } from "../errors.ts";
import { quoteDecimals } from "./quote-decimals.ts";

const RETRY_AFTER_SECONDS = 1;

const FIXED_HEADERS = [
  ["content-type", "application/json; charset=utf-8"],
  ["cache-control", "no-store"],
  ["x-content-type-options", "nosniff"],
].flat();

/**
 * Answers with JSON text that is already built.
 * Goes past `res.json`: its ETag and header work costs more than a whole write.
 */
export function sendJson(request: Request, response: Response, status: number, text: string): void {
  const body = request.query.decimals === "string" ? quoteDecimals(text) : text;
  // A flat list: node takes it as it is.
  response.writeHead(status, [...FIXED_HEADERS, "content-length", String(Buffer.byteLength(body))]);
  response.end(body);
}

/** Translates whatever was thrown into the contract's error answer. */
export function sendError(request: Request, response: Response, error: AppError): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (error.status === 503 || error.status === 429) {
    response.setHeader("retry-after", String(error.retryAfter ?? RETRY_AFTER_SECONDS));
  }
  const { code, details } = error;
  const body = {
    success: false,
    error: error.message,
    code,
    ...(details && details.length > 0 && { details }),
  };
  sendJson(request, response, error.status, JSON.stringify(body));
}

/** What a thrown value means to the client; anything unknown is a 500 that tells nothing of the inside. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  if (isHttpError(thrown)) {
    const code =
      thrown.status === 404 ? "not_found" : thrown.status === 413 ? "payload_too_large" : "validation_error";
    return new AppError(thrown.status, code, "The request is not valid HTTP for this service.");
  }
  return new AppError(500, "internal_error", "Something went wrong on the server; it has been logged.");
}

function isHttpError(thrown: unknown): thrown is { status: number } {
  return (
    thrown instanceof Error &&
    "status" in thrown &&
    typeof thrown.status === "number" &&
    thrown.status >= 400 &&
    thrown.status < 500
  );
}
