import { createHash } from "node:crypto";
import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";

/** An answer as it came, and how long it may be kept. */
export interface Answer {
  body: unknown;
  /** Length of the body as JSON, about. */
  size: number;
  /** From Cache-Control, milliseconds, where the host says it. */
  maxAgeMs?: number | undefined;
  /** When it was recorded: the answer is a replay. */
  recordedAt?: string | undefined;
}

export type Ask = (url: string, signal: AbortSignal) => Promise<Answer>;

const recording = z.object({
  url: z.string(),
  recordedAt: z.iso.datetime(),
  maxAgeMs: z.number().optional(),
  body: z.unknown(),
});

/** Two hosts stand for one recording: with the commercial key the name begins with "customer-". */
const plain = (url: string) => url.replace("://customer-", "://");

/** File of an answer, by its address: readable, and different for different questions. */
export function tapeFile(url: string): string {
  const { hostname, pathname } = new URL(plain(url));
  const hash = createHash("sha256").update(plain(url)).digest("hex").slice(0, 16);
  const name = `${hostname}${pathname}`.replaceAll(/[^a-z0-9.-]+/gi, "_").slice(0, 80);
  return `${name}-${hash}.json`;
}

/**
 * When the newest answer of a folder was recorded; undefined without any. A replay asks at that time,
 * because what is asked for depends on the date: days that are past, clocks that have changed.
 */
export async function recordedUntil(folder: string): Promise<Date | undefined> {
  const [{ readdir, readFile }, { join }] = await Promise.all([
    import("node:fs/promises"),
    import("node:path"),
  ]);
  const names = await readdir(folder).catch(() => []);
  const times: number[] = [];
  for (const name of names.filter((one) => one.endsWith(".json"))) {
    const text = await readFile(join(folder, name), "utf8");
    const time = /"recordedAt": ?"([^"]+)"/.exec(text)?.[1];
    if (time !== undefined) times.push(Date.parse(time));
  }
  return times.length === 0 ? undefined : new Date(Math.max(...times));
}

/** Gives recorded answers and asks nobody. Errors: NOT_FOUND for a question that was not recorded. */
export function replayFrom(folder: string): Ask {
  return async (url) => {
    const [{ readFile }, { join }] = await Promise.all([
      import("node:fs/promises"),
      import("node:path"),
    ]);
    const file = tapeFile(url);
    const text = await readFile(join(folder, file), "utf8").catch((cause: unknown) => {
      const message = `This server replays recordings (WEATHER_REPLAY) and has none of this question: ${plain(url)}. Record it with WEATHER_RECORD, or ask what was recorded.`;
      throw new ToolError("NOT_FOUND", message, {
        details: { reason: "not_recorded", file },
        cause,
      });
    });
    const { body, recordedAt, maxAgeMs } = parseRecording(text, file);
    return { body, size: text.length, maxAgeMs, recordedAt };
  };
}

function parseRecording(text: string, file: string): z.output<typeof recording> {
  try {
    return recording.parse(JSON.parse(text));
  } catch (cause) {
    const message = `The recording ${file} is damaged. Record it again with WEATHER_RECORD.`;
    throw new ToolError("API_ERROR", message, { details: { reason: "damaged_recording" }, cause });
  }
}

/** Writes every answer of `ask` to the folder; the address holds no key, because it is no part of it. */
export function recordTo(folder: string, ask: Ask, now: () => Date): Ask {
  return async (url, signal) => {
    const answer = await ask(url, signal);
    const [{ mkdir, rename, writeFile }, { join }] = await Promise.all([
      import("node:fs/promises"),
      import("node:path"),
    ]);
    const { body, maxAgeMs } = answer;
    const text = JSON.stringify({
      url: plain(url),
      recordedAt: now().toISOString(),
      maxAgeMs,
      body,
    });
    const path = join(folder, tapeFile(url));
    await mkdir(folder, { recursive: true });
    // renamed, so that a replay never reads half a file
    await writeFile(`${path}.part`, `${text}\n`);
    await rename(`${path}.part`, path);
    return answer;
  };
}
