import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "#shared/core/contract.ts";
import { containmentTable, FAULTS, isContained, KINDS, type Kind } from "./chaos/containment.ts";
import { type Fleet, type Sick, startFleet } from "./chaos/fleet.ts";
import { ensureBuilt } from "./shared/testing/build.ts";
import { textOf } from "./support/gateway.ts";

/** Milliseconds until a mended server has to answer: deadline, sign of life, end, and back-off. */
const COMES_BACK_MS = 30_000;
const PAUSE_MS = 50;

beforeAll(() => ensureBuilt(), 60_000);

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const act = { name: "act", arguments: {} };

/** Calls a server until told to stop; what failed of it. */
function callWithoutEnd({ gateway }: Fleet) {
  const failures: unknown[] = [];
  let calls = 0;
  let stopped = false;
  const running = (async () => {
    while (!stopped) {
      const answer = await gateway
        .rpc("well", "modern", "tools/call", { name: "echo", arguments: {} })
        .catch((error: unknown) => ({ error }));
      calls++;
      if (!("result" in answer) || (answer.result as JsonObject).isError) failures.push(answer);
      await pause(5);
    }
  })();
  const stop = async () => {
    stopped = true;
    await running;
    return { calls, failures };
  };
  return { stop };
}

interface Course {
  met: JsonObject;
  back: boolean;
  tools: string[];
}

/** Meets the fault, mends it, and waits until the server is well again. */
async function suffer({ gateway }: Fleet, sick: Sick): Promise<Course> {
  const call = () => gateway.rpc(sick.name, "modern", "tools/call", act);
  let met = await call();
  // a process that the machine stopped until the deadline has not met what it ends of
  for (let tries = 0; tries < 5 && endsOf(sick.name) && isLate(met); tries++) met = await call();
  await sick.mend();
  const end = Date.now() + COMES_BACK_MS;
  let back = false;
  while (!back && Date.now() < end) {
    await pause(PAUSE_MS);
    back = textOf(await call().catch(() => ({}))) === "fine";
  }
  // the process that answered may have been the one that was about to end
  const names = async () => {
    const { result } = await gateway.rpc(sick.name, "legacy", "tools/list");
    return (result as { tools?: { name: string }[] }).tools?.map(({ name }) => name) ?? [];
  };
  let tools = await names();
  while (!tools.includes(newTool(sick.name)) && Date.now() < end) {
    await pause(PAUSE_MS);
    tools = await names();
  }
  return { met, back, tools };
}

const endsOf = (fault: string) => ["exit-in-call", "tools-changed"].includes(fault);
const isLate = (answer: JsonObject) => JSON.stringify(answer).includes("TIMEOUT");

/** A tool that the server has which runs in the end, and where there are two, the first has not. */
const newTool = (fault: string) =>
  ["not-found", "slow-list", "tools-changed", "exit-in-call"].includes(fault) ? "after" : "act";

interface Outcome {
  courses: ReadonlyMap<string, Course>;
  well: { calls: number; failures: unknown[] };
}

/** What comes of all faults that a kind contains, and of the calls to a server that has none. */
async function sufferAll(kind: Kind): Promise<Outcome> {
  const fleet = await startFleet(kind);
  try {
    await fleet.gateway.ready();
    const load = callWithoutEnd(fleet);
    const courses = fleet.sick.map(async (sick) => [sick.name, await suffer(fleet, sick)] as const);
    return { courses: new Map(await Promise.all(courses)), well: await load.stop() };
  } finally {
    await fleet.stop();
  }
}

const outcomes = new Map<Kind, Outcome>();
// most of it is waiting for deadlines: two kinds at a time
beforeAll(async () => {
  const waiting = [...KINDS];
  const lane = async () => {
    for (let kind = waiting.shift(); kind; kind = waiting.shift())
      outcomes.set(kind, await sufferAll(kind));
  };
  await Promise.all([lane(), lane()]);
}, 240_000);

describe.each(KINDS)("faults of a server mounted as %s", (kind) => {
  const contained = FAULTS.filter((fault) => isContained(fault, kind));

  it.each(contained)("$what: the call is answered, and it comes back", ({ name, harmless }) => {
    const course = outcomes.get(kind)?.courses.get(name);
    const { result } = (course?.met ?? {}) as { result?: { isError?: boolean } };
    if (harmless && kind !== "remote") expect(result?.isError).toBeUndefined();
    else expect(result).toMatchObject({ isError: true });
    expect(course?.back, "it came back").toBe(true);
    expect(course?.tools).toContain("act");
    expect(course?.tools, "the list is of the server that runs now").toContain(newTool(name));
  });

  it("are nothing that the other servers notice", () => {
    const well = outcomes.get(kind)?.well;
    expect(well?.failures).toEqual([]);
    expect(well?.calls).toBeGreaterThan(10);
  });
});

it("are told in the README as they are tested here", async () => {
  expect(await readFile("README.md", "utf8")).toContain(containmentTable());
});
