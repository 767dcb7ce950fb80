export interface Answer<Body = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: Body;
}

/** Sends JSON and reads JSON. `body` that is a string goes as it is. */
export async function send<Body = Record<string, unknown>>(
  method: string,
  url: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer<Body>> {
  const response = await fetch(url, {
    method,
    headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") === true;
  return {
    status: response.status,
    headers: response.headers,
    body: (isJson ? JSON.parse(text) : text) as Body,
  };
}

export const get = <Body = Record<string, unknown>>(url: string, headers: Record<string, string> = {}) =>
  send<Body>("GET", url, undefined, headers);
export const post = <Body = Record<string, unknown>>(
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
) => send<Body>("POST", url, body, headers);
export const patch = <Body = Record<string, unknown>>(url: string, body: unknown) =>
  send<Body>("PATCH", url, body);

/** A trade that the service takes; what a test is about stands in `fields`. */
export function aTrade(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return { model: "gpt-5", symbol: "BTC", side: "buy", qty: 0.5, price: 65_000, pnl: 12.5, ...fields };
}
