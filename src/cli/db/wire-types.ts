/** The part of JSON Schema that our OpenAPI document uses. */
interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  description?: string;
}

interface Content {
  content?: Record<string, { schema?: Schema }>;
}

interface Operation {
  summary?: string;
  parameters?: { name: string; in: string; required?: boolean; schema?: Schema }[];
  requestBody?: Content;
  responses?: Record<string, Content>;
}

export interface Document {
  paths?: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, Schema> };
}

const HEAD = `// Generated from openapi.json by \`npm run db:generate\`. Change src/contracts and run it again.
`;

/**
 * TypeScript types for clients, one entry an operation: `Api["POST /api/trades"]["body"]`, `["answers"][201]`.
 * Made from the document and not from zod's own types, so that a client can take this one file and nothing else.
 */
export function wireTypes(document: Document): string {
  const named = Object.entries(document.components?.schemas ?? {}).map(
    ([name, schema]) => `export type ${name} = ${typeOf(schema, "")};\n`,
  );
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => operationType(method, path, operation)),
  );
  return [HEAD, ...named, `export interface Api {\n${operations.join("\n")}\n}\n`].join("\n");
}

function operationType(method: string, path: string, operation: Operation): string {
  const fields = [
    ...(["query", "path", "header"] as const).flatMap((place) => parametersType(place, operation)),
    ...(operation.requestBody === undefined ? [] : [`body: ${contentType(operation.requestBody)};`]),
    `answers: {\n${Object.entries(operation.responses ?? {})
      .map(([status, content]) => `      ${status}: ${contentType(content, "      ")};`)
      .join("\n")}\n    };`,
  ];
  const summary = operation.summary === undefined ? "" : `  /** ${operation.summary} */\n`;
  return `${summary}  ${JSON.stringify(`${method.toUpperCase()} ${path}`)}: {\n${fields.map((field) => `    ${field}\n`).join("")}  };`;
}

function parametersType(place: "query" | "path" | "header", { parameters = [] }: Operation): string[] {
  const ours = parameters.filter((parameter) => parameter.in === place);
  if (ours.length === 0) return [];
  const lines = ours.map(
    ({ name, required, schema }) =>
      `      ${key(name)}${required ? "" : "?"}: ${typeOf(schema ?? {}, "      ")};`,
  );
  return [`${place}: {\n${lines.join("\n")}\n    };`];
}

function contentType({ content = {} }: Content, indent = "    "): string {
  const [[type, { schema } = {}] = []] = Object.entries(content);
  // What is not JSON arrives as text.
  return type === "application/json" ? typeOf(schema ?? {}, indent) : "string";
}

function typeOf(schema: Schema, indent: string): string {
  if (schema.$ref !== undefined) return schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1);
  if ("const" in schema) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return union(schema.enum.map((value) => JSON.stringify(value)));
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return union(choices.map((choice) => typeOf(choice, indent)));
  if (schema.allOf !== undefined) return schema.allOf.map((part) => `(${typeOf(part, indent)})`).join(" & ");
  const types = [schema.type ?? []].flat();
  if (types.length === 0) return schema.properties === undefined ? "unknown" : objectType(schema, indent);
  return union(types.map((type) => simpleType(type, schema, indent)));
}

function simpleType(type: string, schema: Schema, indent: string): string {
  if (type === "object") return objectType(schema, indent);
  if (type === "array") return `(${typeOf(schema.items ?? {}, indent)})[]`;
  if (type === "integer") return "number";
  return ["string", "number", "boolean", "null"].includes(type) ? type : "unknown";
}

function objectType({ properties, required, additionalProperties }: Schema, indent: string): string {
  if (properties === undefined) {
    return `Record<string, ${typeof additionalProperties === "object" ? typeOf(additionalProperties, indent) : "unknown"}>`;
  }
  const inner = `${indent}  `;
  const lines = Object.entries(properties).map(([name, schema]) => {
    const comment = schema.description === undefined ? "" : `${inner}/** ${schema.description} */\n`;
    return `${comment}${inner}${key(name)}${required?.includes(name) ? "" : "?"}: ${typeOf(schema, inner)};`;
  });
  return `{\n${lines.join("\n")}\n${indent}}`;
}

const union = (types: string[]) => [...new Set(types)].join(" | ");
const key = (name: string) => (/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name));
