import { describe, expect, it } from "vitest";
import { makePage } from "./app/bundle.ts";

/** Hosts read the page with every forecast that they show for the first time. */
const MAX_BYTES = 40_000;

describe("the page of the forecast", () => {
  it("is made of its sources as they are now: `vitest run tests/app-page.test.ts -u` makes it anew", async () => {
    const html = await makePage();
    expect(Buffer.byteLength(html)).toBeLessThan(MAX_BYTES);
    const file = `${JSON.stringify({ html }, null, 2)}\n`;
    await expect(file).toMatchFileSnapshot("../src/app/page.json");
  });
});
