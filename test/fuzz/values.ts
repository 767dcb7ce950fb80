import fc from "fast-check";

/** A schema as the OpenAPI document writes it. */
export interface JsonSchema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
}

const HOSTILE_TEXTS = [
  "",
  " ",
  "\0",
  "\ud800",
  "\u202e",
  "🔑",
  "null",
  "undefined",
  "__proto__",
  "constructor",
  "toString",
  "../../etc/passwd",
  "'; DROP TABLE trades; --",
  "$1",
  "%00",
  "%",
  "\r\nx: y",
  "<script>",
  "1e400",
  "-0",
  "NaN",
  "0x10",
  "99999999999999999999999999",
  "0.0000000000000000000000001",
  "9999-12-31T23:59:59.999Z",
  "0000-00-00T00:00:00Z",
  "2026-02-30T25:61:61+99:99",
];
const HOSTILE_NUMBERS = [0, -0, -1, 1e308, -1e308, 5e-324, 2 ** 53, 2 ** 63, 0.1 + 0.2, 1e-19];

/** Values that programs stumble over. */
export const hostile: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(...HOSTILE_TEXTS, ...HOSTILE_NUMBERS, null, true, [], {}),
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.constant("x".repeat(3000)),
  fc.jsonValue({ maxDepth: 3 }),
  fc.constant(JSON.parse(`${"[".repeat(20)}${"]".repeat(20)}`) as unknown),
);

const numeric = fc.oneof(
  fc.double({ min: 0.000001, max: 1e9, noNaN: true }),
  fc.integer({ min: -10, max: 1000 }),
  fc.constantFrom("1", "0.5", "12345678901234567890.123456789012345678"),
);

/** Mostly what a schema asks for, now and then something else. @param find resolves a `$ref`. */
export function valuesOf(schema: JsonSchema, find: (ref: string) => JsonSchema): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 14, arbitrary: asAsked(schema, find) }, { weight: 1, arbitrary: hostile });
}

function asAsked(schema: JsonSchema, find: (ref: string) => JsonSchema): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) return asAsked(find(schema.$ref), find);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (choices !== undefined) return fc.oneof(...choices.map((choice) => asAsked(choice, find)));
  const types = Array.isArray(schema.type) ? schema.type : [schema.type ?? "object"];
  if (types.includes("number") && types.includes("string")) return numeric;
  return fc.oneof(...types.map((type) => ofType(type, schema, find)));
}

function ofType(type: string, schema: JsonSchema, find: (ref: string) => JsonSchema): fc.Arbitrary<unknown> {
  const { minimum = 0, maximum = 1_000_000, items = {}, properties, required = [] } = schema;
  switch (type) {
    case "string":
      return text(schema);
    case "integer":
      return fc.integer({ min: Math.max(minimum, -(2 ** 31)), max: Math.min(maximum, 2 ** 31 - 1) });
    case "number":
      return numeric;
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "array":
      return fc.array(valuesOf(items, find), { maxLength: 4 });
    default: {
      if (properties === undefined)
        return fc.dictionary(fc.string({ maxLength: 10 }), fc.jsonValue({ maxDepth: 2 }));
      const fields = Object.entries(properties).map(
        ([name, field]) => [name, valuesOf(field, find)] as const,
      );
      return fc.record(Object.fromEntries(fields), { requiredKeys: required });
    }
  }
}

function text({ format, minLength = 0, maxLength = 40 }: JsonSchema): fc.Arbitrary<unknown> {
  if (format === "date-time") return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  if (format === "email") return fc.uuid().map((id) => `${id}@example.com`);
  return fc.oneof(
    fc.constantFrom("BTC", "gpt-5", "api", "1m", "trades"),
    fc.string({ minLength, maxLength: Math.min(maxLength, 40) }),
  );
}
