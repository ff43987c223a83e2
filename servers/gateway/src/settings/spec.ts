import type { AccessSettings } from "../access/settings.ts";
import type { LimitSettings } from "../limits/settings.ts";
import type { ToolPattern } from "../policy/grants.ts";

/** Which tools of a server are shown: by their own names, `*` stands for any text. */
export interface ToolFilter {
  /** Absent: all. */
  allow?: readonly string[] | undefined;
  deny: readonly string[];
}

/** What every kind of mount is told. */
export interface MountSettings {
  /** Short name: the path. */
  name: string;
  /** What stands before the names of its tools in the aggregate; "" for nothing. */
  prefix: string;
  /** Whether the gateway is ready only while this server is. */
  required: boolean;
  /** Milliseconds that loading and opening may take. */
  startTimeoutMs: number;
  /** Milliseconds that a call may be silent: each report of progress begins them anew. */
  callTimeoutMs: number;
  /** Calls that run at the same time; further ones wait. */
  maxConcurrency: number;
  /** Calls that wait; further ones are refused. */
  maxQueue: number;
  tools: ToolFilter;
  /** Whether its tools stay listed while it is down. */
  onDown: "keep" | "hide";
  /** What each caller sends for this server alone: names, each a part of a header's. */
  credentials: readonly string[];
}

export type PackageIsolation = "inprocess" | "worker" | "process";

/** A server folder. */
export interface PackageSpec extends MountSettings {
  kind: "package";
  isolation: PackageIsolation;
  /** Absolute path. */
  folder: string;
  env: Readonly<Record<string, string>>;
  /** Megabytes of its heap, in a worker or a process. */
  memoryMb: number;
}

/** A command that speaks MCP on its stdin and stdout. */
export interface CommandSpec extends MountSettings {
  kind: "command";
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

export type MountSpec = PackageSpec | CommandSpec | RemoteSpec;

/** What holds unless the file says otherwise. */
export const DEFAULTS = {
  startTimeoutMs: 15_000,
  callTimeoutMs: 60_000,
  maxConcurrency: 64,
  maxQueue: 64,
  onDown: "keep",
  memoryMb: 512,
} as const;

/** A command may be `npx`, which installs the server first; cut short it would begin anew each time. */
export const COMMAND_START_TIMEOUT_MS = 60_000;

/** A view of all mounts at an address of its own, `/p/{name}/mcp`. */
export interface ProfileSpec {
  name: string;
  /** Names of servers, `*` stands for any text; absent: all. */
  servers?: readonly string[] | undefined;
  tools: {
    /** Absent: all. */
    allow?: readonly ToolPattern[] | undefined;
    deny: readonly ToolPattern[];
  };
  /** Whether tools that write are left out. */
  readOnly: boolean;
  /** Whether it shows search_tools, describe_tool and call_tool in place of the tools. */
  search: boolean;
}

/** A gateway.json as read. */
export interface GatewaySettings {
  mounts: readonly MountSpec[];
  /** Folders that are not mounted, and why. */
  leftOut?: readonly string[] | undefined;
  /** What holds, and is hardly meant as it is written. */
  warnings?: readonly string[] | undefined;
  profiles: readonly ProfileSpec[];
  /** Where clients reach the gateway, for documents that have to say it. */
  publicUrl?: string | undefined;
  /** Whether /docs, /redoc and the OpenAPI documents are served. */
  docs: boolean;
  /** Who may use the gateway; absent: everybody who reaches it. Paths are absolute. */
  access?: AccessSettings | undefined;
  /** Absent: the defaults, wherever there is access control; false: none. */
  limits?: LimitSettings | false | undefined;
  allowedOrigins: readonly string[];
  trustedProxies: readonly string[];
  pins?: { file: string; added: "hold" | "show" } | undefined;
  audit?: { file: string; maxMb: number } | undefined;
}

/** What holds without a gateway.json. */
export const OWN_DEFAULTS = {
  profiles: [],
  docs: true,
  allowedOrigins: [],
  trustedProxies: [],
} as const;
