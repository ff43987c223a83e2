import type { Project } from "../projects.ts";

/** One thing that is wrong with a server, and what to do about it. */
export interface Finding {
  /** A warning does not make the command fail. */
  severity: "fault" | "warning";
  message: string;
  cure: string;
}

/** One line of the deployment checklist. */
export interface Rule {
  name: string;
  /** Needs what `pnpm build` makes. */
  needsBuild?: true;
  /** What is wrong; a Skip where it cannot be looked at. */
  look(server: Project): Finding[] | Skip | Promise<Finding[] | Skip>;
}

/** Why something cannot be looked at on this machine. */
export interface Skip {
  skipped: string;
}

export const fault = (message: string, cure: string): Finding => ({
  severity: "fault",
  message,
  cure,
});

export const warning = (message: string, cure: string): Finding => ({
  severity: "warning",
  message,
  cure,
});
