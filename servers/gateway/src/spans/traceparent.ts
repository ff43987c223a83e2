/** A span of somebody else, as W3C Trace Context writes it. */
export interface RemoteSpan {
  traceId: string;
  spanId: string;
  traceFlags: number;
  isRemote: true;
}

const FORM = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const NONE = /^0+$/;

/** Undefined for what is none, which is no error: then the trace begins here. */
export function parseTraceparent(text: string | undefined): RemoteSpan | undefined {
  const [, traceId, spanId, flags] = FORM.exec(text ?? "") ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  if (NONE.test(traceId) || NONE.test(spanId)) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
}

export const formatTraceparent = (span: { traceId: string; spanId: string; traceFlags: number }) =>
  `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, "0")}`;
