// Copied from shared/http-client/response.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { callError, type Subject } from "./errors.ts";

/** Anything that turns unknown data into a T or throws; a zod schema is one. */
export interface Parser<T> {
  parse(value: unknown): T;
}

/** A response that was read to its end; its status is under 400. */
export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; a repeated header is joined with ", ". */
  readonly headers: Readonly<Record<string, string>>;
  /** Decompressed. */
  readonly bytes: Uint8Array;
  /** As UTF-8, without a byte order mark. */
  text(): string;
  /** The body as JSON, checked by `parser` if there is one. Errors: API_ERROR if it is no JSON or not of that shape. */
  json(): unknown;
  json<T>(parser: Parser<T>): T;
}

export interface RawResponse {
  status: number;
  headers: Readonly<Record<string, string>>;
  bytes: Uint8Array;
}

export function createResponse(subject: Subject, raw: RawResponse): HttpResponse {
  const text = (): string => new TextDecoder().decode(raw.bytes);
  function json(): unknown;
  function json<T>(parser: Parser<T>): T;
  function json(parser?: Parser<unknown>): unknown {
    let value: unknown;
    try {
      value = JSON.parse(text());
    } catch {
      // No cause: the parser's message quotes the body.
      throw callError(
        subject,
        "API_ERROR",
        "answered with something that is not JSON. Try again later.",
      );
    }
    try {
      return parser === undefined ? value : parser.parse(value);
    } catch (error) {
      throw callError(
        subject,
        "API_ERROR",
        "answered in a shape that this server does not know. Report it.",
        error,
      );
    }
  }
  return { ...raw, text, json };
}
