import type { Express, Request, RequestHandler } from "express";

/** Lets a request through, at once or later. @throws AppError */
export type RouteGuard = (request: Request) => Promise<void> | undefined;

const METHODS = ["get", "post", "put", "patch", "delete"] as const;

/**
 * Puts a guard before the handlers of every route that is added from now on. It is part of the route, so there is no
 * way of writing a path that reaches the one without the other.
 * @param guardOf gets the route as `METHOD /path/{parameter}`; undefined: whoever comes may. @throws to refuse the route.
 */
export function guardRoutes(app: Express, guardOf: (route: string) => RouteGuard | undefined): void {
  for (const method of METHODS) {
    const add = app[method].bind(app) as (path: string, ...handlers: RequestHandler[]) => Express;
    const guarded = (path: string, ...handlers: RequestHandler[]) => {
      // With one argument, `app.get` reads a setting.
      if (handlers.length === 0) return add(path);
      const guard = guardOf(`${method.toUpperCase()} ${path.replace(/:(\w+)/g, "{$1}")}`);
      return guard === undefined ? add(path, ...handlers) : add(path, before(guard), ...handlers);
    };
    Object.assign(app, { [method]: guarded });
  }
}

function before(guard: RouteGuard): RequestHandler {
  return (request, _response, next) => {
    const waiting = guard(request);
    if (waiting === undefined) next();
    else waiting.then(() => next(), next);
  };
}
