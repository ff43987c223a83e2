import type { Step } from "./state.ts";

/** What is wrong with a file and what to do about it; empty when nothing is. */
export function problemWith(step: Step, server: string): string {
  const run = (command: string, more = "") =>
    `"pnpm shared:${command} ${server}${command === "copy" ? "" : ` ${step.path}`}${more}"`;
  const detach = run("detach", ' --reason "..."');
  switch (step.kind) {
    case "current":
    case "detached-orphan":
      return "";
    case "new":
    case "missing":
      return `is missing: run ${run("copy")}`;
    case "behind":
      return `is behind shared/${step.file.source}: run ${run("copy")}`;
    case "merge":
      return `was edited here and shared/${step.file.source} changed too: run ${run("copy")} to merge`;
    case "stale-record":
      return `has an old header or is not recorded in shared.lock.json: run ${run("copy")}`;
    case "edited":
      if (step.entry.detached) return "";
      return (
        `was edited here: ${run("promote")} takes it to shared/, ${detach} keeps it, ` +
        `deleting it and ${run("copy")} takes the source back`
      );
    case "conflicted":
      return "has unresolved conflict markers: resolve them and copy again";
    case "blocked":
      return (
        `is where shared/${step.file.source} is to be copied and is not a copy of it: move it ` +
        `away and run ${run("copy")}, or keep it with ${detach}`
      );
    case "broken-source":
      return `is not copied: shared/${step.file.source} has unresolved conflict markers`;
    case "gone":
      return `is recorded in shared.lock.json, wanted by no module and gone: run ${run("copy")}`;
    case "untouched-leftover":
      return `is no longer wanted by a module: run ${run("copy")} to remove it`;
    case "orphan":
      return (
        `was edited here and its source shared/${step.entry.source} is no longer copied: ` +
        `delete it, or keep it with ${detach}`
      );
    case "carry":
      return `was edited here and its source is now ${step.to.path}: run ${run("copy")} to carry it over`;
    case "unknown":
      return "is not a copy: only copies live here, so move it beside shared/ or delete it";
    case "unreadable":
      return step.message;
  }
}
