// Copied from shared/make-api/call.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { Context } from "#shared/core/context.ts";
import { ToolError } from "#shared/core/errors.ts";
import type { MakeAccount } from "./account.ts";
import type { CallOptions } from "./client.ts";
import type { MakeConfig } from "./config.ts";
import {
  type Answer,
  type EndpointKey,
  endpoints,
  type ListKey,
  type ReadKey,
  type Row,
} from "./endpoints.ts";
import { Refused, readAbsence } from "./errors.ts";
import { recordChange } from "./journal.ts";
import { collect, eachLogRow, eachRow } from "./paging.ts";
import type { MakeServices } from "./services.ts";

export type MakeContext = Context<MakeConfig, MakeServices>;
export type Source = "api" | "computed" | "local";

/** Rows of one list that a call reads. */
export const MAX_ROWS = 20_000;

/** Something that an answer lacks, and why. */
export interface Missing {
  part: string;
  reason: string;
  need: string;
}

/** A tool's way to Make during one call: what it asks is counted, what it could not have is told. */
export interface MakeCall {
  readonly context: MakeContext;
  readonly account: MakeAccount;
  /** Reads an endpoint. */
  get<K extends ReadKey>(key: K, options?: CallOptions): Promise<Answer<K>>;
  /** A POST that only asks, and changes nothing. */
  ask<K extends EndpointKey>(key: K, options?: CallOptions): Promise<Answer<K>>;
  /** All rows of a list, page after page; past MAX_ROWS the answer is told to be partial. */
  all<K extends ListKey>(key: K, options?: CallOptions): Promise<Row<K>[]>;
  /** The rows of a list one after the other: for those who stop before its end. */
  each<K extends ListKey>(key: K, options?: CallOptions): AsyncIterable<Row<K>>;
  /** The log of a scenario, newest first, at most `max` rows. `from` and `to` are milliseconds since 1970. */
  logs(scenarioId: number, options: LogOptions): Promise<{ rows: LogRow[]; more: boolean }>;
  /** Calls an endpoint that changes something, and writes it into the journal. */
  write<K extends Exclude<EndpointKey, ReadKey>>(key: K, options?: CallOptions): Promise<Answer<K>>;
  /** What `work` gives, or undefined when Make refuses it to this token or has it not: the answer then says so. */
  optional<T>(part: string, work: () => Promise<T>): Promise<T | undefined>;
  /** Ends the call here with `preview` unless the caller confirmed it. */
  confirmed(preview: Record<string, unknown>): void;
  /** Whether secrets go out unmasked: asked for, and allowed by the operator. */
  reveals(asked: boolean): boolean;
  organizationId(given: number | undefined): Promise<number>;
  teamId(given: number | undefined): number;
  warn(text: string): void;
  missing(missing: Missing): void;
  from(source: Source): void;
}

export type LogRow = Row<"GET /scenarios/{scenarioId}/logs">;

export interface LogOptions {
  from?: number | undefined;
  to?: number | undefined;
  max: number;
  query?: CallOptions["query"];
}

/** Ends a call that was not confirmed; not an error. */
export class Preview extends Error {
  readonly preview: Record<string, unknown>;

  constructor(preview: Record<string, unknown>) {
    super("not confirmed");
    this.name = "Preview";
    this.preview = preview;
  }
}

export interface Told {
  sources: Set<Source>;
  missing: Missing[];
  warnings: string[];
  calls: number;
}

interface Confirmation {
  confirm?: unknown;
  dryRun?: unknown;
}

export interface OpenedCall {
  make: MakeCall;
  told: Told;
}

interface Opening {
  tool: string;
  /** Whether it calls Make at all: what works on local files needs no token. */
  asks: boolean;
  input: Confirmation;
}

/** Opens the way; asks nothing. Errors: CONFIG_ERROR that names the variable that is not set. */
export async function openCall(
  context: MakeContext,
  { tool, asks, input }: Opening,
): Promise<OpenedCall> {
  const told: Told = { sources: new Set(), missing: [], warnings: [], calls: 0 };
  if (!asks) return { make: new Call(context, undefined, tool, input, told), told };
  if (context.config.MAKE_API_KEY === undefined) context.require("MAKE_API_TOKEN");
  context.require("MAKE_ZONE");
  const account = await context.services.get("make");
  return { make: new Call(context, account, tool, input, told), told };
}

class Call implements MakeCall {
  readonly context: MakeContext;
  readonly #account: MakeAccount | undefined;
  readonly #tool: string;
  readonly #input: Confirmation;
  readonly #told: Told;

  constructor(
    context: MakeContext,
    account: MakeAccount | undefined,
    tool: string,
    input: Confirmation,
    told: Told,
  ) {
    this.context = context;
    this.#account = account;
    this.#tool = tool;
    this.#input = input;
    this.#told = told;
  }

  get account(): MakeAccount {
    if (this.#account) return this.#account;
    throw new TypeError(`${this.#tool} names no endpoint and asks Make all the same`);
  }

  get #api() {
    const { api } = this.account;
    const asked = () => {
      this.#told.calls += 1;
      this.#told.sources.add("api");
    };
    return {
      ...api,
      page: async <K extends EndpointKey>(key: K, options?: CallOptions) => {
        asked();
        return await api.page(key, { ...options, signal: this.context.signal });
      },
      call: async <K extends EndpointKey>(key: K, options?: CallOptions) => {
        asked();
        return await api.call(key, { ...options, signal: this.context.signal });
      },
    };
  }

  async get<K extends ReadKey>(key: K, options?: CallOptions): Promise<Answer<K>> {
    return await this.#api.call(key, options);
  }

  async ask<K extends EndpointKey>(key: K, options?: CallOptions): Promise<Answer<K>> {
    return await this.#api.call(key, options);
  }

  each<K extends ListKey>(key: K, options?: CallOptions): AsyncIterable<Row<K>> {
    return eachRow(this.#api, key, options);
  }

  async all<K extends ListKey>(key: K, options?: CallOptions): Promise<Row<K>[]> {
    const { rows, more } = await collect(this.each(key, options), MAX_ROWS);
    if (more) this.missing({ part: key, reason: "size", need: `only ${MAX_ROWS} rows are read` });
    return rows;
  }

  async logs(scenarioId: number, { from, to, max, query }: LogOptions) {
    const options = { path: { scenarioId }, query: { ...query, from, to } };
    const rows = withinTime(eachLogRow(this.#api, options), from, to);
    return await collect(rows, max);
  }

  async write<K extends Exclude<EndpointKey, ReadKey>>(
    key: K,
    options: CallOptions = {},
  ): Promise<Answer<K>> {
    const answer = await this.#api.call(key, options);
    const folder = this.context.config.MAKE_STATE_DIR;
    if (folder === undefined) {
      this.warn("MAKE_STATE_DIR is not set: this change is not in the journal.");
      return answer;
    }
    const at = this.context.now().toISOString();
    const change = { at, tool: this.#tool, endpoint: key, target: { ...options.path } };
    await recordChange(folder, change).catch((error: unknown) => {
      // the change is made: losing the answer would be worse than losing the line
      this.context.log.error("A change could not be written to the journal", { error, change });
      this.warn("The change was made, but could not be written to the journal in MAKE_STATE_DIR.");
    });
    return answer;
  }

  async optional<T>(part: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      const lack = error instanceof Refused ? error.refusal : readAbsence(error);
      if (!lack) throw error;
      const { reason, need } = lack;
      this.missing({ part, reason, need });
      return undefined;
    }
  }

  confirmed(preview: Record<string, unknown>): void {
    const { confirm, dryRun } = this.#input;
    if (confirm === false || dryRun === true) throw new Preview(preview);
  }

  reveals(asked: boolean): boolean {
    const { MAKE_REVEAL: allowed } = this.context.config;
    if (asked && !allowed) this.warn("Secrets stay masked: the operator has not set MAKE_REVEAL.");
    return asked && allowed;
  }

  async organizationId(given: number | undefined): Promise<number> {
    return given ?? (await this.account.organizationId());
  }

  teamId(given: number | undefined): number {
    const teamId = given ?? this.context.config.MAKE_TEAM;
    if (teamId !== undefined) return teamId;
    throw new ToolError(
      "VALIDATION_ERROR",
      "Which team? Give teamId, or set MAKE_TEAM; teams_list of make-core-server names the teams.",
    );
  }

  warn(text: string): void {
    if (!this.#told.warnings.includes(text)) this.#told.warnings.push(text);
  }

  missing(missing: Missing): void {
    this.#told.missing.push(missing);
  }

  from(source: Source): void {
    this.#told.sources.add(source);
  }
}

/** Make cuts to whole pages at times; what is outside is dropped, and older rows are not asked for. */
async function* withinTime(
  rows: AsyncIterable<LogRow>,
  from = Number.NEGATIVE_INFINITY,
  to = Number.POSITIVE_INFINITY,
): AsyncGenerator<LogRow> {
  for await (const row of rows) {
    const at = Date.parse(row.timestamp);
    if (at < from) return;
    if (at <= to) yield row;
  }
}

/** What the endpoints of a tool need of a token, in the order of the table. */
export function scopesOf(calls: readonly EndpointKey[]): string[] {
  return [...new Set(calls.flatMap((key): readonly string[] => endpoints[key].scopes))];
}
