/** Kinds of mounts, and what of the faults each contains: what the README says and the tests show. */
export const KINDS = ["inprocess", "worker", "process", "command", "remote"] as const;
export type Kind = (typeof KINDS)[number];

export interface Fault {
  /** As the fixtures know it. */
  name: string;
  what: string;
  /** Kinds in which it takes the gateway with it. */
  not?: readonly Kind[];
  /** Whether the call that meets it succeeds all the same. */
  harmless?: boolean;
  /** Whether it is a fault of a start, not of a call. */
  ofStart?: boolean;
}

export const FAULTS: readonly Fault[] = [
  { name: "not-found", what: "it cannot be found", ofStart: true },
  { name: "exit-at-start", what: "it exits at start", not: ["inprocess"], ofStart: true },
  { name: "exit-in-call", what: "it exits in a call", not: ["inprocess"] },
  { name: "hang", what: "it never answers a call" },
  { name: "garbage", what: "it prints to stdout", harmless: true },
  { name: "huge-reply", what: "it answers with 50 MB" },
  { name: "slow-list", what: "it never lists its tools", ofStart: true },
  { name: "tools-changed", what: "its tools are others after a restart", not: ["inprocess"] },
  { name: "loop", what: "it loops without end", not: ["inprocess"] },
  { name: "out-of-memory", what: "it runs out of memory", not: ["inprocess"] },
  { name: "rejection", what: "it leaves a rejection unhandled" },
];

export const isContained = (fault: Fault, kind: Kind): boolean => !(fault.not ?? []).includes(kind);

/** The table of the README. */
export function containmentTable(): string {
  const cells = (fault: Fault) =>
    KINDS.map((kind) => (isContained(fault, kind) ? "contained" : "**ends the gateway**"));
  return [
    `| A server's fault | ${KINDS.map((kind) => `\`${kind}\``).join(" | ")} |`,
    `| --- | ${KINDS.map(() => "---").join(" | ")} |`,
    ...FAULTS.map((fault) => `| ${fault.what} | ${cells(fault).join(" | ")} |`),
  ].join("\n");
}
