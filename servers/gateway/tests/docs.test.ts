import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "./shared/testing/build.ts";
import { type Rest, startRest } from "./support/rest.ts";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((file) =>
  existsSync(file),
);

let rest: Rest;
beforeAll(async () => {
  await ensureBuilt();
  rest = await startRest();
}, 60_000);
afterAll(() => rest.stop());

it.each(["/docs", "/redoc"])("%s may load nothing from elsewhere", async (path) => {
  const answer = await rest.get(path);
  const html = await answer.text();
  expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(answer.headers.get("content-security-policy")).toContain("script-src 'self';");
  expect(html).not.toMatch(/https?:\/\//);
  for (const [, src = ""] of html.matchAll(/(?:src|href)="([^"]+)"/g))
    expect((await rest.get(src)).status, src).toBe(200);
});

describe.skipIf(CHROMIUM === undefined)("in Chromium (apt-get install chromium)", () => {
  let browser: Browser;
  beforeAll(async () => {
    const args = ["--no-sandbox", "--disable-dev-shm-usage"];
    browser = await chromium.launch({ executablePath: CHROMIUM ?? "", args });
  }, 60_000);
  afterAll(() => browser.close());

  /** A page that reaches this gateway and nothing else; what went wrong on it. */
  async function open(path: string) {
    const context = await browser.newContext();
    const wrong: string[] = [];
    await context.route("**/*", async (route) => {
      const url = route.request().url();
      if (url.startsWith(new URL("/", rest.gateway.url).href) || /^(data|blob):/.test(url))
        return route.continue();
      wrong.push(`asked for ${url}`);
      return route.abort();
    });
    const page = await context.newPage();
    page.on("pageerror", (error) => wrong.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") wrong.push(message.text());
    });
    await page.goto(new URL(path, rest.gateway.url).href);
    return { page, wrong, close: () => context.close() };
  }

  it("Swagger UI runs a tool and shows its result", async () => {
    const { page, wrong, close } = await open("/docs");
    const operation = page.locator("#operations-typed-typed__add");
    await operation.locator(".opblock-summary-control").click();
    await operation.locator("textarea").first().fill('{ "a": 40, "b": 2 }');
    await operation.getByRole("button", { name: "Execute" }).click();
    const live = operation.locator(".live-responses-table");
    await live.waitFor();
    expect(await live.textContent()).toMatch(/200[\s\S]*"sum"[\s\S]*42/);
    expect(wrong).toEqual([]);
    await close();
  }, 60_000);

  it("ReDoc shows the tools", async () => {
    const { page, wrong, close } = await open("/redoc");
    await page.getByRole("heading", { name: "Title of grow" }).first().waitFor();
    expect(await page.textContent("body")).toContain("/typed/tools/grow");
    expect(wrong).toEqual([]);
    await close();
  }, 60_000);
});
