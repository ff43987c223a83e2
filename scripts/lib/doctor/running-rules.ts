import { join } from "node:path";
import { MAX_RESULT_BYTES } from "../../../shared/core/result.ts";
import { readBudget } from "../../bench/lib/budget.ts";
import { declaredExample } from "../example.ts";
import type { Project } from "../projects.ts";
import { eras } from "../standalone/answers.ts";
import { emptyEnvironment } from "../standalone/environment.ts";
import { startStdio } from "../standalone/raw-stdio.ts";
import { cannotMeasure, measureStarts } from "../start-ratio.ts";
import { inTempFolder } from "../temp-folder.ts";
import { messageOf } from "../unknown.ts";
import { type Finding, fault, type Rule, type Skip, warning } from "./finding.ts";

export const runningRules: Rule[] = [
  { name: "a result stays under the cap", needsBuild: true, look: lookAtResult },
  { name: "it starts within its budget", needsBuild: true, look: lookAtStart },
];

/** Starts of each of the two that are compared. */
const ROUNDS = 7;

/** Calls what the server declares safe, in each era. */
async function lookAtResult({ dir }: Project): Promise<Finding[]> {
  const example = declaredExample(dir);
  if (!example)
    return [
      warning(
        "it declares no call that is always safe, so none is made here or after a deployment",
        `add "example": { "tool": "...", "input": {...} } to flotilla in package.json`,
      ),
    ];
  return inTempFolder(async (cwd) => {
    const findings: Finding[] = [];
    for (const era of eras) {
      // no `.env` of whoever runs this is read
      const env = { ...emptyEnvironment(), NODE_ENV: "test" };
      const server = startStdio([join(dir, "dist", "stdio.cjs")], { cwd, env });
      try {
        await era.open(server);
        const result = await era.call(server, example.tool, example.input);
        const bytes = Buffer.byteLength(JSON.stringify(result));
        if (bytes > MAX_RESULT_BYTES)
          findings.push(
            fault(
              `${example.tool} answers with ${bytes} bytes, more than ${MAX_RESULT_BYTES} (${era.version})`,
              "page it: a limit and a cursor in its input, and a marker where it is cut",
            ),
          );
      } catch (error) {
        findings.push(
          fault(
            `the call it declares safe fails (${era.version}): ${messageOf(error).slice(0, 300)}`,
            "make flotilla.example in package.json a call that succeeds with no variable set",
          ),
        );
      } finally {
        server.kill();
      }
    }
    return findings;
  });
}

async function lookAtStart(server: Project): Promise<Finding[] | Skip> {
  const skipped = cannotMeasure();
  if (skipped !== undefined) return { skipped };
  const { startCpu, firstCallCpu } = readBudget(server.dir);
  const why: string[] = [];
  const ratios = await inTempFolder((cwd) =>
    measureStarts([server], cwd, ROUNDS, (line) => why.push(line)),
  );
  const ratio = ratios.get(server.name);
  if (!ratio)
    return [fault(`it cannot be started over stdio: ${why.join("; ")}`, "run node dist/stdio.cjs")];
  const over = (what: string, measured: number, allowed: number) =>
    measured <= allowed
      ? []
      : [
          fault(
            `${what} takes ${measured.toFixed(2)} times the CPU of "node -e 0", its budget is ${allowed}`,
            "see what is loaded: pnpm build --why; import what a call needs when it needs it",
          ),
        ];
  return [
    ...over("the first tools/list", ratio.list, startCpu),
    ...over("the first tools/call", ratio.call, firstCallCpu),
  ];
}
