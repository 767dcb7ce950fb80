import { readFileSync } from "node:fs";
import type { Express } from "express";
import type { Registry } from "prom-client";
import swaggerUi from "swagger-ui-express";
import { pageHeaders } from "../platform/http/page-headers.ts";
import { sendJson } from "../platform/http/respond.ts";

export interface Readiness {
  ready: boolean;
  degraded: boolean;
  checks: Record<string, "up" | "down" | "off">;
}

export interface OperationsContext {
  readiness: () => Promise<Readiness>;
  metrics: Registry;
  openApi: object;
}

const ASYNCAPI = new URL("../../docs/asyncapi.yaml", import.meta.url);

const NOT_SNIFFED = { "x-content-type-options": "nosniff" };

/** Routes for those who run the service and those who program against it. */
export function operationsRoutes(app: Express, { readiness, metrics, openApi }: OperationsContext): void {
  const openApiText = JSON.stringify(openApi);
  const asyncApiText = readFileSync(ASYNCAPI, "utf8");

  app.get("/healthz", (request, response) => sendJson(request, response, 200, '{"status":"alive"}'));

  app.get("/readyz", async (request, response) => {
    const { ready, degraded, checks } = await readiness();
    const status = ready ? (degraded ? "degraded" : "ready") : "unavailable";
    if (!ready) response.setHeader("retry-after", "1");
    sendJson(request, response, ready ? 200 : 503, JSON.stringify({ status, degraded, checks }));
  });

  app.get("/metrics", async (_request, response) => {
    const text = await metrics.metrics();
    response.writeHead(200, { "content-type": metrics.contentType, ...NOT_SNIFFED }).end(text);
  });

  app.get("/openapi.json", (request, response) => sendJson(request, response, 200, openApiText));

  app.get("/asyncapi.yaml", (_request, response) => {
    response
      .writeHead(200, { "content-type": "application/yaml; charset=utf-8", ...NOT_SNIFFED })
      .end(asyncApiText);
  });

  const headers = pageHeaders({ inlineStyles: true, dataImages: true });
  const page = swaggerUi.setup(openApi, { customSiteTitle: "trading-playground API" });
  app.use("/docs", headers, swaggerUi.serve, page);
}
