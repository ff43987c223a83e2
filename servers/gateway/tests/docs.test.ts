import { expect, it } from "vitest";
import { describeAtEachAddress } from "./support/address.ts";
import { describeInChromium } from "./support/chromium.ts";
import { restOfSuite } from "./support/rest.ts";

describeAtEachAddress((replicas) => {
  const rest = restOfSuite({ replicas });

  it.each(["/docs", "/redoc"])("%s may load nothing from elsewhere", async (path) => {
    const answer = await rest.get(path);
    const html = await answer.text();
    expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(answer.headers.get("content-security-policy")).toContain("script-src 'self';");
    expect(html).not.toMatch(/https?:\/\//);
    for (const [, src = ""] of html.matchAll(/(?:src|href)="([^"]+)"/g))
      expect((await rest.get(src)).status, src).toBe(200);
  });

  describeInChromium((openUrl) => {
    const open = (path: string) => openUrl(new URL(path, rest.gateway.url).href);

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
});
