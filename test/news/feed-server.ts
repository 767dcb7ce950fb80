import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Answerer = (request: IncomingMessage, response: ServerResponse) => void;

/** A web server on loopback whose paths answer what a test tells them. */
export interface FeedServer {
  port: number;
  url(path: string): string;
  /** What `path` answers from now on. */
  on(path: string, answer: string | Answerer): void;
  /** The requests that `path` had. */
  requests(path: string): IncomingMessage[];
  stop(): Promise<void>;
}

export async function startFeedServer(): Promise<FeedServer> {
  const answers = new Map<string, string | Answerer>();
  const seen: IncomingMessage[] = [];
  const listener: RequestListener = (request, response) => {
    seen.push(request);
    const answer = answers.get(request.url ?? "");
    if (answer === undefined) response.writeHead(404).end();
    else if (typeof answer === "string") response.end(answer);
    else answer(request, response);
  };
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: (path) => `http://127.0.0.1:${port}${path}`,
    on: (path, answer) => void answers.set(path, answer),
    requests: (path) => seen.filter(({ url }) => url === path),
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

export interface TestItem {
  title?: string;
  link?: string;
  description?: string;
  date?: string;
}

/** An RSS feed; texts go in as XML. */
export function rss(title: string, items: TestItem[]): string {
  const tag = (name: string, text: string | undefined) =>
    text === undefined ? "" : `<${name}>${text}</${name}>`;
  const parts = items.map(
    (item) =>
      `<item>${tag("title", item.title)}${tag("link", item.link)}${tag("description", item.description)}${tag("pubDate", item.date)}</item>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>${title}</title>${parts.join("")}</channel></rss>`;
}
