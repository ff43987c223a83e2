// Copied from shared/mcp/push.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { crypto } from "#shared/core/builtin.ts";
import type { InputRequest, JsonObject } from "#shared/core/contract.ts";

/** Milliseconds that a question waits for its answer: as long as its sealed state is valid. */
export const ANSWER_MS = 600_000;

/** A request as it goes to the client. */
export type Send = (message: JsonObject) => void;

/** Questions to clients of 2025 over HTTP: asked on the stream of a call, answered by another POST. */
export interface Push {
  /** Takes a posted message if it answers a question that is open here. */
  take(message: JsonObject): boolean;
  /** Asks all at once; resolves with the bare results by key. Rejects on an error, on abort and in the end. */
  ask(
    questions: Record<string, InputRequest>,
    send: Send,
    signal: AbortSignal,
  ): Promise<JsonObject>;
}

interface Waiting {
  answer(result: unknown): void;
  fail(reason: string): void;
}

/**
 * The ids of open questions are random and known to the asked client alone, so nobody else answers
 * for it. They are kept in this process: with several replicas behind one address an answer may
 * reach another one, which is why this has to be switched on.
 */
export function createPush(): Push {
  const open = new Map<unknown, Waiting>();

  function askOne(
    { method, params }: InputRequest,
    send: Send,
    signal: AbortSignal,
  ): Promise<unknown> {
    const id = crypto().randomUUID();
    return new Promise((resolve, reject) => {
      const end = (then: () => void) => {
        clearTimeout(timer);
        signal.removeEventListener("abort", leave);
        open.delete(id);
        then();
      };
      const fail = (reason: string) => end(() => reject(new Error(reason)));
      const leave = () => fail("The client left before it answered");
      const timer = setTimeout(() => fail("The client did not answer in time"), ANSWER_MS);
      open.set(id, { answer: (result) => end(() => resolve(result)), fail });
      signal.addEventListener("abort", leave, { once: true });
      send({ jsonrpc: "2.0", id, method, ...(params && { params }) });
    });
  }

  return {
    take: ({ id, method, result, error }) => {
      const waiting = method === undefined ? open.get(id) : undefined;
      if (!waiting) return false;
      if (error === undefined) waiting.answer(result);
      else waiting.fail(messageOf(error));
      return true;
    },
    ask: async (questions, send, signal) => {
      const answers = Object.entries(questions).map(async ([key, question]) => [
        key,
        await askOne(question, send, signal),
      ]);
      return Object.fromEntries(await Promise.all(answers));
    },
  };
}

function messageOf(error: unknown): string {
  const message =
    typeof error === "object" && error !== null && "message" in error ? error.message : undefined;
  return typeof message === "string" ? message : "the client could not answer";
}
