/** What the gateway and a guard tell each other. The lifeline is open for as long as both live. */
export const LIFELINE_FD = 3;
/** Where the host of a package talks to the gateway, apart from its stdin and stdout. */
export const CHANNEL_FD = 4;

export interface GuardedCommand {
  command: string;
  args: readonly string[];
  /** The whole environment of the command. */
  env: Record<string, string>;
  cwd?: string;
  /** What its environment is marked by, so that what it starts can be told. */
  mark: string;
  /** Whether the command gets the channel. */
  channel: boolean;
}

/** How the command ended, or the code of why it did not start. */
export type GuardReport = { code: number | null; signal: string | null } | { failed: string };
