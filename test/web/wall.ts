import { expect } from "chai";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { aTrade, post } from "../support/http.ts";
import { type Instance, startInstance } from "../support/instance.ts";
import { newDatabase } from "../support/postgres.ts";
import { freePort } from "../support/redis.ts";
import { PATIENCE_MS, startChromium } from "./chromium.ts";

// Runs in the page.
const WATCH = `
  document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
    console.error("blocked by " + violatedDirective + ": " + blockedURI));
  window.shifts = 0;
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.shifts += shift.value;
  }).observe({ type: "layout-shift", buffered: true });
`;

/** A browser before a running playground: one instance a describe, a fresh page a test. */
export interface Wall {
  readonly url: string;
  readonly page: Page;
  /** Warnings and errors of the page: console, uncaught exceptions, the content security policy. */
  readonly complaints: string[];
  /** Addresses outside of the playground that the page asked for. */
  readonly otherHosts: string[];
  /** How far things moved without anyone's doing: the web's "cumulative layout shift". */
  shifts(): Promise<number>;
  /** Another instance on the same database. */
  startSecond(): Promise<Instance>;
  /** Opens a path and waits until its stream is live. */
  open(path: string): Promise<void>;
  isLive(): Promise<void>;
  /** kill -9; `restart` brings it back at the same address. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  /** The process stops where it is, its connections stay; until `thaw`. */
  freeze(): void;
  thaw(): void;
  /** A page of another shape or scheme takes the place of the present one. */
  reopen(options: BrowserContextOptions): Promise<void>;
  /** POSTs a trade; what the test is about stands in `fields`. */
  trade(fields: object): Promise<void>;
  /** POSTs anything that must succeed. */
  send(path: string, body: object): Promise<void>;
}

/** Prepares a wall for the tests of this describe. */
export function useWall(settings: Record<string, string> = {}): Wall {
  let browser: Browser | undefined;
  let environment: Record<string, string>;
  let instance: Instance | undefined;
  let second: Instance | undefined;
  let context: BrowserContext | undefined;
  let page: Page;
  let complaints: string[] = [];
  let otherHosts: string[] = [];

  before(async function () {
    browser = await startChromium(this);
    environment = { ...settings, DATABASE_URL: await newDatabase(), PORT: String(await freePort()) };
    instance = await startInstance(environment);
  });
  after(async () => {
    await browser?.close();
    await instance?.stop();
    await second?.stop();
  });

  const reopen = async (options: BrowserContextOptions) => {
    await context?.close();
    if (browser === undefined) throw new Error("There is no browser.");
    context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    page = await context.newPage();
    complaints = [];
    otherHosts = [];
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      if (!request.url().startsWith(wall.url)) otherHosts.push(request.url());
    });
    await page.addInitScript({ content: WATCH });
  };
  beforeEach(() => reopen({}));
  afterEach(async () => {
    await context?.close();
    context = undefined;
  });

  const wall: Wall = {
    get url() {
      return instance?.url ?? "";
    },
    get page() {
      return page;
    },
    get complaints() {
      return complaints;
    },
    get otherHosts() {
      return otherHosts;
    },
    shifts: () => page.evaluate<number>("window.shifts"),
    async startSecond() {
      second = await startInstance({ ...environment, PORT: String(await freePort()) });
      return second;
    },
    async open(path) {
      await page.goto(wall.url + path);
      await wall.isLive();
    },
    isLive: () => page.getByRole("status").getByText("Live", { exact: true }).waitFor(),
    async kill() {
      await instance?.kill();
      await page.getByRole("status").getByText("Offline").waitFor();
    },
    freeze: () => void instance?.process.kill("SIGSTOP"),
    thaw: () => void instance?.process.kill("SIGCONT"),
    async restart() {
      instance = await startInstance(environment);
    },
    reopen,
    trade: (fields) => wall.send("/api/trades", aTrade({ ...fields })),
    async send(path, body) {
      const { status } = await post(wall.url + path, body);
      expect(status, path).to.be.within(200, 202);
    },
  };
  return wall;
}
