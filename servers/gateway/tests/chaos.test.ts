import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "#shared/core/contract.ts";
import { containmentTable, FAULTS, isContained, KINDS } from "./chaos/containment.ts";
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
  const met = await call();
  await sick.mend();
  const end = Date.now() + COMES_BACK_MS;
  let back = false;
  while (!back && Date.now() < end) {
    await pause(PAUSE_MS);
    back = textOf(await call().catch(() => ({}))) === "fine";
  }
  const listed = await gateway.rpc(sick.name, "legacy", "tools/list");
  const { tools = [] } = listed.result as { tools?: { name: string }[] };
  return { met, back, tools: tools.map(({ name }) => name) };
}

describe.each(KINDS)("faults of a server mounted as %s", (kind) => {
  const courses = new Map<string, Course>();
  let fleet: Fleet;
  let well: { calls: number; failures: unknown[] };

  beforeAll(async () => {
    fleet = await startFleet(kind);
    await fleet.gateway.ready();
    const load = callWithoutEnd(fleet);
    await Promise.all(
      fleet.sick.map(async (sick) => courses.set(sick.name, await suffer(fleet, sick))),
    );
    well = await load.stop();
  }, 60_000);
  afterAll(() => fleet.stop());

  const contained = FAULTS.filter((fault) => isContained(fault, kind));

  it.each(contained)("$what: the call is answered, and it comes back", ({ name, harmless }) => {
    const course = courses.get(name);
    const { result } = (course?.met ?? {}) as { result?: { isError?: boolean } };
    if (harmless && kind !== "remote") expect(result?.isError).toBeUndefined();
    else expect(result).toMatchObject({ isError: true });
    expect(course?.back, "it came back").toBe(true);
    expect(course?.tools).toContain("act");
    expect(course?.tools, "the list is of the server that runs now").toContain(
      name === "not-found" ||
        name === "slow-list" ||
        name === "tools-changed" ||
        name === "exit-in-call"
        ? "after"
        : "act",
    );
  });

  it("are nothing that the other servers notice", () => {
    expect(well.failures).toEqual([]);
    expect(well.calls).toBeGreaterThan(10);
  });
});

it("are told in the README as they are tested here", async () => {
  expect(await readFile("README.md", "utf8")).toContain(containmentTable());
});
