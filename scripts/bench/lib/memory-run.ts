import { createConnection } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { inParallel } from "../../lib/parallel.ts";
import { isRecord, messageOf } from "../../lib/unknown.ts";
import type { HttpTarget } from "../targets/http.ts";
import type { HttpProcess } from "./http-process.ts";
import { FIRST_ID, greetingOf } from "./http-session.ts";
import { openPool } from "./load.ts";
import { calling, type Era, listing } from "./messages.ts";
import { say } from "./report.ts";
import { slope } from "./stats.ts";

export interface MemoryPoint {
  count: number;
  rssKb: number;
  heapKb: number;
}

/** What the process gained after the first tenth, when caches and compiled code are there. */
export interface Growth {
  target: string;
  count: number;
  rssKb: number;
  heapKb: number;
  rssPerThousandKb: number;
  heapPerThousandKb: number;
  points: MemoryPoint[];
}

const SAMPLES = 20;
const CONCURRENCY = 16;
/** Until sockets that were given up are closed on the other side as well. */
const SETTLE_MS = 200;

export type Work = (
  server: HttpProcess,
  text: (id: number) => string,
  count: number,
) => Promise<void>;

/** `count` requests, answered. */
export const answered: Work = async (server, text, count) => {
  const pool = openPool(server.port, CONCURRENCY);
  await pool.run(text, { requests: count, maxMs: Number.POSITIVE_INFINITY });
  pool.close();
};

/** `count` connections that are destroyed as soon as the request, or half of it, is written. */
export const abandoned: Work = async (server, text, count) => {
  const ids = Array.from({ length: count }, (_, index) => FIRST_ID + index);
  await inParallel(ids, CONCURRENCY, (id) => {
    const whole = text(id);
    return giveUp(server.port, id % 2 === 0 ? whole : whole.slice(0, whole.length / 2));
  });
};

function giveUp(port: number, request: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: "127.0.0.1" });
    socket.on("error", () => {}).on("close", () => resolve());
    socket.write(request, () => socket.destroy());
  });
}

/** Starts the server, has the work done a twentieth at a time, and weighs the server after each. */
export async function measureGrowth(
  target: HttpTarget,
  work: Work,
  count: number,
): Promise<Growth> {
  if (target.fault) throw new Error(target.fault);
  const server = await target.start();
  try {
    const text = await mixedText(server, target.path);
    const step = Math.ceil(count / SAMPLES);
    const points: MemoryPoint[] = [];
    for (let done = step; done <= step * SAMPLES; done += step) {
      await work(server, text, step);
      await sleep(SETTLE_MS);
      points.push(await weigh(server, done));
      say(`weighed ${target.name}  ${done} of ${step * SAMPLES}`);
    }
    await server.session(target.path, "2025"); // it still answers
    return { target: target.name, ...growthOf(points) };
  } finally {
    await server.end();
  }
}

async function weigh(server: HttpProcess, count: number): Promise<MemoryPoint> {
  const memory = await server.ask("weigh");
  if (!isRecord(memory)) throw new Error("the server does not tell its memory");
  return { count, rssKb: Number(memory.rss) / 1024, heapKb: Number(memory.heapUsed) / 1024 };
}

/** Of ten requests nine call a tool and one lists them, in turns in each era that the server speaks. */
async function mixedText(server: HttpProcess, path: string): Promise<(id: number) => string> {
  const calls: ((id: number) => string)[] = [];
  const lists: ((id: number) => string)[] = [];
  const faults: string[] = [];
  for (const era of ["2025", "2026"] satisfies Era[]) {
    try {
      const session = await server.session(path, era);
      calls.push(session.prepare(calling(era, greetingOf(session.tools))));
      lists.push(session.prepare(listing(era)));
    } catch (error) {
      faults.push(messageOf(error));
    }
  }
  if (calls.length === 0) throw new Error(faults.join("; "));
  return (id) => {
    const kind = id % 10 === 0 ? lists : calls;
    const text = kind[Math.floor(id / 10) % kind.length];
    return text?.(id) ?? "";
  };
}

export function growthOf(points: MemoryPoint[]): Omit<Growth, "target"> {
  const later = points.slice(Math.ceil(points.length / 10) - 1);
  const [first] = later;
  const last = later.at(-1);
  if (!first || !last) throw new Error("the memory was never weighed");
  const perThousand = (read: (point: MemoryPoint) => number) =>
    1000 * slope(later.map((point) => [point.count, read(point)] as const));
  return {
    count: last.count,
    rssKb: last.rssKb - first.rssKb,
    heapKb: last.heapKb - first.heapKb,
    rssPerThousandKb: perThousand(({ rssKb }) => rssKb),
    heapPerThousandKb: perThousand(({ heapKb }) => heapKb),
    points,
  };
}
