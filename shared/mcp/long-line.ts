/** Answers to lines that are not read as messages: enough is looked at to tell whom to answer. */
import { INVALID_PARAMS, INVALID_REQUEST } from "#shared/core/rpc-codes.ts";
import { isId } from "./hot.ts";

/** Bytes kept of each end of a line that is too long. */
export const LONG_LINE_END_BYTES = 1_024;

export interface LongLine {
  head: string;
  tail: string;
}

const SCALAR = String.raw`"(?:[^"\\]|\\.)*"|-?\d+`;
const MEMBER = String.raw`"(?:jsonrpc|id|method)"\s*:\s*(?:${SCALAR})`;
const FIRST_MEMBERS = new RegExp(String.raw`^\s*\{\s*((?:${MEMBER}\s*,\s*)*)(?:"(\w+)")?`);
const LAST_MEMBERS = new RegExp(String.raw`((?:,\s*${MEMBER}\s*)*)\}\s*$`);

export const refuseLongLine = (line: LongLine, limit: number): string | undefined =>
  refuseLine(line, `is longer than ${limit} bytes and was not read. Send less at once.`, limit);

export function refuseDeepLine(line: string, limit: number): string | undefined {
  const head = line.slice(0, LONG_LINE_END_BYTES);
  const tail = line.slice(-LONG_LINE_END_BYTES);
  return refuseLine({ head, tail }, `nests deeper than ${limit} levels and was not read.`, limit);
}

/**
 * The answer to a request on a line that is over a limit. Clients write `id` before the
 * parameters or behind them, where in JSON nothing else can look like it; where it stands elsewhere
 * the answer bears `null`. Undefined for what gets no answer: notifications, responses and noise.
 */
function refuseLine({ head, tail }: LongLine, why: string, limit: number): string | undefined {
  const first = FIRST_MEMBERS.exec(head);
  if (!first || first[2] === "result" || first[2] === "error") return undefined;
  const last = LAST_MEMBERS.exec(tail)?.[1] ?? "";
  const { id, method } = membersOf(`${first[1]}${last.replace(/^,/, "")}`);
  if (typeof method === "string" && method.startsWith("notifications/")) return undefined;
  const error = {
    code: isId(id) ? INVALID_PARAMS : INVALID_REQUEST,
    message: `The message ${why}`,
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
