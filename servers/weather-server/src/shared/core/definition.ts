// Copied from shared/core/definition.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type * as z from "zod";
import {
  type ConfigDefinition,
  defineConfig,
  type StandardConfig,
  type Variables,
} from "./config.ts";
import type { RichResult } from "./content.ts";
import type { Context } from "./context.ts";
import type {
  CompleteResult,
  JsonObject,
  PromptResult,
  ReadResult,
  ServerFeatures,
} from "./contract.ts";
import { lazily } from "./lazily.ts";
import type { ServiceMap } from "./services.ts";

/** Every hint is stated. A tool that only reads cannot destroy, so it says nothing of that. */
export type Annotations = { idempotentHint: boolean; openWorldHint: boolean } & (
  | { readOnlyHint: true }
  | { readOnlyHint: false; destructiveHint: boolean }
);

type MaybePromise<T> = T | Promise<T>;

/** What a handler returns: plain data that fits its output schema, alone or with content beside it. */
export type HandlerResult<O extends z.ZodObject | undefined> = O extends z.ZodObject
  ? z.input<O> | RichResult<z.input<O>>
  : RichResult;

interface ToolParts<I extends z.ZodObject, O extends z.ZodObject | undefined, C, V> {
  /** snake_case, verb first; with the client's prefix and the server's name at most 64 characters. */
  name: string;
  title: string;
  description: string;
  annotations: Annotations;
  /** Shown only while this toolset is on. */
  toolset?: string;
  /** Shown only while this boolean variable of the configuration is true. */
  feature?: string;
  /** Milliseconds after which the call is stopped; DEFAULT_DEADLINE_MS unless told otherwise. */
  deadlineMs?: number;
  _meta?: JsonObject;
  handler(input: z.output<I>, context: Context<C, V>): MaybePromise<HandlerResult<O>>;
}

export interface ToolDefinition<
  I extends z.ZodObject = z.ZodObject,
  O extends z.ZodObject | undefined = z.ZodObject | undefined,
  C = StandardConfig,
  V = Record<never, never>,
> extends ToolParts<I, O, C, V> {
  inputSchema: I;
  outputSchema?: O;
}

/** A tool as it is written. */
interface ToolSource<I extends z.ZodObject, O extends z.ZodObject | undefined, C, V>
  extends ToolParts<I, O, C, V> {
  inputSchema: Made<I>;
  outputSchema?: Made<O>;
}

/** A schema, or what makes it when it is needed: those of all tools are most of what a first call costs. */
type Made<S> = S | (() => S);

/** Longest a call may take, in milliseconds, unless its tool says otherwise. */
export const DEFAULT_DEADLINE_MS = 120_000;

// A handler takes its input by what its own schema says; a list of tools forgets that on purpose.
// biome-ignore lint/suspicious/noExplicitAny: no other type holds tools of every input, config and service
export type AnyTool = ToolDefinition<any, any, any, any>;

/** A tool, checked by its types. Servers with their own config or services use `defineToolFor`. */
export function defineTool<I extends z.ZodObject, O extends z.ZodObject | undefined = undefined>(
  tool: ToolSource<I, O, StandardConfig, Record<never, never>>,
): ToolDefinition<I, O> {
  return withSchemas(tool);
}

/** `defineTool` of a server whose handlers see this config and these services. */
export function defineToolFor<C, V = Record<never, never>>() {
  return <I extends z.ZodObject, O extends z.ZodObject | undefined = undefined>(
    tool: ToolSource<I, O, C, V>,
  ): ToolDefinition<I, O, C, V> => withSchemas(tool);
}

function withSchemas<I extends z.ZodObject, O extends z.ZodObject | undefined, C, V>(
  tool: ToolSource<I, O, C, V>,
): ToolDefinition<I, O, C, V> {
  for (const key of ["inputSchema", "outputSchema"] as const) {
    const made: unknown = tool[key];
    if (typeof made === "function")
      Object.defineProperty(tool, key, { enumerable: true, get: lazily(() => made()) });
  }
  return tool as ToolDefinition<I, O, C, V>;
}

/** What watching may use: it belongs to no call, and lasts as long as a client listens. */
export type WatchContext<C = StandardConfig, V = Record<never, never>> = Pick<
  Context<C, V>,
  "config" | "services" | "log" | "now"
>;

interface ResourceBase<C, V> {
  name: string;
  title: string;
  description: string;
  mimeType?: string;
  _meta?: JsonObject;
  /** `variables` are what the URI gave to the template; empty for a plain URI. Not found: throw ToolError NOT_FOUND. */
  read(
    uri: string,
    variables: Record<string, string>,
    context: Context<C, V>,
  ): MaybePromise<ReadResult>;
  /** Starts to watch a URI for a client and returns how to stop; changes go through `changed`. */
  watch?(uri: string, changed: () => void, context: WatchContext<C, V>): MaybePromise<() => void>;
}

export type ResourceDefinition<C = StandardConfig, V = Record<never, never>> = ResourceBase<C, V> &
  (
    | { uri: string; size?: number }
    | {
        /** RFC 6570, level 1 and `{+path}`. */
        uriTemplate: string;
        complete?: Completer<C, V>;
      }
  );

/** Proposes values for the argument `name` that begin as `value` does. */
export type Completer<C = StandardConfig, V = Record<never, never>> = (
  name: string,
  value: string,
  context: Context<C, V>,
) => MaybePromise<CompleteResult["completion"]["values"]>;

export interface PromptDefinition<
  I extends z.ZodObject = z.ZodObject,
  C = StandardConfig,
  V = Record<never, never>,
> {
  name: string;
  title: string;
  description: string;
  /** Strings only: the protocol carries no others. */
  arguments: I;
  complete?: Completer<C, V>;
  get(input: z.output<I>, context: Context<C, V>): MaybePromise<PromptResult>;
}

// biome-ignore lint/suspicious/noExplicitAny: as AnyTool
export type AnyResource = ResourceDefinition<any, any>;
// biome-ignore lint/suspicious/noExplicitAny: as AnyTool
export type AnyPrompt = PromptDefinition<any, any, any>;

export function defineResource<C = StandardConfig, V = Record<never, never>>(
  resource: ResourceDefinition<C, V>,
): ResourceDefinition<C, V> {
  return resource;
}

export function definePrompt<I extends z.ZodObject, C = StandardConfig, V = Record<never, never>>(
  prompt: PromptDefinition<I, C, V>,
): PromptDefinition<I, C, V> {
  return prompt;
}

/** Rejects while the server cannot do its work; the message is shown at /ready. */
export type Check = (context: {
  config: never;
  services: { get(name: string): Promise<unknown> };
}) => MaybePromise<void>;

/** What a definition takes from the server's `package.json`, so that no fact stands twice. */
export interface Manifest {
  /** The folder's name. */
  name: string;
  version: string;
  description: string;
  flotilla: { title: string; port: number };
}

export interface ServerDefinition {
  manifest: Manifest;
  /** What a model should know before it uses the tools. */
  instructions: string;
  config?: ConfigDefinition<Variables>;
  services?: ServiceMap<never>;
  tools: readonly AnyTool[];
  resources?: readonly AnyResource[];
  prompts?: readonly AnyPrompt[];
  toolsets?: Record<string, { describe: string; default?: boolean }>;
  checks?: Record<string, Check>;
  features?: Partial<ServerFeatures>;
}

export const emptyConfig = defineConfig({});
