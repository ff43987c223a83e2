import { cp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { BrowserContextOptions, Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { ensureBuilt } from "./shared/testing/build.ts";
import { startHttp } from "./shared/testing/http.ts";
import { until } from "./shared/testing/within.ts";
import { addKey, startGuarded } from "./support/access.ts";
import { describeInChromium } from "./support/chromium.ts";
import { testFolder, writeConfig } from "./support/folders.ts";
import { startFixtures, type TestGateway } from "./support/gateway.ts";
import { startPinned, toolOf } from "./support/pinned.ts";
import { startRest } from "./support/rest.ts";

beforeAll(() => ensureBuilt(), 60_000);

const call = (gateway: TestGateway, server: string, tool: string) =>
  gateway.rpc(server, "modern", "tools/call", { name: tool, arguments: {} });

describe("the dashboard at /", () => {
  it("is a page for a browser and JSON for a program", async () => {
    const gateway = await startFixtures("alpha");
    const page = await fetch(new URL("/", gateway.url), { headers: { accept: "text/html,*/*" } });
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(page.headers.get("vary")).toBe("accept");
    const html = await page.text();
    const json = await fetch(new URL("/", gateway.url));
    expect(await json.json()).toMatchObject({ name: "gateway", mcp: "/mcp" });

    expect(html).not.toMatch(/https?:\/\//);
    for (const [, src = ""] of html.matchAll(/(?:src|href)="(\/dashboard[^"]+)"/g))
      expect((await fetch(new URL(src, gateway.url))).status, src).toBe(200);
    expect((await fetch(new URL("/dashboard/other.js", gateway.url))).status).toBe(404);
    expect(
      (await fetch(new URL("/dashboard/page.js", gateway.url), { method: "POST" })).status,
    ).toBe(405);
  });

  it("says how it is built where it is not, and everything else works", async () => {
    const root = await testFolder();
    for (const file of ["dist", "package.json"])
      await cp(file, join(root, file), { recursive: true });
    for (const folder of ["dashboard", "docs"])
      await rm(join(root, "dist", folder), { recursive: true });
    const entry = join(root, "dist", "http.js");
    const gateway = await startHttp({
      entry,
      env: { GATEWAY_CONFIG: await writeConfig(root, {}) },
    });
    const get = (path: string) =>
      fetch(new URL(path, gateway.url), { headers: { accept: "text/html" } });
    for (const path of ["/", "/dashboard/page.js", "/docs/swagger-ui-bundle.js"]) {
      const answer = await get(path);
      expect(answer.status, path).toBe(503);
      expect(await answer.text(), path).toContain("npx -y pnpm@12 run build");
    }
    expect((await get("/docs")).status).toBe(200);
    expect((await get("/ready")).status).toBe(200);
    expect(await (await fetch(new URL("/", gateway.url))).json()).toMatchObject({ mcp: "/mcp" });
  });

  it("may load nothing from elsewhere and run no script in the page", async () => {
    const gateway = await startFixtures("alpha");
    const page = await fetch(new URL("/", gateway.url), { headers: { accept: "text/html" } });
    const policy = page.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("unsafe");
    expect(policy).toContain("frame-ancestors 'none'");
  });

  it("tells who has no key nothing of the servers", async () => {
    const guarded = await startGuarded({
      prepare: (root) => void addKey(root, "ann", "--scope", "admin"),
    });
    const page = await fetch(new URL("/", guarded.gateway.url), {
      headers: { accept: "text/html" },
    });
    expect(page.status).toBe(200);
    for (const path of ["/dashboard/page.js", "/dashboard/page.css"])
      expect((await fetch(new URL(path, guarded.gateway.url))).status).toBe(200);
    expect((await fetch(new URL("/", guarded.gateway.url))).status, "JSON").toBe(401);
  });
});

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core"), "utf8");

/** What axe finds of the kinds that keep somebody out. */
async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found = await page.evaluate("axe.run()");
  return (
    found as { violations: { id: string; impact: string; nodes: { html: string }[] }[] }
  ).violations
    .filter(({ impact }) => ["serious", "critical"].includes(impact))
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

const VIEWS: Record<string, BrowserContextOptions> = {
  light: { viewport: { width: 1200, height: 800 }, colorScheme: "light" },
  dark: { viewport: { width: 1200, height: 800 }, colorScheme: "dark" },
  "a phone": { viewport: { width: 390, height: 800 }, colorScheme: "light", hasTouch: true },
};

describeInChromium((open) => {
  const row = (page: Page, server: string) =>
    page.locator(".cards tbody tr", {
      has: page.getByRole("rowheader", { name: new RegExp(`^${server} `) }),
    });
  const calls = (page: Page) => page.getByRole("img", { name: /calls in two minutes/ });

  it("lists the servers, runs a tool by keyboard, and its chart moves", async () => {
    const rest = await startRest();
    const { page, wrong, close } = await open(new URL("/", rest.gateway.url).href);
    await expect
      .poll(() => calls(page).getAttribute("aria-label"), { timeout: 20_000 })
      .toContain("0 calls");
    expect(await row(page, "typed").textContent()).toContain("ready");
    expect(await row(page, "away").textContent()).not.toContain("ready");

    await page.getByRole("button", { name: /tools? of typed$/ }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "add", exact: true }).press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Run" }).press("Enter");
    expect(await dialog.locator("#f-a").getAttribute("aria-invalid"), "what is missing").toBe(
      "true",
    );
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("f-a");
    await dialog.locator("#f-a").fill("forty");
    await dialog.locator("#f-b").fill("2");
    await page.keyboard.press("Enter");
    await dialog.getByText("This is no number").waitFor();
    await dialog.locator("#f-a").fill("40");
    await page.keyboard.press("Enter");
    await dialog.getByText("Answered in").waitFor();
    expect(JSON.parse((await dialog.locator("pre").textContent()) ?? "")).toEqual({ sum: 42 });
    await page.keyboard.press("Escape");
    expect(await dialog.count()).toBe(0);

    await expect
      .poll(() => calls(page).getAttribute("aria-label"), { timeout: 20_000 })
      .toContain("1 calls");
    const before = await calls(page).locator(".bar").first().getAttribute("d");
    expect(before).not.toBe("");
    await expect
      .poll(() => calls(page).locator(".bar").first().getAttribute("d"), { timeout: 20_000 })
      .not.toBe(before);
    expect(await page.getByRole("region", { name: "Last calls" }).textContent()).toMatch(
      /add\s*typed/,
    );
    expect(wrong).toEqual([]);
    await close();
    await rest.stop();
  }, 90_000);

  it("shows a server die and come back, and restarts one when asked", async () => {
    const gateway = await startFixtures("alpha", "beta");
    const { page, wrong, close } = await open(new URL("/", gateway.url).href);
    await row(page, "alpha").getByText("ready").waitFor();
    // each time that it dies it is left alone for longer
    await until(async () => {
      await call(gateway, "alpha", "crash");
      const text = await row(page, "alpha").textContent();
      return text?.includes("thrown in a timer") ?? false;
    }, "alpha in trouble");
    await row(page, "alpha").getByText("ready").waitFor({ timeout: 30_000 });
    const restarts = row(page, "alpha").locator('[data-label="Restarts"]');
    await expect.poll(async () => Number(await restarts.textContent())).toBeGreaterThan(0);
    expect(await row(page, "beta").locator('[data-label="Restarts"]').textContent()).toBe("0");
    const happened = await page.getByRole("region", { name: "What happened" }).textContent();
    expect(happened).toContain("alpha is backoff");

    await page.getByRole("button", { name: /of beta$/ }).click();
    await page.getByRole("button", { name: "Restart beta" }).click();
    await page.getByText("It is restarted.").waitFor();
    await expect
      .poll(() => row(page, "beta").locator('[data-label="Restarts"]').textContent(), {
        timeout: 20_000,
      })
      .toBe("1");
    expect(wrong).toEqual([]);
    await close();
  }, 90_000);

  it("shows what changed in a held-back definition, and approves it", async () => {
    const pinned = await startPinned([toolOf("keep"), toolOf("turn")]);
    await pinned.setTools([toolOf("keep"), toolOf("turn", "Now it does something else")]);
    await pinned.act({ action: "restart", server: "shifting" });
    await until(async () => (await pinned.state()).held.length === 1, "The change");
    const { page, wrong, close } = await open(new URL("/", pinned.gateway.url).href);
    const section = page.getByRole("region", { name: "Held-back definitions" });
    expect(await section.textContent()).toMatch(/turn it.*Now it does something else/s);
    expect(await barriers(page)).toEqual([]);
    await section.getByRole("button", { name: "Approve turn" }).click();
    await section.waitFor({ state: "detached" });
    expect((await pinned.state()).held).toEqual([]);
    expect(wrong).toEqual([]);
    await close();
  }, 90_000);

  it("shows what servers call themselves as text, and runs nothing of it", async () => {
    const evil = "<img src=x onerror=\"document.title='owned'\">";
    const pinned = await startPinned([toolOf("a", evil, { title: evil })]);
    await pinned.setTools([toolOf("a", `${evil} changed`, { title: evil })]);
    await pinned.act({ action: "restart", server: "shifting" });
    await until(async () => (await pinned.state()).held.length === 1, "The change");
    const at = (path: string) => open(new URL(path, pinned.gateway.url).href);
    const { page, wrong, close } = await at("/");
    await page.getByText("changed").first().waitFor();
    expect(await page.textContent("body")).toContain(evil);
    expect(await page.locator("img").count()).toBe(0);
    expect(await page.title()).not.toBe("owned");
    expect(wrong).toEqual([]);
    await close();
    const [held] = (await pinned.state()).held;
    const { server, kind, name, digest } = held;
    await pinned.act({ action: "approve", server, kind, name, digest });
    for (const path of ["/docs", "/redoc"]) {
      const shown = await at(path);
      await shown.page.getByText("/shifting/tools/a").first().waitFor();
      expect(await shown.page.title(), path).not.toBe("owned");
      await shown.close();
    }
  }, 60_000);

  it("asks for a key where access is controlled, and says when it is wrong", async () => {
    let key = "";
    const guarded = await startGuarded({
      prepare: (root) => {
        key = addKey(root, "ann", "--scope", "admin");
      },
    });
    const { page, close } = await open(new URL("/", guarded.gateway.url).href);
    const field = page.getByLabel("A key or token with the scope admin");
    await field.fill("wrong");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    expect(await barriers(page)).toEqual([]);
    await field.fill(key);
    await page.keyboard.press("Enter");
    await page.getByRole("region", { name: "Servers" }).waitFor();
    expect(
      await page.evaluate(() =>
        JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
      ),
    ).toBe('[{},{},""]');
    await close();
  }, 90_000);

  it.each(Object.entries(VIEWS))(
    "keeps nobody out in %s",
    async (_, view) => {
      const gateway = await startFixtures("alpha", "beta");
      await call(gateway, "alpha", "echo");
      await call(gateway, "alpha", "throw");
      const { page, wrong, close } = await open(new URL("/", gateway.url).href, view);
      await page.getByRole("button", { name: /of alpha$/ }).click();
      await page.getByRole("button", { name: "echo", exact: true }).waitFor();
      expect(await barriers(page)).toEqual([]);
      const wide = await page.evaluate(
        () => document.documentElement.scrollWidth - window.innerWidth,
      );
      expect(wide, "the page is not scrolled sideways").toBeLessThanOrEqual(0);
      await page.getByRole("button", { name: "echo", exact: true }).click();
      await page.getByRole("button", { name: "Run" }).click();
      await page.getByText("Answered in").waitFor();
      expect(await barriers(page)).toEqual([]);
      expect(wrong).toEqual([]);
      await close();
    },
    90_000,
  );
});
