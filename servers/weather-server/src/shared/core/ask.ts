// Copied from shared/core/ask.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import * as z from "zod";
import type { CallContext, InputRequest, InputRequired, JsonObject, RpcError } from "./contract.ts";
import { ToolError } from "./errors.ts";
import { lazily } from "./lazily.ts";
import { INVALID_PARAMS, MISSING_CAPABILITY } from "./rpc-codes.ts";
import type { StateSeal } from "./state.ts";

/** A question and how to read its answer. */
export interface Question<Answer> {
  request: InputRequest;
  /** The answer, or undefined when the client sent something else: then it is asked again. */
  read(response: unknown): Answer | undefined;
}

export type FormAnswer<T> = { action: "accept"; content: T } | { action: "decline" | "cancel" };

/** A question to the user that fields answer: flat, of strings, numbers, booleans and choices. */
export function askForm<S extends z.ZodObject>(
  message: string,
  schema: S,
): Question<FormAnswer<z.output<S>>> {
  const request: InputRequest = {
    method: "elicitation/create",
    params: { mode: "form", message, requestedSchema: formSchema(schema) },
  };
  return { request, read: (response) => readForm(response, schema) };
}

const formSchemas = new WeakMap<z.ZodObject, JsonObject>();

/** Made once a schema: the SDK keeps a compiled validator for each object that it is given. */
function formSchema(schema: z.ZodObject): JsonObject {
  let made = formSchemas.get(schema);
  if (!made) {
    const {
      $schema: _,
      additionalProperties: __,
      ...rest
    } = z.toJSONSchema(schema, { io: "input" });
    made = rest;
    formSchemas.set(schema, made);
  }
  return made;
}

const elicitResult = lazily(() =>
  z.object({
    action: z.enum(["accept", "decline", "cancel"]),
    content: z.unknown().optional(),
  }),
);

function readForm<S extends z.ZodObject>(
  response: unknown,
  schema: S,
): FormAnswer<z.output<S>> | undefined {
  const result = elicitResult().safeParse(response);
  if (!result.success) return undefined;
  const { action, content } = result.data;
  if (action !== "accept") return { action };
  const parsed = schema.safeParse(content);
  return parsed.success ? { action, content: parsed.data } : undefined;
}

const sampleResult = lazily(() =>
  z.looseObject({
    role: z.enum(["user", "assistant"]),
    content: z.union([
      z.record(z.string(), z.unknown()),
      z.array(z.record(z.string(), z.unknown())),
    ]),
    model: z.string(),
    stopReason: z.string().optional(),
  }),
);
export type SampleAnswer = z.output<ReturnType<typeof sampleResult>>;

export interface SampleRequest {
  messages: { role: "user" | "assistant"; content: JsonObject }[];
  maxTokens: number;
  systemPrompt?: string;
  temperature?: number;
}

/** A question to the client's language model. */
export function askModel(params: SampleRequest): Question<SampleAnswer> {
  return {
    request: { method: "sampling/createMessage", params: { ...params } },
    read: (response) => sampleResult().safeParse(response).data,
  };
}

const rootsResult = lazily(() =>
  z.object({
    roots: z.array(z.looseObject({ uri: z.string(), name: z.string().optional() })),
  }),
);
export type RootsAnswer = z.output<ReturnType<typeof rootsResult>>["roots"];

/** The folders that the client offers. */
export function askRoots(): Question<RootsAnswer> {
  return {
    request: { method: "roots/list" },
    read: (response) => rootsResult().safeParse(response).data?.roots,
  };
}

// biome-ignore lint/suspicious/noExplicitAny: a record of questions of different types has no other bound
export type Questions = Record<string, Question<any>>;
export type Answers<Q extends Questions> = {
  [K in keyof Q]: Q[K] extends Question<infer A> ? A : never;
};

/** Ends the run of a handler that has to wait for answers; the boundary turns it into the result. */
export class InputNeeded extends Error {
  readonly required: InputRequired;

  constructor(required: InputRequired) {
    super("The call waits for input");
    this.name = "InputNeeded";
    this.required = required;
  }
}

/** What the protocol answers with an error of its own, not with a failed result. */
export class ProtocolFailure extends Error {
  readonly rpc: RpcError;

  constructor(rpc: RpcError) {
    super(rpc.message);
    this.name = "ProtocolFailure";
    this.rpc = rpc;
  }
}

const invalidState = () =>
  new ProtocolFailure({
    code: INVALID_PARAMS,
    message: "Invalid or expired requestState",
    data: { reason: "invalid_request_state" },
  });

interface AskState {
  asked: string[];
  answers: JsonObject;
}

/** Names a kind of request as a client's capability does. */
const CAPABILITY: Record<InputRequest["method"], string> = {
  "elicitation/create": "elicitation",
  "sampling/createMessage": "sampling",
  "roots/list": "roots",
};

export type Ask = <Q extends Questions>(questions: Q) => Promise<Answers<Q>>;

/**
 * Makes `context.ask`. The first run of a handler ends at its question; the client's answer starts
 * it again from the top, and the question returns. So what stands before an `ask` runs once a round
 * and must not change anything. Only answers to what the sealed state says was asked are read.
 */
export function createAsk(
  context: CallContext,
  seal: StateSeal,
  binding: string,
  now: () => Date,
): Ask {
  const state = openState(context, seal, binding, now());
  const responses = context.inputResponses ?? {};
  for (const key of state.asked) {
    if (Object.hasOwn(responses, key)) state.answers[key] = responses[key];
  }
  return async (questions) => {
    const answers: JsonObject = {};
    const open: Record<string, InputRequest> = {};
    for (const [key, question] of Object.entries(questions)) {
      const answer = Object.hasOwn(state.answers, key)
        ? question.read(state.answers[key])
        : undefined;
      if (answer === undefined) open[key] = question.request;
      else answers[key] = answer;
    }
    const asked = Object.keys(open);
    if (asked.length === 0) return answers as Answers<typeof questions>;
    requireChannel(context, open);
    for (const key of asked) delete state.answers[key];
    const requestState = seal.seal({ asked, answers: state.answers }, binding, now());
    throw new InputNeeded({ resultType: "input_required", inputRequests: open, requestState });
  };
}

function openState(context: CallContext, seal: StateSeal, binding: string, now: Date): AskState {
  if (context.requestState === undefined) return { asked: [], answers: {} };
  const opened = seal.open(context.requestState, binding, now);
  if (!opened) throw invalidState();
  const { asked, answers } = opened;
  if (!Array.isArray(asked) || typeof answers !== "object" || answers === null)
    throw invalidState();
  return { asked: asked.map(String), answers: { ...answers } };
}

function requireChannel(context: CallContext, open: Record<string, InputRequest>): void {
  if (!context.canAsk) {
    throw new ToolError(
      "UNAVAILABLE",
      "This tool has to ask you something, and this connection cannot carry the question. Use a client of MCP 2026-07-28, or run the server over stdio.",
      { details: { reason: "cannot_ask" } },
    );
  }
  const capabilities = context.client?.capabilities ?? {};
  const missing = [...new Set(Object.values(open).map(({ method }) => CAPABILITY[method]))].filter(
    (name) => !(name in capabilities),
  );
  if (missing.length === 0) return;
  const message = `This tool needs a client that supports ${missing.join(" and ")}.`;
  if (context.era === "modern") {
    const requiredCapabilities = Object.fromEntries(missing.map((name) => [name, {}]));
    throw new ProtocolFailure({
      code: MISSING_CAPABILITY,
      message,
      data: { requiredCapabilities },
    });
  }
  throw new ToolError("UNAVAILABLE", message, {
    details: { reason: "missing_capability", requiredCapabilities: missing },
  });
}
