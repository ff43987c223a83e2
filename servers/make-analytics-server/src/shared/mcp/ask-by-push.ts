// Copied from shared/mcp/ask-by-push.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type {
  CallToolResult,
  ClientInfo,
  InputRequired,
  Instance,
  Outcome,
} from "#shared/core/contract.ts";
import { ToolError } from "#shared/core/errors.ts";
import { toErrorResult } from "#shared/core/result.ts";
import { type DirectHost, directCall } from "./direct-call.ts";
import type { HotCall } from "./hot.ts";
import type { Push, Send } from "./push.ts";

/** Rounds of questions that one call may take, so that an answer that never fits ends. */
export const MAX_ROUNDS = 8;

/** Without a session it is not known what a client of 2025 supports; it says so when it is asked. */
export const ANY_CLIENT: ClientInfo = {
  capabilities: { elicitation: {}, sampling: {}, roots: {} },
};

type CallOutcome = Outcome<CallToolResult | InputRequired>;

interface Asking {
  instance: Instance;
  call: HotCall;
  host: DirectHost;
  push: Push;
  send: Send;
}

/** Asks the client what a call needs, and calls again with the answers, until there is a result. */
export async function askUntilDone(
  { instance, call, host, push, send }: Asking,
  first: CallOutcome,
): Promise<CallOutcome> {
  let outcome = first;
  const asked = { send, signal: host.signal, principal: host.principal?.id };
  for (let round = 0; outcome.result && "inputRequests" in outcome.result; round++) {
    const { inputRequests, requestState } = outcome.result;
    if (round >= MAX_ROUNDS)
      return failed(`it asked ${MAX_ROUNDS} times without an answer that fits`);
    try {
      const inputResponses = await push.ask(inputRequests, asked);
      outcome = await directCall(instance, { ...call, inputResponses, requestState }, host);
    } catch (error) {
      return failed(error instanceof Error ? error.message : String(error));
    }
  }
  return outcome;
}

function failed(reason: string): CallOutcome {
  const error = new ToolError("UNAVAILABLE", `The tool needs an answer from you: ${reason}.`, {
    details: { reason: "not_answered" },
  });
  return { result: toErrorResult(error, new Date()) };
}
