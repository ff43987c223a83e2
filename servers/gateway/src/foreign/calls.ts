import type { CallContext, InputRequest, JsonObject, Outcome } from "#shared/core/contract.ts";
import { isParkedState, ParkingPlace } from "./parked.ts";
import { RunningCall } from "./running-call.ts";
import type { Session } from "./session.ts";
import { isObject, type Message, objectOf } from "./wire.ts";

const CAPABILITY: Record<string, string> = {
  "elicitation/create": "elicitation",
  "sampling/createMessage": "sampling",
};
const INVALID_PARAMS = -32602;
const ANSWER = "answer";

interface Parked {
  call: RunningCall;
  question: unknown;
}

/**
 * Requests of ours at a foreign server, and what it says while they run. A server of 2025 asks in the
 * middle of a call; the caller is asked by an answer, as of 2026-07-28, and the call waits here until
 * the caller calls again. So that the call is found again, it must reach the same gateway.
 */
export class ForeignCalls {
  readonly #session: Session;
  readonly #running = new Map<number, RunningCall>();
  readonly #parked = new ParkingPlace<Parked>(({ call }, error) => call.giveUp(error));

  constructor(session: Session) {
    this.#session = session;
  }

  /** Runs a request for a caller, or goes on with the one that its state names. */
  async run(
    method: string,
    params: JsonObject,
    context: CallContext,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Outcome<JsonObject>> {
    const key = `${method} ${String(params.name ?? params.uri)}`;
    const { requestState: state = "" } = context;
    if (isParkedState(state)) return this.#resume(state, key, context);
    const asks = {
      ...(context.inputResponses && { inputResponses: context.inputResponses }),
      ...(context.requestState !== undefined && { requestState: context.requestState }),
    };
    const call = new RunningCall(key, context);
    this.#start(method, { ...params, ...asks }, call, headers);
    return this.#wait(call);
  }

  #start(
    method: string,
    params: JsonObject,
    call: RunningCall,
    headers?: Readonly<Record<string, string>>,
  ): void {
    const { context, signal } = call;
    const id = this.#session.nextId;
    this.#running.set(id, call);
    const answer = this.#session.request(method, params, {
      context,
      signal,
      onMessage: (message) => this.take(message, call),
      // over stdio there are none, and no credentials either
      headers: { ...headers, ...context.credentials },
    });
    call.answeredBy(answer.finally(() => this.#running.delete(id)));
  }

  async #wait(call: RunningCall): Promise<Outcome<JsonObject>> {
    const next = await call.next();
    return "question" in next ? this.#park(call, next.question) : next;
  }

  #park(call: RunningCall, { id, method, params }: Message): Outcome<JsonObject> {
    const state = this.#parked.park({ call, question: id });
    const request = { method, params: objectOf(params) } as InputRequest;
    const inputRequests = { [ANSWER]: request };
    return { result: { resultType: "input_required", inputRequests, requestState: state } };
  }

  #resume(state: string, key: string, context: CallContext): Promise<Outcome<JsonObject>> {
    const { call, question } = this.#parked.find(state) ?? {};
    const answer = context.inputResponses?.[ANSWER];
    const isSame = call?.key === key && call.context.principal?.id === context.principal?.id;
    if (!isSame || !isObject(answer)) return Promise.resolve(invalidState());
    this.#parked.remove(state);
    call.resume(context);
    void this.#session.answer(question, { result: answer }).catch(() => {});
    return this.#wait(call);
  }

  /** A message of the server; `of` is the call that it belongs to, where the wire can tell. */
  take(message: Message, of?: RunningCall): boolean {
    const params = objectOf(message.params);
    if (message.method === "notifications/progress") {
      const { progress, total, message: text } = params;
      const call = this.#running.get(Number(params.progressToken));
      if (typeof progress === "number")
        call?.context.progress?.(progress, numberOf(total), stringOf(text));
      return true;
    }
    const call = of ?? this.#only();
    if (message.method === "notifications/message") {
      call?.context.notify?.(params.level as never, params.data);
      return true;
    }
    if (message.id === undefined) return false;
    this.#asked(message, call);
    return true;
  }

  #asked(message: Message, call: RunningCall | undefined): void {
    if (message.method === "ping") {
      void this.#session.answer(message.id, { result: {} }).catch(() => {});
      return;
    }
    const needs = CAPABILITY[String(message.method)];
    const can = call?.context.canAsk && call.context.client?.capabilities;
    if (call && needs !== undefined && can && needs in can && !this.#parked.isFull)
      call.ask(message);
    else
      void this.#session
        .refuse(message.id, "There is nobody who could be asked that")
        .catch(() => {});
  }

  /** Over stdio nothing says which call a message belongs to; with one in flight it is clear. */
  #only(): RunningCall | undefined {
    const [first, second] = this.#running.values();
    return second ? undefined : first;
  }

  close(): void {
    this.#parked.close();
  }
}

const numberOf = (value: unknown) => (typeof value === "number" ? value : undefined);
const stringOf = (value: unknown) => (typeof value === "string" ? value : undefined);

const invalidState = (): Outcome<never> => ({
  error: {
    code: INVALID_PARAMS,
    message: "Invalid or expired requestState",
    data: { reason: "invalid_request_state" },
  },
});
