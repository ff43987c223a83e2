/** What every kind of mount is told. */
export interface MountSettings {
  /** Short name: the path, and the prefix of the tools. */
  name: string;
  /** Whether the gateway is ready only while this server is. */
  required: boolean;
  /** Milliseconds that loading and opening may take. */
  startTimeoutMs: number;
}

/** A server folder, loaded into this process. */
export interface PackageSpec extends MountSettings {
  kind: "package";
  /** Absolute path. */
  folder: string;
  env: Readonly<Record<string, string>>;
}

/** A command that speaks MCP on its stdin and stdout. */
export interface ProcessSpec extends MountSettings {
  kind: "process";
  command: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  cwd?: string;
}

/** A server that runs elsewhere. */
export interface RemoteSpec extends MountSettings {
  kind: "remote";
  url: string;
  headers: Readonly<Record<string, string>>;
}

export type MountSpec = PackageSpec | ProcessSpec | RemoteSpec;

/** Milliseconds that loading and opening may take unless the file says otherwise. */
export const START_TIMEOUT_MS = 15_000;
