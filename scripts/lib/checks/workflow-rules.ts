/** What actionlint does not ask of a workflow: pinned actions, least permissions, no kept token. */

export interface Problem {
  line: number;
  message: string;
}

const indentOf = (line: string) => line.length - line.trimStart().length;
const isContent = (line: string) => line.trim() !== "" && !line.trim().startsWith("#");

/** The lines of the block that follows, deeper than the given indent. */
function blockAfter(lines: string[], index: number, indent: number): string[] {
  const rest = lines.slice(index + 1);
  const end = rest.findIndex((line) => isContent(line) && indentOf(line) <= indent);
  return (end === -1 ? rest : rest.slice(0, end)).filter(isContent);
}

function pinProblem(action: string, comment: string): string | undefined {
  if (action.startsWith("./")) return undefined;
  if (action.startsWith("docker://")) {
    return /@sha256:[0-9a-f]{64}$/.test(action) ? undefined : `${action} is not pinned by digest`;
  }
  if (!/@[0-9a-f]{40}$/.test(action)) return `${action} is not pinned by a commit's full SHA`;
  return /^#\s*v?\d+(\.\d+)*\b/.test(comment)
    ? undefined
    : `${action} has no comment that names its version`;
}

function usesProblems(lines: string[]): Problem[] {
  const problems: Problem[] = [];
  lines.forEach((line, index) => {
    const [, lead = "", quoted = "", comment = ""] =
      /^(\s*(?:-\s+)?)uses:\s*(\S+)\s*(.*)$/.exec(line) ?? [];
    if (quoted === "") return;
    const action = quoted.replace(/^["']|["']$/g, "");
    const pin = pinProblem(action, comment);
    if (pin !== undefined) problems.push({ line: index + 1, message: pin });
    if (!action.startsWith("actions/checkout@")) return;
    // A sibling key is as deep as "uses", so the step ends at what is less deep.
    const step = blockAfter(lines, index, lead.length - 1);
    if (!step.some((other) => /^\s*persist-credentials:\s*false\b/.test(other))) {
      problems.push({ line: index + 1, message: "checkout keeps its token: persist-credentials" });
    }
  });
  return problems;
}

function permissionProblems(lines: string[]): Problem[] {
  const problems: Problem[] = [];
  const index = lines.findIndex((line) => line.startsWith("permissions:"));
  if (index === -1) problems.push({ line: 1, message: "no top-level permissions" });
  else {
    const granted = [lines[index] ?? "", ...blockAfter(lines, index, 0)];
    if (granted.some((line) => /:\s*write\b(?!-all)/.test(line))) {
      const message = "write permission for every job: grant it in the job that needs it";
      problems.push({ line: index + 1, message });
    }
  }
  lines.forEach((line, at) => {
    const [, every] = /^\s*permissions:\s*["']?((?:read|write)-all)\b/.exec(line) ?? [];
    if (every !== undefined)
      problems.push({ line: at + 1, message: `${every} is more than least` });
  });
  return problems;
}

function triggerProblems(lines: string[]): Problem[] {
  return lines.flatMap((line, index) =>
    isContent(line) && /\bpull_request_target\b/.test(line)
      ? [{ line: index + 1, message: "pull_request_target runs strangers' code with our secrets" }]
      : [],
  );
}

export function workflowProblems(text: string): Problem[] {
  const lines = text.split(/\r?\n/);
  return [...usesProblems(lines), ...permissionProblems(lines), ...triggerProblems(lines)].sort(
    (a, b) => a.line - b.line,
  );
}
