import { expect } from "chai";
import type { Browser, Page } from "playwright-core";
import { ADMIN, cookieOf, PRODUCTION } from "../accounts/people.ts";
import { aTrade, post } from "../support/http.ts";
import { type Instance, startInstance } from "../support/instance.ts";
import { newDatabase } from "../support/postgres.ts";
import { PATIENCE_MS, startChromium } from "./chromium.ts";

describe("the pages about accounts", () => {
  let browser: Browser | undefined;
  let instance: Instance;
  let page: Page;
  let complaints: string[];

  before(async function () {
    browser = await startChromium(this);
    instance = await startInstance({ ...PRODUCTION, DATABASE_URL: await newDatabase() });
  });
  after(async () => {
    await browser?.close();
    await instance?.stop();
  });
  beforeEach(async () => {
    page = await (browser as Browser).newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    complaints = [];
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      if (!request.url().startsWith(instance.url)) complaints.push(`asked ${request.url()}`);
    });
  });
  afterEach(() => page.close());

  it("open an account, make a key that writes, revoke it, and sign out", async () => {
    await page.goto(`${instance.url}/login`);
    await page.getByRole("button", { name: "Open an account instead" }).click();
    await page.getByLabel("Email").fill("Trader@Example.com");
    await page.getByLabel(/^Name/).fill("<b>Trader</b>");
    await page.getByLabel(/^Password/).fill("a password of length");
    await page.getByRole("button", { name: "Open an account" }).click();
    await page.getByRole("heading", { name: "<b>Trader</b>" }).waitFor();
    await page.getByText("This browser").waitFor();

    await page.getByLabel("Name").fill("night bot");
    await page.getByLabel(/^Models/).fill("gpt-5\nClaude Sonnet 4.5");
    await page.getByRole("button", { name: "Make key" }).click();
    const secret = (await page.locator("[data-secret]").textContent()) ?? "";
    const bearer = { authorization: `Bearer ${secret}` };
    const write = (model: string) => post(`${instance.url}/api/trades`, aTrade({ model }), bearer);
    expect((await write("Claude Sonnet 4.5")).status).to.equal(201);
    expect((await write("another")).status).to.equal(403);

    page.on("dialog", (dialog) => void dialog.accept());
    await page.getByRole("button", { name: "Revoke night bot" }).click();
    await page.getByRole("button", { name: "Revoke night bot" }).waitFor({ state: "detached" });
    expect((await write("gpt-5")).status).to.equal(401);
    expect(await page.locator("[data-secret]").count()).to.equal(0);

    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    expect(complaints).to.deep.equal([]);
  });

  it("change the password, set it anew by a link, and close the account", async () => {
    const admin = await post(`${instance.url}/api/auth/login`, ADMIN);
    const headers = { cookie: cookieOf(admin.headers) };
    const email = "changing@example.com";
    const { body } = await post<{ user: { id: string } }>(`${instance.url}/api/auth/register`, {
      email,
      password: "a password of length",
    });
    const signIn = async (password: string) => {
      await page.goto(`${instance.url}/login`);
      await page.getByLabel("Email").fill(email);
      await page.getByLabel(/^Password/).fill(password);
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await page.getByRole("heading", { name: email }).waitFor();
    };
    await signIn("a password of length");
    await page.getByLabel("Password as it is").fill("a password of length");
    await page.getByLabel(/^New password/).fill("another password of length");
    await page.getByRole("button", { name: "Change password" }).click();
    await page.getByText("All other browsers were signed out.").waitFor();

    const made = await post<{ link: string }>(
      `${instance.url}/api/admin/users/${body.user.id}/reset`,
      undefined,
      headers,
    );
    await page.goto(made.body.link);
    await page.getByLabel(/^New password/).fill("a third password of length");
    await page.getByRole("button", { name: "Set password" }).click();
    await page.getByText("You were signed out everywhere.").waitFor();
    expect(page.url()).to.equal(`${instance.url}/reset`);

    await signIn("a third password of length");
    page.on("dialog", (dialog) => void dialog.accept());
    await page.getByLabel("Your password").fill("a third password of length");
    await page.getByRole("button", { name: "Close account" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    expect(complaints).to.deep.equal([]);
  });

  it("send whoever is not signed in to the sign-in, and say only that a login is wrong", async () => {
    await page.goto(`${instance.url}/account`);
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.getByLabel("Email").fill("nobody@example.com");
    await page.getByLabel(/^Password/).fill("whatever it is");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").getByText("The email or the password is wrong.").waitFor();
    // The browser itself notes each answer that is no success.
    expect(complaints.filter((text) => !/status of 401/.test(text))).to.deep.equal([]);
  });

  it("obey a policy that lets nothing of the page itself be run, as does the page to try the API", async () => {
    for (const path of ["/login", "/account", "/reset", "/live", "/portfolio"]) {
      const { headers } = await fetch(instance.url + path);
      const policy = headers.get("content-security-policy");
      expect(policy, path).to.include("default-src 'self'").and.not.include("unsafe");
      expect(policy, path).to.include("frame-ancestors 'none'");
    }
    await page.goto(`${instance.url}/docs/`);
    await page.getByRole("heading", { name: /trading-playground/ }).waitFor();
    await page.getByText("/api/auth/login").waitFor();
    expect(complaints).to.deep.equal([]);
  });
});
