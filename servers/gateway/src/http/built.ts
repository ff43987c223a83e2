import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packageFolder } from "../settings/folders.ts";

/** A file that the build puts into a folder of dist; undefined when there was no build. */
export async function readBuilt(folder: string, name: string): Promise<Buffer | undefined> {
  try {
    return await readFile(join(own(), "dist", folder, name));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

const own = () => packageFolder(fileURLToPath(import.meta.url));

/** Whoever runs the gateway from its source looks at this in a browser. */
export function sendNotBuilt(response: ServerResponse): void {
  const text = `This page is not built. Run "npx -y pnpm@12 run build" in the gateway's folder and load it again; everything else works without it.\n`;
  response.writeHead(503, {
    "content-type": "text/plain; charset=utf-8",
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  response.end(text);
}
