/** What is left of a line that was too long to be kept: enough to tell whom to answer. */
import { isId } from "./hot.ts";

/** Bytes kept of each end of such a line. */
export const LONG_LINE_END_BYTES = 1_024;

export interface LongLine {
  head: string;
  tail: string;
}

const INVALID_REQUEST = -32_600;
const INVALID_PARAMS = -32_602;

const SCALAR = String.raw`"(?:[^"\\]|\\.)*"|-?\d+`;
const MEMBER = String.raw`"(?:jsonrpc|id|method)"\s*:\s*(?:${SCALAR})`;
const FIRST_MEMBERS = new RegExp(String.raw`^\s*\{\s*((?:${MEMBER}\s*,\s*)*)(?:"(\w+)")?`);
const LAST_MEMBERS = new RegExp(String.raw`((?:,\s*${MEMBER}\s*)*)\}\s*$`);

/**
 * The answer to a request on a line of more than `limit` bytes. Clients write `id` before the
 * parameters or behind them, where in JSON nothing else can look like it; where it stands elsewhere
 * the answer bears `null`. Undefined for what gets no answer: notifications, responses and noise.
 */
export function refuseLongLine({ head, tail }: LongLine, limit: number): string | undefined {
  const first = FIRST_MEMBERS.exec(head);
  if (!first || first[2] === "result" || first[2] === "error") return undefined;
  const last = LAST_MEMBERS.exec(tail)?.[1] ?? "";
  const { id, method } = membersOf(`${first[1]}${last.replace(/^,/, "")}`);
  if (typeof method === "string" && method.startsWith("notifications/")) return undefined;
  const error = {
    code: isId(id) ? INVALID_PARAMS : INVALID_REQUEST,
    message: `The message is longer than ${limit} bytes and was not read. Send less at once.`,
    data: { limit },
  };
  return JSON.stringify({ jsonrpc: "2.0", id: isId(id) ? id : null, error });
}

function membersOf(members: string): { id?: unknown; method?: unknown } {
  try {
    return JSON.parse(`{${members.replace(/,\s*$/, "")}}`);
  } catch {
    return {};
  }
}
