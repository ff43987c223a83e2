import type { Instance, ServerEvent, ServerModule } from "#shared/core/contract.ts";
import type { Catalogue } from "./catalogue.ts";

export type MountState = "starting" | "ready" | "failed" | "closed";

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
  readonly required: boolean;
  readonly status: MountStatus;
  /** What it shows: of the running server, else as last known. */
  readonly catalogue: Catalogue;
  /** Resolves when it has been ready, or has failed, for the first time. */
  readonly settled: Promise<void>;
  /** For an endpoint of its own: `module` and the lists of `instance` are live, its methods never throw. */
  readonly module: ServerModule;
  readonly instance: Instance;
  /** Begins, once; failures are retried for ever. */
  start(): void;
  close(): Promise<void>;
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
}

export interface ConnectOptions {
  /** Aborted when nobody waits any longer. */
  signal: AbortSignal;
  onEvent(event: ServerEvent): void;
}

/** How a kind of mount reaches its server. Loading a folder is one; workers, processes and remotes are others. */
export interface Connector {
  /** What the server shows, from what is known without it. Never throws. */
  lastKnown(): Catalogue | undefined;
  /** Rejects with an error whose message is shown to the operator; a MountError may forbid trying again. */
  connect(options: ConnectOptions): Promise<Connection>;
}
