import { Agent, request as send } from "node:http";
import { expect } from "chai";
import fc from "fast-check";
import { buildOpenApi } from "../../src/contracts/openapi/index.ts";
import { makeKey, type Person, PRODUCTION, signUp } from "../accounts/people.ts";
import { get } from "../support/http.ts";
import { type Instance, startInstance } from "../support/instance.ts";
import { newDatabase } from "../support/postgres.ts";
import { hostile, type JsonSchema, valuesOf } from "./values.ts";

/** FUZZ_REQUESTS takes a larger number for a longer run, FUZZ_SEED the seed that a failure told. */
const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 8_000);
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
const BATCH = 100;
const AT_ONCE = 32;

interface Parameter {
  name: string;
  in: "query" | "path" | "header";
  schema: JsonSchema;
}
interface Operation {
  parameters?: Parameter[];
  requestBody?: { content: { "application/json": { schema: JsonSchema } } };
}
interface Fuzzed {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | undefined;
}

const documented = JSON.parse(JSON.stringify(buildOpenApi())) as {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, JsonSchema> };
};
const find = (ref: string) => documented.components.schemas[ref.split("/").at(-1) ?? ""] ?? {};

/** Requests to one operation: its own parameters and body, mostly as they must be, and what else comes to mind. */
function requestsOf(path: string, method: string, operation: Operation): fc.Arbitrary<Fuzzed> {
  const { parameters = [], requestBody } = operation;
  const ofKind = (kind: Parameter["in"]) =>
    fc.record(
      Object.fromEntries(
        parameters.filter((one) => one.in === kind).map((one) => [one.name, valuesOf(one.schema, find)]),
      ),
      { requiredKeys: kind === "path" ? undefined : [] } as { requiredKeys?: [] },
    );
  const schema = requestBody?.content["application/json"].schema;
  const body =
    schema === undefined
      ? fc.constant(undefined)
      : fc.oneof(
          { weight: 12, arbitrary: valuesOf(schema, find).map((value) => JSON.stringify(value)) },
          { weight: 2, arbitrary: hostile.map((value) => JSON.stringify(value)) },
          { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 100 }) },
        );
  const type = fc.oneof(
    { weight: 20, arbitrary: fc.constant("application/json") },
    { weight: 1, arbitrary: fc.constantFrom("text/plain", "application/json; charset=utf-16", "x") },
  );
  return fc
    .record({
      query: ofKind("query"),
      inPath: ofKind("path"),
      sent: ofKind("header"),
      body,
      type,
      extra: fc.boolean(),
    })
    .map(({ query, inPath, sent, body: text, type: contentType, extra }) => {
      const search = new URLSearchParams(
        Object.entries(query).map(([name, value]) => [name, asText(value)] as [string, string]),
      );
      if (extra && search.size > 0) search.append(String([...search.keys()][0]), "twice");
      const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encoded(asText(inPath[name])));
      return {
        method: method.toUpperCase(),
        path: search.size === 0 ? filled : `${filled}?${search}`,
        headers: {
          ...Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, headerText(value)])),
          // node says nothing of the length of a DELETE's body, which would be taken for the next request.
          ...(text !== undefined && {
            "content-type": contentType,
            "content-length": String(Buffer.byteLength(text)),
          }),
        },
        body: text,
      };
    });
}

const asText = (value: unknown) => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));
const encoded = (text: string) => encodeURIComponent(text.toWellFormed()) || "x";
const headerText = (value: unknown) => asText(value).replace(/[^\x20-\x7e]/g, "?");

/** To sign out, or in as someone else, would end the session that all requests share. */
const KEEPS_NO_SESSION = /\/auth\/(?:register|login|logout|sessions|account|password)(?:\?|$)/;

describe("requests made from the OpenAPI document", function () {
  this.timeout(600_000);
  let instance: Instance;
  let person: Person;
  let credentials: Record<string, string>[];
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });

  before(async () => {
    const databaseUrl = await newDatabase();
    instance = await startInstance({ ...PRODUCTION, DATABASE_URL: databaseUrl, PRICE_FEED: "simulated" });
    person = await signUp(instance.url, databaseUrl, "admin");
    const { bearer } = await makeKey(instance.url, person);
    credentials = [{ cookie: person.cookie }, bearer, { authorization: "Bearer tpk_x" }, {}];
  });
  after(async () => {
    agent.destroy();
    await instance?.stop();
  });

  function answerTo(
    { method, path, headers, body }: Fuzzed,
    credential: Record<string, string>,
  ): Promise<number> {
    return new Promise((resolve, reject) => {
      const request = send(
        instance.url + path,
        { agent, method, headers: { ...headers, ...(KEEPS_NO_SESSION.test(path) ? {} : credential) } },
        (response) => {
          // An event stream never ends.
          if (response.headers["content-type"]?.startsWith("text/event-stream")) response.destroy();
          else response.resume();
          response.on("close", () => resolve(response.statusCode ?? 0));
        },
      );
      request.on("error", reject);
      request.end(body);
    });
  }

  it(`are answered without a 5xx, ${REQUESTS} of them, and leave the service as it was`, async () => {
    const operations = Object.entries(documented.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => requestsOf(path, method, operation)),
    );
    const statuses = new Map<number, number>();
    const anyRequest = fc.tuple(fc.oneof(...operations), fc.nat({ max: 3 }));
    await fc.assert(
      fc.asyncProperty(fc.array(anyRequest, { minLength: BATCH, maxLength: BATCH }), async (requests) => {
        await Promise.all(
          requests.map(async ([request, index]) => {
            const status = await answerTo(request, credentials[index] ?? {});
            statuses.set(status, (statuses.get(status) ?? 0) + 1);
            if (status >= 500) throw new Error(`${status} to ${JSON.stringify(request)}`);
          }),
        );
      }),
      { numRuns: Math.ceil(REQUESTS / BATCH), seed: SEED, endOnFailure: true },
    );
    expect(instance.process.exitCode, instance.output()).to.equal(null);
    expect((await get(`${instance.url}/readyz`)).status).to.equal(200);
    expect(instance.output()).to.not.include("a request failed");
    // Not all of it was turned away at the door.
    for (const status of [200, 201, 400, 401, 404])
      expect(statuses.get(status), String(status)).to.be.greaterThan(20);
  });
});
