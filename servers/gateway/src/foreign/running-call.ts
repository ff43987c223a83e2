import type { CallContext, JsonObject, Outcome } from "#shared/core/contract.ts";
import type { Message } from "./wire.ts";

/** What a server asks of the caller before it answers. */
export interface Question {
  question: Message;
}

/** A request that a server has not answered yet: one of 2025 may ask before it does. */
export class RunningCall {
  /** What is called: only the same may go on with it. */
  readonly key: string;
  readonly #controller = new AbortController();
  #context: CallContext;
  #answer: Promise<Outcome<JsonObject>> = new Promise(() => {});
  #nextQuestion: Promise<Question> = new Promise(() => {});
  #ask = (_: Question) => {};

  constructor(key: string, context: CallContext) {
    this.key = key;
    this.#context = context;
    this.#expectQuestion();
  }

  get context(): CallContext {
    return this.#context;
  }

  /** Aborted when nobody waits for the answer any longer. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  answeredBy(answer: Promise<Outcome<JsonObject>>): void {
    answer.catch(() => {}); // whoever waits for it sees it
    this.#answer = answer;
  }

  ask(question: Message): void {
    this.#ask({ question });
  }

  /** A further request of its caller goes on with it. */
  resume(context: CallContext): void {
    this.#context = context;
    this.#expectQuestion();
  }

  /** Waits for the answer, or for a question to the caller, for as long as the caller stays. */
  async next(): Promise<Outcome<JsonObject> | Question> {
    const { signal } = this.#context;
    const leave = () => this.giveUp(signal.reason);
    if (signal.aborted) leave();
    signal.addEventListener("abort", leave, { once: true });
    try {
      return await Promise.race([this.#answer, this.#nextQuestion]);
    } finally {
      signal.removeEventListener("abort", leave);
    }
  }

  giveUp(reason: unknown): void {
    this.#controller.abort(reason);
  }

  #expectQuestion(): void {
    this.#nextQuestion = new Promise((resolve) => {
      this.#ask = resolve;
    });
  }
}
