import type { Instance, ServerEvent, ServerModule } from "#shared/core/contract.ts";
import type { MountSettings } from "../settings/spec.ts";
import type { Catalogue } from "./catalogue.ts";

/**
 * `degraded`: it answers, but a call went unanswered and it is asked for a sign of life, or its new
 * configuration does not start and the old one still serves. `backoff`: it is down and tried again.
 * `crash-loop`: so too, after several failures in a row. `failed`: it is not tried again.
 */
export type MountState =
  | "starting"
  | "ready"
  | "degraded"
  | "backoff"
  | "crash-loop"
  | "failed"
  | "closed";

/** Whether calls reach the server. */
export const isServing = ({ state }: MountStatus): boolean =>
  state === "ready" || state === "degraded";

export interface MountStatus {
  state: MountState;
  /** Why it failed, for the operator: it may name files, so callers never see it. */
  reason?: string;
  /** Milliseconds since the epoch; absent when it is not tried again. */
  retryAt?: number;
}

/** A server as the gateway has it: there from the first moment, whatever happens to what is behind it. */
export interface Mount {
  /** Short name: the path, and the prefix of the tools. */
  readonly name: string;
  /** What stands before the names of its tools in the aggregate. */
  readonly prefix: string;
  readonly required: boolean;
  readonly status: MountStatus;
  /** What it shows: of the running server, else as last known. */
  readonly catalogue: Catalogue;
  /** Whether its lists are known without it: from its lock file, say. */
  readonly isKnown: boolean;
  /** Resolves when it has been ready, or has failed, for the first time. */
  readonly settled: Promise<void>;
  /** For an endpoint of its own: `module` and the lists of `instance` are live, its methods never throw. */
  readonly module: ServerModule;
  readonly instance: Instance;
  /** How often it came up. */
  readonly starts: number;
  readonly callsInFlight: number;
  /** Begins, once, at the latest when it is called; failures are retried for ever. */
  start(): void;
  /** Other settings, or other code: the new server is opened first, then takes over, then the old one ends. */
  replace(settings: MountSettings, connector: Connector): void;
  /** No new call reaches it; those in flight get `drainMs` to end. */
  close(drainMs?: number): Promise<void>;
}

/** What a mount tells. */
export interface MountListener {
  onStatus(mount: Mount): void;
  /** An event of the server itself, or that its lists changed because it went or came. */
  onEvent(mount: Mount, event: ServerEvent): void;
}

/** A server that was reached. */
export interface Connection {
  module: ServerModule;
  instance: Instance;
  /** A sign of life; absent where none can be had, because it would be asked for in the same thread. */
  ping?(): Promise<void>;
}

export interface ConnectOptions {
  /** Aborted when nobody waits any longer. */
  signal: AbortSignal;
  onEvent(event: ServerEvent): void;
  /** The server has ended, or cannot be reached any longer. */
  onGone(error: Error): void;
  /** Something makes it likely that it does not answer any longer: it is asked for a sign of life. */
  onDoubt(reason: string): void;
}

/** How a kind of mount reaches its server. Loading a folder is one; workers, processes, commands and remotes are others. */
export interface Connector {
  /** What the server shows, from what is known without it. Never throws. */
  lastKnown(): Catalogue | undefined;
  /** Rejects with an error whose message is shown to the operator; a MountError may forbid trying again. */
  connect(options: ConnectOptions): Promise<Connection>;
}
