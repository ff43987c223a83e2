import { join } from "node:path";
import { buildServers } from "../../lib/build/build.ts";
import { sizesOf } from "../../lib/build/sizes.ts";
import { findProjects, repositoryRoot, selectProjects } from "../../lib/projects.ts";
import { inTempFolder } from "../../lib/temp-folder.ts";
import { judge, readBudget, type Verdict } from "../lib/budget.ts";
import { interleave } from "../lib/interleave.ts";
import { countLoadedFiles } from "../lib/loaded-files.ts";
import { commandLine, versionOf } from "../lib/machine.ts";
import { countOf, listOf, readOptions } from "../lib/options.ts";
import { hasFineCpu } from "../lib/proc.ts";
import { figure, publish, type Skipped, say } from "../lib/report.ts";
import { serversNamed } from "../lib/servers.ts";
import { measureFloor, measureStart, type StartSample } from "../lib/start-sample.ts";
import { type StartSummary, summarize } from "../lib/start-table.ts";
import { ownStdio, type StdioTarget } from "../targets/stdio.ts";

export const usage = `Usage: pnpm bench budget [options]

Compares every built server with the budget in its package.json (flotilla.budget; what is left out
has a default): CPU of a start to the answer of tools/list and of the first tools/call, times that
of \`node -e 0\` in the same run, bytes of dist/stdio.cjs and of dist, and files loaded before the
list is answered. Builds what is missing or old first. Ends with "N passed, N failed, N skipped", and
with exit code 1 when one is over its budget or cannot be measured.

  --servers <a,b>    only these (all)
  --runs <n>         starts of each (9)
  --node <path>      the Node to measure on (the one that runs this)
  --max-seconds <n>  begin no round of starts after this (40)
  --save             keep the figures in scripts/bench/saved`;

const FLOOR = "node -e 0";

interface Judged {
  server: string;
  verdicts: Verdict[];
}

export async function budget(argv: string[]): Promise<boolean> {
  const given = readOptions(argv, ["servers", "runs"]);
  const limits = {
    rounds: countOf(given, "runs", 9, 1000),
    maxSeconds: countOf(given, "max-seconds", 40, 36_000),
  };
  const [node = process.execPath] = listOf(given, "node");
  const names = serversNamed(listOf(given, "servers"));
  await buildStale(names);
  return inTempFolder(async (scratch) => {
    const { targets, skipped } = ownStdio(names, scratch);
    const starts = await measureStarts(node, targets, limits);
    const faults: Skipped[] = [...skipped, ...starts.skipped];
    const judged: Judged[] = [];
    for (const target of targets) {
      const start = starts.summaries.find(({ name }) => name === target.name);
      if (start) judged.push(await judgeServer(node, target, start));
    }
    publish(
      {
        name: "budget",
        command: commandLine("budget", argv),
        nodes: [versionOf(node)],
        notes: [`Medians of ${starts.rounds} interleaved starts; figure / budget`],
        skipped: faults,
        tables: [tableOf(judged)],
        data: judged,
      },
      given.save === true,
    );
    return tellOutcome(judged, faults);
  });
}

async function buildStale(names: readonly string[]): Promise<void> {
  const servers = findProjects(repositoryRoot).filter(({ kind }) => kind === "server");
  await buildServers(selectProjects(servers, [...names]), { onlyStale: true, write: say });
}

async function measureStarts(
  node: string,
  targets: readonly StdioTarget[],
  limits: { rounds: number; maxSeconds: number },
) {
  const floor: { name: string; target?: StdioTarget } = { name: FLOOR };
  const subjects = [floor, ...targets.map((target) => ({ name: target.name, target }))];
  const once = ({ target }: { target?: StdioTarget }): Promise<StartSample> =>
    target ? measureStart({ node, ...target.command }, "2025", target.choose) : measureFloor(node);
  const { samples, skipped, rounds } = await interleave(subjects, limits, once);
  return { summaries: summarize(samples, FLOOR), skipped, rounds };
}

async function judgeServer(
  node: string,
  target: StdioTarget,
  start: StartSummary,
): Promise<Judged> {
  const folder = join(repositoryRoot, "servers", target.name);
  const sizes = sizesOf(folder);
  const fine = hasFineCpu();
  const figures = {
    startCpu: fine ? start.listCpuRatio : Number.NaN,
    firstCallCpu: fine ? start.callCpuRatio : Number.NaN,
    stdioBytes: sizes.entries.get("stdio.cjs") ?? Number.NaN,
    distBytes: sizes.total,
    modulesBeforeList: await countLoadedFiles({ node, ...target.command }),
  };
  return { server: target.name, verdicts: judge(figures, readBudget(folder)) };
}

function tableOf(judged: readonly Judged[]) {
  const [first] = judged;
  return {
    title: "Budgets",
    head: ["server", ...(first?.verdicts.map(({ name }) => name) ?? [])],
    rows: judged.map(({ server, verdicts }) => [server, ...verdicts.map(cellOf)]),
  };
}

const cellOf = ({ measured, allowed, verdict }: Verdict) =>
  `${figure(measured)} / ${allowed}${verdict === "over" ? " **over**" : ""}`;

/** One line for each fault, and the closing one; whether there was no fault. */
function tellOutcome(judged: readonly Judged[], faults: readonly Skipped[]): boolean {
  const over = judged.flatMap(({ server, verdicts }) =>
    verdicts
      .filter(({ verdict }) => verdict === "over")
      .map(
        ({ name, measured, allowed }) =>
          `${server}: ${name} is ${figure(measured)}, its budget ${allowed}`,
      ),
  );
  const unmeasured = faults.map(({ name, reason }) => `${name}: ${reason}`);
  for (const line of [...over, ...unmeasured]) say(`FAILED  ${line}`);
  const count = (wanted: Verdict["verdict"]) =>
    judged.flatMap(({ verdicts }) => verdicts).filter(({ verdict }) => verdict === wanted).length;
  const failed = over.length + unmeasured.length;
  console.log(`${count("within")} passed, ${failed} failed, ${count("not measured")} skipped`);
  return failed === 0;
}
