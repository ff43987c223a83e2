import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { ToolError } from "#shared/core/errors.ts";
import { CHART_WIDTH } from "./draw.ts";

/** Points of a picture for each of the drawing: sharp on a phone's screen. */
const SCALE = 2;

type Renderer = typeof import("@resvg/resvg-wasm");
let loading: Promise<{ renderer: Renderer; font: Uint8Array }> | undefined;

/**
 * WebAssembly, because it is the same file on every system and needs no compiler. 2.4 MB and some
 * 100 ms, so it waits for the first picture; the library can be made ready once in a process only.
 */
async function load(): Promise<{ renderer: Renderer; font: Uint8Array }> {
  const [renderer, { fontBase64 }] = await Promise.all([
    import("@resvg/resvg-wasm"),
    import("./font.ts"),
  ]);
  const file = createRequire(import.meta.url).resolve("@resvg/resvg-wasm/index_bg.wasm");
  await renderer.initWasm(await readFile(file));
  return { renderer, font: Buffer.from(fontBase64, "base64") };
}

/** What the font has no letter for would be an empty box. */
const NO_LETTER =
  /[^\u0020-\u007e\u00a0-\u017f\u0218-\u021b\u0386-\u03ce\u0400-\u045f\u1e00-\u1eff\u2013-\u2026]/;

/** A title that the font can write: a place of another script is named by its coordinates. */
export const writable = (title: string): string =>
  NO_LETTER.test(title) ? title.slice(title.lastIndexOf("(") + 1, -1) : title;

/** The drawing as PNG, by the font that comes with this server. */
export async function toPng(svg: string): Promise<Uint8Array> {
  loading ??= load();
  const { renderer, font } = await loading.catch((cause: unknown) => {
    throw new ToolError(
      "UNAVAILABLE",
      'Pictures cannot be made as PNG here: @resvg/resvg-wasm is missing. Ask for chart_format "svg".',
      { details: { reason: "no_renderer" }, cause },
    );
  });
  const picture = new renderer.Resvg(svg, {
    fitTo: { mode: "width", value: CHART_WIDTH * SCALE },
    font: { fontBuffers: [font], defaultFontFamily: "DejaVu Sans", loadSystemFonts: false },
  });
  try {
    const image = picture.render();
    try {
      return image.asPng();
    } finally {
      image.free();
    }
  } finally {
    picture.free();
  }
}
