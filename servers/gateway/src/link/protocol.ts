import type {
  CallContext,
  JsonObject,
  Outcome,
  ServerEvent,
  ServerFeatures,
  ServerModule,
} from "#shared/core/contract.ts";
import type { Lists } from "../mounts/lists.ts";

/** The contract as messages: how the gateway uses a package that runs in a worker or a process. */
export type Method =
  | "call"
  | "read"
  | "get"
  | "complete"
  | "subscribe"
  | "unsubscribe"
  | "health"
  | "ping"
  | "close";

/** What of a context can cross; the rest stands for itself on each side. */
export type LinkContext = Omit<CallContext, "signal" | "progress" | "notify"> & {
  wantsProgress: boolean;
  wantsNotices: boolean;
};

export type ToHost =
  | { open: { file: string; env: Record<string, string> } }
  | { id: number; method: Method; args: readonly unknown[]; context?: LinkContext }
  | { cancel: number; timedOut: boolean };

export type ModuleFacts = Pick<
  ServerModule,
  "name" | "title" | "version" | "description" | "instructions" | "port"
> & { features: ServerFeatures };

/** An error of the other side, without its stack. */
export interface Fault {
  name: string;
  message: string;
  faults?: readonly string[];
}

export type ToGateway =
  | { ready: ModuleFacts; lists: Lists }
  | { failed: Fault }
  | { id: number; outcome: Outcome<JsonObject> }
  | { id: number; threw: Fault }
  | { progress: number; args: Parameters<NonNullable<CallContext["progress"]>> }
  | { notice: number; args: Parameters<NonNullable<CallContext["notify"]>> }
  | { event: ServerEvent; lists?: Lists };

/** A way to the other side: each message is one text. */
export interface Channel {
  send(text: string): void;
  onText(take: (text: string) => void): void;
}

export function faultOf(error: unknown): Fault {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  const faults = "faults" in error && Array.isArray(error.faults) ? error.faults.map(String) : [];
  return { name: error.name, message: error.message, ...(faults.length > 0 && { faults }) };
}

export function errorFrom({ name, message, faults }: Fault): Error {
  return Object.assign(new Error(message), { name, ...(faults && { faults }) });
}
