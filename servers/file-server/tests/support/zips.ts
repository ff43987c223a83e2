import { createWriteStream } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ZipFile } from "yazl";

/** Writes what `fill` puts into a zip. */
export async function writeZip(path: string, fill: (zip: ZipFile) => void): Promise<void> {
  const zip = new ZipFile();
  fill(zip);
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
}

/** Puts another name of the same length into a zip: those that no library writes. */
export async function renamed(path: string, from: string, to: string): Promise<void> {
  const bytes = await readFile(path, "latin1");
  await writeFile(path, bytes.replaceAll(from, to), "latin1");
}

/** Zeros, a thousand times smaller packed. */
export const makeZipBomb = (path: string, bytes: number): Promise<void> =>
  writeZip(path, (zip) => zip.addReadStream(Readable.from(zeros(bytes)), "zeros.bin"));

function* zeros(bytes: number): Generator<Buffer> {
  const block = Buffer.alloc(2 ** 20);
  for (let left = bytes; left > 0; left -= block.length)
    yield block.subarray(0, Math.min(left, block.length));
}

const SLIP = "../../outside/pwn.txt";

export async function makeZipSlip(path: string): Promise<void> {
  const harmless = "N".repeat(SLIP.length);
  await writeZip(path, (zip) => zip.addBuffer(Buffer.from("pwned"), harmless));
  await renamed(path, harmless, SLIP);
}

/** A link, and a file that is to be written through it. */
export const makeZipLink = (path: string, target: string): Promise<void> =>
  writeZip(path, (zip) => {
    zip.addBuffer(Buffer.from(target), "ln", { mode: 0o120777 });
    zip.addBuffer(Buffer.from("pwned"), "ln/pwn.txt");
  });
