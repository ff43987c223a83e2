/// <reference lib="dom" />
import { createParser } from "eventsource-parser";
import type { Action } from "../../admin/actions.ts";
import type { GatewayState } from "../../admin/state.ts";

/** The credential that was typed in; it stays in memory, so that closing the page forgets it. */
let credential = "";

export function useCredential(typed: string): void {
  credential = typed.trim();
}

const headers = (more: Record<string, string> = {}) => ({
  ...(credential !== "" && { authorization: `Bearer ${credential}` }),
  ...more,
});

/** "locked": the gateway wants a credential with the scope `admin`. */
export type Connection = "connecting" | "open" | "lost" | "locked";

export interface Following {
  onState(state: GatewayState): void;
  onConnection(connection: Connection): void;
}

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15_000;

/** Follows the state of the gateway until the returned function is called; tries again when it is lost. */
export function follow({ onState, onConnection }: Following): () => void {
  const controller = new AbortController();
  const { signal } = controller;
  let waitMs = FIRST_WAIT_MS;

  async function once(): Promise<void> {
    const response = await fetch("/admin/api/stream", { headers: headers(), signal });
    if (response.status === 401 || response.status === 403) {
      controller.abort();
      return onConnection("locked");
    }
    if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
    onConnection("open");
    waitMs = FIRST_WAIT_MS;
    let state: GatewayState | undefined;
    const parser = createParser({
      onEvent: ({ data }) => {
        state = merged(state, JSON.parse(data));
        onState(state);
      },
    });
    const text = response.body.pipeThrough(new TextDecoderStream());
    for (let reader = text.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) return;
      parser.feed(value);
    }
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      await once().catch(() => {});
      if (signal.aborted) return;
      onConnection("lost");
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
    }
  }

  void run();
  return () => controller.abort();
}

/** Only the first state of a stream has the whole series; the others have its end. */
export function merged(known: GatewayState | undefined, next: GatewayState): GatewayState {
  if (!known) return next;
  const from = next.series[0]?.at ?? 0;
  const series = [...known.series.filter(({ at }) => at < from), ...next.series];
  return { ...next, series: series.slice(-known.series.length) };
}

export interface ListedTool {
  name: string;
  title?: string;
  description?: string;
  inputSchema: Schema;
  annotations?: { readOnlyHint?: boolean; destructiveHint?: boolean };
}

/** As much of a JSON Schema as a form needs. */
export interface Schema {
  type?: string | string[];
  title?: string;
  description?: string;
  enum?: unknown[];
  default?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
}

export async function listTools(server: string): Promise<ListedTool[]> {
  const response = await fetch(`/${server}/tools`, { headers: headers() });
  const body = await response.json();
  if (!response.ok) throw new Error(body.detail ?? `HTTP ${response.status}`);
  return body.tools;
}

export interface ToolAnswer {
  ok: boolean;
  status: number;
  ms: number;
  body: unknown;
}

export async function runTool(server: string, tool: string, input: object): Promise<ToolAnswer> {
  const startedAt = performance.now();
  const response = await fetch(`/${server}/tools/${tool}`, {
    method: "POST",
    headers: headers({ "content-type": "application/json" }),
    body: JSON.stringify(input),
  });
  const text = await response.text();
  const ms = performance.now() - startedAt;
  return { ok: response.ok, status: response.status, ms, body: parsed(text) };
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** Does what an operator may; throws with what the gateway says against it. */
export async function act(action: Action): Promise<void> {
  const response = await fetch("/admin/api/actions", {
    method: "POST",
    headers: headers({ "content-type": "application/json", "x-flotilla-admin": "1" }),
    body: JSON.stringify(action),
  });
  if (response.ok) return;
  const { detail } = await response.json().catch(() => ({}));
  throw new Error(detail ?? `HTTP ${response.status}`);
}
