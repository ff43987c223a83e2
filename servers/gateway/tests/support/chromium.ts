import { existsSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe } from "vitest";

/** Debian's package; where it is missing, what needs a browser is skipped. */
const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((file) =>
  existsSync(file),
);

const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: CHROMIUM ?? "",
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });

/** Opens a page in the browser of a suite. */
export type Open = (url: string, options?: BrowserContextOptions) => Promise<OpenPage>;

/** Describes what holds in a browser, which all tests of the suite share. */
export function describeInChromium(suite: (open: Open) => void): void {
  describe.skipIf(CHROMIUM === undefined)("in Chromium (apt-get install chromium)", () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launch();
    }, 60_000);
    afterAll(() => browser?.close());
    suite((url, options) => openPage(browser, url, options));
  });
}

export interface OpenPage {
  page: Page;
  /** What went wrong on it: errors, and requests that left the gateway. */
  wrong: string[];
  close(): Promise<void>;
}

/** A page that reaches this gateway and nothing else. */
async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext(options);
  const wrong: string[] = [];
  const own = new URL("/", url).href;
  await context.route("**/*", async (route) => {
    const asked = route.request().url();
    if (asked.startsWith(own) || /^(data|blob):/.test(asked)) return route.continue();
    wrong.push(`asked for ${asked}`);
    return route.abort();
  });
  const page = await context.newPage();
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") wrong.push(message.text());
  });
  await page.goto(url, { waitUntil: "commit" });
  return { page, wrong, close: () => context.close() };
}
