import { join } from "node:path";
import { exampleCall } from "../bench/lib/example-call.ts";
import { interleave } from "../bench/lib/interleave.ts";
import { hasFineCpu } from "../bench/lib/proc.ts";
import { measureFloor, measureStart, type StartSample } from "../bench/lib/start-sample.ts";
import { summarize } from "../bench/lib/start-table.ts";
import { cleanEnvironment } from "../bench/lib/stdio-session.ts";
import { declaredExample } from "./example.ts";
import type { Project } from "./projects.ts";

/** CPU of a start over stdio, times that of `node -e 0` in the same run: medians. */
export interface StartRatio {
  /** Until tools/list is answered. */
  list: number;
  /** Until the first call is answered. */
  call: number;
}

const FLOOR = "node -e 0";
const MAX_SECONDS = 60;

/** Why nothing can be measured here; undefined where it can. */
export const cannotMeasure = (): string | undefined =>
  hasFineCpu() ? undefined : "this system does not tell the CPU time of another process";

/** Starts each built server in turn, `rounds` times; one that fails is told and left out. */
export async function measureStarts(
  servers: readonly Project[],
  cwd: string,
  rounds: number,
  tell: (line: string) => void,
): Promise<Map<string, StartRatio>> {
  const node = process.execPath;
  // what a server keeps for its next start goes with the folder
  const env = cleanEnvironment({ XDG_CACHE_HOME: cwd });
  const subjects: { name: string; server?: Project }[] = [
    { name: FLOOR },
    ...servers.map((server) => ({ name: server.name, server })),
  ];
  const once = ({ server }: { server?: Project }): Promise<StartSample> => {
    if (!server) return measureFloor(node);
    const command = { node, args: [join(server.dir, "dist", "stdio.cjs")], cwd, env };
    return measureStart(command, "2025", (tools) => callOf(server, tools));
  };
  const limits = {
    rounds,
    maxSeconds: MAX_SECONDS,
    tell: (line: string) => line.startsWith("skipped") && tell(line),
  };
  const { samples } = await interleave(subjects, limits, once);
  const own = summarize(samples, FLOOR).filter(({ name }) => name !== FLOOR);
  return new Map(
    own.map(({ name, listCpuRatio, callCpuRatio }) => [
      name,
      { list: listCpuRatio, call: callCpuRatio },
    ]),
  );
}

function callOf({ dir, name }: Project, tools: unknown) {
  const example = declaredExample(dir);
  return example ? { name: example.tool, arguments: example.input } : exampleCall(name, tools);
}
