// Copied from shared/mcp/push.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { crypto } from "#shared/core/builtin.ts";
import type { InputRequest, JsonObject } from "#shared/core/contract.ts";

/** Milliseconds that a question waits for its answer: as long as its sealed state is valid. */
export const ANSWER_MS = 600_000;

/** A request as it goes to the client. */
export type Send = (message: JsonObject) => void;

/** How a question reaches its client, and who may answer it. */
export interface Asked {
  send: Send;
  signal: AbortSignal;
  /** Id of the principal of the call, where it is known. */
  principal: string | undefined;
}

/** A posted message that may be an answer, and the id of the principal that posted it. */
export interface Posted {
  message: JsonObject;
  principal: string | undefined;
}

/** Brings answers that reach another process to the one that asked. Neither method ever rejects. */
export interface AnswerRelay {
  /** Has answers to a question brought here, where that can be, until what it resolves with is called. */
  expect(id: string, take: (posted: Posted) => void): Promise<() => void>;
  /** Passes on what answers a question that is not open here; whether a process has it open, said soon. */
  pass(id: string, posted: Posted): Promise<boolean>;
}

/** Questions to clients of 2025 over HTTP: asked on the stream of a call, answered by another POST. */
export interface Push {
  /** Takes a posted message if it answers a question that is open, and that its sender was asked. */
  take(message: JsonObject, principal?: string): boolean | Promise<boolean>;
  /** Asks all at once; resolves with the bare results by key. Rejects on an error, on abort and in the end. */
  ask(questions: Record<string, InputRequest>, asked: Asked): Promise<JsonObject>;
}

interface Waiting {
  principal: string | undefined;
  answer(result: unknown): void;
  fail(reason: string): void;
}

/**
 * The ids of open questions are random and known to the asked client alone, and only the principal
 * that was asked answers. They are kept in this process: where several stand behind one address, an
 * answer that reaches another one is lost without a relay, which is why this has to be switched on.
 */
export function createPush(relay?: AnswerRelay): Push {
  const open = new Map<unknown, Waiting>();

  async function askOne({ method, params }: InputRequest, asked: Asked): Promise<unknown> {
    const id = crypto().randomUUID();
    // before anybody knows the id, so that no answer comes too early
    const forget = relay && (await relay.expect(id, (posted) => void takeHere(posted)));
    try {
      const answer = waitFor(id, asked);
      asked.send({ jsonrpc: "2.0", id, method, ...(params && { params }) });
      return await answer;
    } finally {
      forget?.();
    }
  }

  function waitFor(id: string, { signal, principal }: Asked): Promise<unknown> {
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
      open.set(id, { principal, answer: (result) => end(() => resolve(result)), fail });
      if (signal.aborted) leave();
      else signal.addEventListener("abort", leave, { once: true });
    });
  }

  function takeHere({ message: { id, result, error }, principal }: Posted): boolean {
    const waiting = open.get(id);
    if (!waiting || waiting.principal !== principal) return false;
    if (error === undefined) waiting.answer(result);
    else waiting.fail(messageOf(error));
    return true;
  }

  return {
    take: (message, principal) => {
      const { id, method } = message;
      if (method !== undefined) return false;
      if (!relay || typeof id !== "string" || open.has(id)) return takeHere({ message, principal });
      return relay.pass(id, { message, principal });
    },
    ask: async (questions, asked) => {
      const answers = Object.entries(questions).map(async ([key, question]) => [
        key,
        await askOne(question, asked),
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
