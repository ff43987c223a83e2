// Copied from shared/core/context.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { Ask } from "./ask.ts";
import type { StandardConfig } from "./config.ts";
import type { ClientInfo, Log, NoticeLevel, Principal, ServerEvent } from "./contract.ts";
import type { ServiceAccess } from "./services.ts";

/** What a handler gets beside its input. */
export interface Context<Config = StandardConfig, Values = Record<never, never>> {
  /** Aborted when the client leaves or cancels, and at the deadline: pass it to whatever waits. */
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly config: Config;
  readonly services: ServiceAccess<Values>;
  /** Who calls, when a gateway knows. */
  readonly principal: Principal | undefined;
  /** The caller's own credentials for what this server talks to, when a gateway supplies them. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly requestId: string;
  readonly client: ClientInfo;
  /** The clock. */
  now(): Date;
  /** Tells a client that asked for it how far the call is. `total` may be unknown. */
  progress(done: number, total?: number, message?: string): void;
  /** Sends an MCP log message to the client; the server's own log is `log`. */
  notify(level: NoticeLevel, data: unknown): void;
  /** Says that a list or a resource changed, to every client that listens. */
  changed(event: ServerEvent): void;
  /** Asks the user, the client's model or the client itself: see `askForm`, `askModel`, `askRoots`. */
  ask: Ask;
  /** A variable that this call cannot do without; absent, the call ends in CONFIG_ERROR that says where to get it. */
  require<K extends keyof Config & string>(name: K): NonNullable<Config[K]>;
}
