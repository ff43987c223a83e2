import type { compileRules, Violation } from "./naming.ts";
import type { Thing } from "./things.ts";

type Rules = ReturnType<typeof compileRules>;

export interface Proposal extends Violation {
  /** Null where no name can be made that fits the rule. */
  to: string | null;
  why: string;
}

const PREFIX = /^([A-Z]{2,5})(?=[ |])/;
const COPY = /^(copy of|kopie von|copie de)\s+/i;

/** Names that fit the rules: the prefix is that of the folder, else that of most names of the team. */
export function proposeNames(
  violations: readonly Violation[],
  things: readonly Thing[],
  rules: Rules,
): Proposal[] {
  const taken = new Set(things.map(({ kind, teamId, name }) => keyOf(kind, teamId, name)));
  return violations.map((violation) => {
    const prefix = prefixFor(violation, things);
    const rule = rules.get(violation.kind);
    if (rule?.template === undefined)
      return { ...violation, to: null, why: "The rule has no template" };
    if (prefix === undefined)
      return { ...violation, to: null, why: "Neither folder nor team shows a prefix" };
    const { area, action } = partsOf(violation.name, prefix.text);
    const plain = fill(rule.template, { prefix: prefix.text, area, action });
    const to = free(plain, (name) => taken.has(keyOf(violation.kind, violation.teamId, name)));
    if (!rule.regex.matches(to))
      return { ...violation, to: null, why: `"${to}" would break the rule as well` };
    taken.add(keyOf(violation.kind, violation.teamId, to));
    const collision = to === plain ? "" : "; that name was taken, so it is numbered";
    return { ...violation, to, why: `Prefix of ${prefix.from}${collision}` };
  });
}

const keyOf = (kind: string, teamId: number | null, name: string) =>
  `${kind} ${teamId} ${name.toLowerCase()}`;

function prefixFor({ kind, id, teamId }: Violation, things: readonly Thing[]) {
  const self = things.find((each) => each.kind === kind && each.id === id);
  const folder = things.find((each) => each.kind === "folder" && each.id === self?.folderId);
  const own = folder && PREFIX.exec(folder.name)?.[1];
  if (own) return { text: own, from: `folder "${folder.name}"` };
  const counts = new Map<string, number>();
  for (const each of things.filter((thing) => thing.teamId === teamId)) {
    const prefix = PREFIX.exec(each.name)?.[1];
    if (prefix) counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return most && { text: most[0], from: `most names of team ${teamId}` };
}

/** "fin_reporting_weekly" is Reporting and Weekly: the prefix itself, separators and "Copy of" are left out. */
function partsOf(name: string, prefix: string): { area: string; action: string } {
  const words = name
    .replace(COPY, "")
    .split(/[\s_|/]+|(?<=\w)-(?=\w)/)
    .filter((word) => word !== "" && word.toLowerCase() !== prefix.toLowerCase());
  const [first = "General", ...rest] = words;
  return rest.length === 0
    ? { area: "General", action: capital(first) }
    : { area: capital(first), action: capital(rest.join(" ")) };
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const fill = (template: string, parts: Record<string, string>) =>
  template.replace(/\{(prefix|area|action)\}/g, (_, part: string) => parts[part] ?? "").trim();

function free(name: string, isTaken: (name: string) => boolean): string {
  if (!isTaken(name)) return name;
  let number = 2;
  while (isTaken(`${name} ${number}`)) number += 1;
  return `${name} ${number}`;
}
