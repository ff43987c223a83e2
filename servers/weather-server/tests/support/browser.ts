import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Browser, Frame, Page } from "playwright-core";
import { FORECAST_APP_URI } from "../../src/resources/forecast-app.ts";
import { bundle } from "../app/bundle.ts";
import type { Weather } from "./weather.ts";

/** A Chromium of this machine, if it has one. */
export const CHROMIUM = [
  process.env.CHROMIUM_PATH,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
].find((path) => path !== undefined && existsSync(path));

/** CSS pixels of a small phone. */
export const PHONE = { width: 360, height: 740 };

export async function launch(): Promise<{ browser: Browser; hostScript: string }> {
  const { chromium } = await import("playwright-core");
  const hostScript = await bundle(new URL("../app/host.ts", import.meta.url));
  const options = { executablePath: CHROMIUM ?? "", args: ["--no-sandbox"] };
  return { browser: await chromium.launch(options), hostScript };
}

export async function pageOf({ instance }: Weather): Promise<string> {
  const signal = new AbortController().signal;
  const { result } = await instance.read(FORECAST_APP_URI, { era: "modern", signal });
  const [first] = result && "contents" in result ? result.contents : [];
  return first && "text" in first ? first.text : "";
}

export interface Shown {
  page: Page;
  /** The page of the forecast, inside the host's. */
  app: Frame;
  /** What the browser complains of, and what it is asked to load. */
  faults: string[];
  text(selector: string): Promise<string>;
}

export interface HowShown {
  theme?: "light" | "dark";
  scheme?: "light" | "dark";
  width?: number;
}

/** A forecast in the frame of a host, with the network cut. */
export async function showForecast(
  { browser, hostScript }: Awaited<ReturnType<typeof launch>>,
  weather: Weather,
  input: Record<string, unknown>,
  { theme, scheme = "light", width = PHONE.width }: HowShown = {},
): Promise<Shown> {
  const viewport = { ...PHONE, width };
  const deviceScaleFactor = process.env.WEATHER_LOOK ? 1.5 : 1;
  const options = { viewport, colorScheme: scheme, deviceScaleFactor, offline: true };
  const page = await browser.newPage(options);
  const faults: string[] = [];
  page.on("pageerror", (error) => void faults.push(error.message));
  page.on("request", (request) => {
    if (/^https?:/.test(request.url())) faults.push(request.url());
  });
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text());
  });
  await page.exposeFunction("callTool", (name: string, given: object) => weather.call(name, given));
  await page.setContent(
    '<body style="margin:0"><iframe sandbox="allow-scripts" style="border:0;display:block;width:100%"></iframe></body>',
  );
  await page.addScriptTag({ content: hostScript, type: "module" });
  await page.waitForFunction(() => "show" in window);
  const html = await pageOf(weather);
  await page.evaluate(([text, given, shown]) => window.show(text, given, shown), [
    html,
    input,
    theme,
  ] as const);
  const app = page.frames().find((frame) => frame !== page.mainFrame());
  if (!app) throw new Error("no frame");
  await app.locator("#chart svg, #error:not(:empty)").first().waitFor({ state: "attached" });
  const text = async (selector: string) => (await app.locator(selector).textContent()) ?? "";
  return { page, app, faults, text };
}

/** Pictures to look at, where WEATHER_LOOK names a folder for them. */
export async function look({ page, app }: Shown, name: string): Promise<void> {
  const folder = process.env.WEATHER_LOOK;
  if (!folder) return;
  const height = await app.locator("html").evaluate((html) => html.scrollHeight);
  const { width } = page.viewportSize() ?? PHONE;
  await page.setViewportSize({ width, height });
  await page.waitForTimeout(200);
  await page.screenshot({ path: resolve(folder, `${name}.png`) });
}
