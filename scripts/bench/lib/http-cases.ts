import { messageOf } from "../../lib/unknown.ts";
import type { HttpTarget } from "../targets/http.ts";
import type { HttpProcess } from "./http-process.ts";
import { greetingOf } from "./http-session.ts";
import { type HttpCase, type HttpFigures, TURNS } from "./http-table.ts";
import { interleave } from "./interleave.ts";
import { openPool } from "./load.ts";
import { calling, type Era, listing, revisions } from "./messages.ts";
import { familyCpuMicros, familyOf, memoryOf } from "./proc.ts";
import { type Skipped, say } from "./report.ts";
import { median, percentile } from "./stats.ts";

interface Settings {
  eras: readonly Era[];
  concurrencies: readonly number[];
  methods: readonly ("tools/call" | "tools/list")[];
  requests: number;
  limits: { rounds: number; maxSeconds: number };
}

interface Subject {
  name: string;
  identity: Pick<HttpCase, "target" | "tools" | "method" | "era" | "concurrency">;
  server: HttpProcess;
  text(id: number): string;
}

type Sample = Omit<HttpFigures, "cpuRounds">;

const SAMPLE_MS = 2_000;
/**
 * Requests that each server answers, unmeasured, before the first round of each kind: until then the
 * compiler is still at work, longer on much code than on little, which would count against it. For a
 * slow server at most so many milliseconds.
 */
export const WARM_REQUESTS = 20_000;
const WARM_MS = 4_000;
/** The part of a measurement that runs before it, because the caches hold what ran meanwhile. */
const AGAIN = 0.1;

/**
 * Runs all servers of one number of tools at the same time, each idle while another is measured. One
 * kind of request after the other, so that what is compared is measured within seconds.
 */
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
    const kinds = byKind(subjects);
    const { rounds, maxSeconds } = settings.limits;
    const limits = { rounds, turns: TURNS, maxSeconds: maxSeconds / kinds.length };
    const cases: HttpCase[] = [];
    for (const kind of kinds) {
      say(`kind    ${kindOf(kind[0])}`);
      const result = await interleave(kind, limits, (one) => sample(one, settings));
      skipped.push(...result.skipped);
      for (const { name, identity } of kind) {
        const samples = result.samples.get(name);
        if (samples) cases.push({ ...identity, ...summarize(samples) });
      }
    }
    return { cases, skipped };
  } finally {
    await Promise.all(servers.map((server) => server.end()));
  }
}

const kindOf = (subject: Subject | undefined): string => {
  if (!subject) return "";
  const { method, era, concurrency } = subject.identity;
  return `${method}, ${concurrency} at once, client of ${revisions[era]}`;
};

function byKind(subjects: readonly Subject[]): Subject[][] {
  const kinds = new Map<string, Subject[]>();
  for (const subject of subjects) {
    const kind = kindOf(subject);
    kinds.set(kind, [...(kinds.get(kind) ?? []), subject]);
  }
  return [...kinds.values()];
}

async function subjectsOf(
  target: HttpTarget,
  server: HttpProcess,
  tools: number,
  { eras, methods, concurrencies }: Settings,
): Promise<{ subjects: Subject[]; skipped: Skipped[] }> {
  const subjects: Subject[] = [];
  const skipped: Skipped[] = [];
  for (const era of eras) {
    try {
      const session = await server.session(target.path, era, target.headers);
      const all = [calling(era, greetingOf(session.tools)), listing(era)];
      const requests = all.filter(({ method }) => methods.some((one) => one === method));
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
    if (!warmed.has(subject)) await pool.run(text, { requests: WARM_REQUESTS, maxMs: WARM_MS });
    warmed.add(subject);
    const again = Math.max(identity.concurrency, Math.round(requests * AGAIN));
    await pool.run(text, { requests: again, maxMs: SAMPLE_MS / TURNS });
    const before = familyCpuMicros(server.pid) ?? Number.NaN;
    const part = { requests: Math.ceil(requests / TURNS), maxMs: SAMPLE_MS / TURNS };
    const load = await pool.run(text, part);
    const cpuUs = ((familyCpuMicros(server.pid) ?? Number.NaN) - before) / load.requests;
    const family = familyOf(server.pid);
    const rssKb = family.reduce((sum, pid) => sum + (memoryOf(pid)?.rssKb ?? 0), 0);
    return {
      cpuUs,
      perSecond: load.requests / load.seconds,
      p50Ms: percentile(load.latenciesMs, 0.5),
      p95Ms: percentile(load.latenciesMs, 0.95),
      processes: family.length,
      rssMb: rssKb / 1024,
    };
  } finally {
    pool.close();
  }
}

function summarize(samples: readonly Sample[]): HttpFigures {
  const of = (read: (sample: Sample) => number) => median(samples.map(read));
  return {
    cpuUs: of((one) => one.cpuUs),
    cpuRounds: samples.map(({ cpuUs }) => cpuUs),
    perSecond: of((one) => one.perSecond),
    p50Ms: of((one) => one.p50Ms),
    p95Ms: of((one) => one.p95Ms),
    processes: of((one) => one.processes),
    rssMb: of((one) => one.rssMb),
  };
}
