import { messageOf } from "../../lib/unknown.ts";
import type { HttpTarget } from "../targets/http.ts";
import type { HttpProcess } from "./http-process.ts";
import { greetingOf } from "./http-session.ts";
import type { HttpCase } from "./http-table.ts";
import { interleave } from "./interleave.ts";
import { openPool } from "./load.ts";
import { calling, type Era, listing } from "./messages.ts";
import { cpuMicros } from "./proc.ts";
import { type Skipped, say } from "./report.ts";
import { least, median } from "./stats.ts";

interface Settings {
  eras: readonly Era[];
  concurrencies: readonly number[];
  requests: number;
  limits: { rounds: number; maxSeconds: number };
}

interface Subject {
  name: string;
  identity: Pick<HttpCase, "target" | "tools" | "method" | "era" | "concurrency">;
  server: HttpProcess;
  text(id: number): string;
}

interface Sample {
  cpuUs: number;
  perSecond: number;
}

const SAMPLE_MS = 2_000;
/** How many requests run before, unmeasured, for each measured one: the first time the code is compiled by them. */
const FIRST_WARM = 3;
const WARM = 0.3;

/** Runs all servers of one number of tools at the same time, each idle while another is measured. */
export async function measureHttp(
  targets: readonly HttpTarget[],
  tools: number,
  settings: Settings,
): Promise<{ cases: HttpCase[]; skipped: Skipped[] }> {
  const skipped: Skipped[] = [];
  const subjects: Subject[] = [];
  const servers: HttpProcess[] = [];
  try {
    for (const target of targets) {
      try {
        if (target.fault) throw new Error(target.fault);
        const server = await target.start();
        servers.push(server);
        const found = await subjectsOf(target, server, tools, settings);
        subjects.push(...found.subjects);
        skipped.push(...found.skipped);
      } catch (error) {
        skipped.push({ name: target.name, reason: messageOf(error) });
        say(`skipped ${target.name}: ${messageOf(error)}`);
      }
    }
    say(`start   ${subjects.length} cases with ${tools} tools`);
    const result = await interleave(subjects, settings.limits, (one) => sample(one, settings));
    const cases = subjects.flatMap(({ name, identity }) => {
      const samples = result.samples.get(name);
      return samples ? [{ ...identity, ...summarize(samples) }] : [];
    });
    return { cases, skipped: [...skipped, ...result.skipped] };
  } finally {
    await Promise.all(servers.map((server) => server.end()));
  }
}

async function subjectsOf(
  target: HttpTarget,
  server: HttpProcess,
  tools: number,
  { eras, concurrencies }: Settings,
): Promise<{ subjects: Subject[]; skipped: Skipped[] }> {
  const subjects: Subject[] = [];
  const skipped: Skipped[] = [];
  for (const era of eras) {
    try {
      const session = await server.session(target.path, era);
      const requests = [calling(era, greetingOf(session.tools)), listing(era)];
      for (const request of requests)
        for (const concurrency of concurrencies) {
          const { method } = request;
          const identity = { target: target.name, tools, method, era, concurrency };
          const name = [target.name, tools, method, era, concurrency].join(" ");
          subjects.push({ name, identity, server, text: session.prepare(request) });
        }
    } catch (error) {
      skipped.push({ name: `${target.name}, era ${era}`, reason: messageOf(error) });
    }
  }
  return { subjects, skipped };
}

const warmed = new WeakSet<Subject>();

async function sample(subject: Subject, { requests }: Settings): Promise<Sample> {
  const { server, identity, text } = subject;
  const pool = openPool(server.port, identity.concurrency);
  try {
    const share = warmed.has(subject) ? WARM : FIRST_WARM;
    warmed.add(subject);
    const warm = Math.max(identity.concurrency, Math.round(requests * share));
    await pool.run(text, { requests: warm, maxMs: SAMPLE_MS });
    const before = cpuMicros(server.pid) ?? Number.NaN;
    const load = await pool.run(text, { requests, maxMs: SAMPLE_MS });
    const cpuUs = ((cpuMicros(server.pid) ?? Number.NaN) - before) / load.requests;
    return { cpuUs, perSecond: load.requests / load.seconds };
  } finally {
    pool.close();
  }
}

function summarize(samples: readonly Sample[]) {
  const cpu = samples.map(({ cpuUs }) => cpuUs);
  return {
    cpuUs: median(cpu),
    leastCpuUs: least(cpu),
    perSecond: median(samples.map(({ perSecond }) => perSecond)),
    rounds: samples.length,
  };
}
