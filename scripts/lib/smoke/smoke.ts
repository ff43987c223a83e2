import { eras } from "../standalone/answers.ts";
import type { ListedTool } from "../standalone/raw-client.ts";
import { messageOf } from "../unknown.ts";
import {
  checkCall,
  checkHealth,
  checkLatency,
  checkRefusal,
  checkTools,
  type Expected,
  type Met,
  meet,
} from "./checks.ts";
import type { Target } from "./target.ts";
import { checkTls } from "./tls.ts";

export interface Checked {
  name: string;
  status: "passed" | "failed" | "skipped";
  detail: string;
  ms: number;
}

export interface SmokeReport {
  url: string;
  /** Name of the server's folder; empty when it never answered. */
  server: string;
  at: string;
  ok: boolean;
  checks: Checked[];
}

export interface SmokeOptions {
  /** What is known here of the server of this name, which lists these tools. */
  expect(name: string, listed: readonly ListedTool[]): Expected | undefined;
  lineMs?: number;
}

/** Asks what is deployed all that it must be able to do. Every check is made, whatever fails. */
export async function smoke(target: Target, options: SmokeOptions): Promise<SmokeReport> {
  const checks: Checked[] = [];
  const check = async (name: string, work: () => Promise<string> | string) => {
    const started = performance.now();
    const done = (status: Checked["status"], detail: string) =>
      checks.push({ name, status, detail, ms: Math.round(performance.now() - started) });
    try {
      done("passed", await work());
    } catch (error) {
      done(error instanceof Skip ? "skipped" : "failed", reasonOf(error));
    }
  };
  await check("TLS", () => checkTls(target));
  await check("health", () => checkHealth(target, "health"));
  await check("ready", () => checkHealth(target, "ready"));
  const met: Met[] = [];
  for (const era of eras)
    await check(`handshake ${era.version}`, async () => {
      const one = await meet(target, era);
      met.push(one);
      return `${one.name} lists ${one.tools.length} tools`;
    });
  const server = met[0]?.name ?? "";
  const expected = server === "" ? undefined : options.expect(server, met[0]?.tools ?? []);
  for (const era of eras) {
    const one = met.find((each) => each.era === era);
    await check(`tools ${era.version}`, () => checkTools(answered(one), known(expected, server)));
    await check(`call ${era.version}`, () =>
      unlessLimited(() => checkCall(answered(one), declared(known(expected, server)))),
    );
    await check(`latency ${era.version}`, () =>
      unlessLimited(() => checkLatency(answered(one), expected?.example, options.lineMs)),
    );
  }
  await check("no tools without a key", () => {
    if (target.key === undefined) throw new Skip("no key was given");
    return checkRefusal(
      target,
      answered(met[0]).tools.map(({ name }) => name),
    );
  });
  const ok = checks.every(({ status }) => status !== "failed");
  return { url: target.url.href, server, at: new Date().toISOString(), ok, checks };
}

/** What cannot be checked, and why. */
class Skip extends Error {
  override readonly name = "Skip";
}

/** A limit of calls that holds is no fault of what was deployed: nothing is taken back for it. */
async function unlessLimited(work: () => Promise<string>): Promise<string> {
  try {
    return await work();
  } catch (error) {
    if (!messageOf(error).includes("RATE_LIMITED")) throw error;
    throw new Skip("RATE_LIMITED: the limit of calls there is below what this asks for");
  }
}

function answered(met: Met | undefined): Met {
  if (met) return met;
  throw new Skip("there was no handshake");
}

function known(expected: Expected | undefined, server: string): Expected {
  if (expected) return expected;
  throw new Error(`there is no server "${server}" here to compare with: give --server`);
}

function declared({ example, lock }: Expected) {
  if (example) return example;
  throw new Skip(`package.json of ${lock.name} has no flotilla.example`);
}

/** fetch hides why it failed in the cause of its error. */
function reasonOf(error: unknown): string {
  const message = messageOf(error);
  const hint = /HTTP 401/.test(message) ? "; give --key-env" : "";
  const cause = error instanceof Error && error.cause ? `: ${messageOf(error.cause)}` : "";
  return `${message.slice(0, 300)}${cause}${hint}`;
}
