// Copied from shared/http-client/decompress.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { callError, type Subject } from "./errors.ts";
import { tooLarge } from "./network-errors.ts";

type Unpack = (
  body: Uint8Array,
  options: { maxOutputLength: number },
  done: (error: Error | null, bytes: Uint8Array) => void,
) => void;

/** What is asked for; a service that sends anything else is in the wrong. */
export const ACCEPT_ENCODING = "gzip, br";

/**
 * The body as it was before its Content-Encoding (gzip, br or none), at most `maxBytes` long: a bomb
 * is stopped while it unfolds. Errors: API_ERROR for one too large, damaged or of another encoding.
 *
 * Not undici's decompress interceptor: it announces itself on stderr as experimental, and stderr
 * carries JSON lines only. The body is whole in memory by now, so that zlib's own bound is enough.
 */
export async function decompress(
  subject: Subject,
  body: Uint8Array,
  encoding: string | undefined,
  maxBytes: number,
): Promise<Uint8Array> {
  const name = encoding?.trim().toLowerCase() ?? "";
  if (body.length === 0 || name === "" || name === "identity") return body;
  // undici has loaded it by now; imported above, it would cost every start some milliseconds.
  const { brotliDecompress, gunzip } = await import("node:zlib");
  const unpack: Unpack | undefined =
    name === "br" ? brotliDecompress : name === "gzip" || name === "x-gzip" ? gunzip : undefined;
  if (unpack === undefined)
    throw callError(subject, "API_ERROR", "answered in an encoding that was not asked for.");
  try {
    return await new Promise<Uint8Array>((resolve, reject) => {
      unpack(body, { maxOutputLength: maxBytes }, (error, bytes) => {
        if (error === null) resolve(bytes);
        else reject(error);
      });
    });
  } catch (error) {
    const over =
      error instanceof RangeError && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
    throw over
      ? tooLarge(subject, maxBytes)
      : callError(subject, "API_ERROR", "sent a damaged compressed answer. Try again.", error);
  }
}
