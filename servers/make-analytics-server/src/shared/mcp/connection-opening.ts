// Copied from shared/mcp/connection-opening.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { JsonObject } from "#shared/core/contract.ts";
import type { Hot } from "./hot.ts";
import type { HotClient } from "./hot-client.ts";

/**
 * The era of a connection, as the SDK decides it: 2025 from `initialize` on, 2026-07-28 from the
 * first request with an envelope that is not `server/discover`; "sdk" once the SDK alone decides.
 */
type Phase = "opening" | "legacy" | "modern" | "sdk";

/** How a connection began, as far as it was answered without the SDK. */
export interface Opening {
  readonly phase: Phase;
  /** Who called `initialize`. */
  readonly client: HotClient | undefined;
  /** What makes the SDK believe that it saw the beginning. */
  readonly messages: readonly JsonObject[];
  /** Whether this message of the ordinary form is ours to answer, given what came before it. */
  isOurs(hot: Hot): boolean;
  /** Such a message was answered. */
  answered(hot: Hot, message: JsonObject): void;
  /** The client says that it has read the answer to its `initialize`. */
  initialized(message: JsonObject): void;
  /** From here on the SDK answers everything. */
  leaveToSdk(): void;
}

export function createOpening(): Opening {
  let phase: Phase = "opening";
  let client: HotClient | undefined;
  let messages: JsonObject[] = [];
  return {
    get phase() {
      return phase;
    },
    get client() {
      return client;
    },
    get messages() {
      return messages;
    },
    isOurs: (hot) => {
      if (hot.method === "initialize") return phase === "opening";
      return hot.envelope ? phase === "opening" || phase === "modern" : phase === "legacy";
    },
    answered: (hot, message) => {
      if (phase !== "opening") return;
      if (hot.method === "server/discover") {
        // only asking decides nothing yet, but what is lawful next depends on it
        messages = [message];
      } else if (hot.method === "initialize") {
        phase = "legacy";
        client = { ...hot.client, capabilities: asOf2025(hot.client.capabilities) };
        messages = [message];
      } else {
        phase = "modern";
        messages = [harmless(message)];
      }
    },
    initialized: (message) => void messages.push(message),
    leaveToSdk: () => {
      phase = "sdk";
    },
  };
}

/** A client that only says `elicitation` means forms: it was all there was before 2025-11-25. */
function asOf2025(capabilities: JsonObject): JsonObject {
  const { elicitation } = capabilities;
  const isBare = elicitation !== undefined && Object.keys(elicitation as JsonObject).length === 0;
  return isBare ? { ...capabilities, elicitation: { form: {} } } : capabilities;
}

/** A call must not run twice, so what the SDK gets in its place is a list in the same envelope. */
function harmless({ id, params }: JsonObject): JsonObject {
  const { progressToken: _, ...envelope } = (params as JsonObject)._meta as JsonObject;
  return { jsonrpc: "2.0", id, method: "tools/list", params: { _meta: envelope } };
}
