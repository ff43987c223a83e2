import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "rolldown";

const read = (name: string) => readFile(new URL(`../../src/app/${name}`, import.meta.url), "utf8");

/** The script of a page as one text. */
export async function bundle(input: URL): Promise<string> {
  const { output } = await build({
    input: fileURLToPath(input),
    platform: "browser",
    write: false,
    output: { format: "esm", minify: true },
  });
  return output[0].code.trim().replaceAll("</script", "<\\/script");
}

const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** The page of the forecast: one file that may run its own script and style, and load nothing. */
export async function makePage(): Promise<string> {
  const [html, style, script] = await Promise.all([
    read("page.html"),
    read("page.css").then((css) => css.replaceAll(/\s*\n\s*/g, "")),
    bundle(new URL("../../src/app/page.ts", import.meta.url)),
  ]);
  const policy = `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; base-uri 'none'; form-action 'none'`;
  return html
    .replace('content=""', () => `content="${policy}"`)
    .replace("<style></style>", () => `<style>${style}</style>`)
    .replace('<script type="module"></script>', () => `<script type="module">${script}</script>`);
}
