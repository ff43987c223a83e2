import { SharedError } from "./errors.ts";
import type { Step } from "./state.ts";

/** One thing done or one thing wrong. */
export interface Finding {
  readonly server: string;
  readonly path: string;
  readonly kind: Step["kind"] | "merged" | "no-base" | "packages" | "error";
  readonly failed: boolean;
  readonly message: string;
}

export interface Report {
  readonly failed: boolean;
  readonly findings: readonly Finding[];
  /** How many files each server is to have from shared/. */
  readonly files: ReadonlyMap<string, number>;
}

/** A line for each finding; a server without any gets one that says so. */
export function formatReport({ findings, files }: Report): string[] {
  return [...files].flatMap(([server, count]) => {
    const own = findings.filter((finding) => finding.server === server);
    if (own.length === 0) return [`${server}: ${count} shared files are current`];
    return own.map(({ path, message }) => [`${server}:`, path, message].filter(Boolean).join(" "));
  });
}

/** A problem with one file or one server must not keep the others from being done. */
export function orFinding(server: string, path: string, work: () => Finding[]): Finding[] {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof SharedError)) throw error;
    return [{ server, path, kind: "error", failed: true, message: error.message }];
  }
}
