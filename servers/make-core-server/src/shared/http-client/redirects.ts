// Copied from shared/http-client/redirects.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { Dispatcher } from "undici";
import { callError, type Subject } from "./errors.ts";

/**
 * Stands inside undici's redirect interceptor, which follows any origin and takes off only
 * authorization and cookie: an x-api-key, a key in a body, would go along. A call stays on its
 * origin; one that is sent elsewhere fails with API_ERROR that names the new origin.
 */
export function stayOnOrigin(
  subject: Subject,
  origin: string,
): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) => {
    const next = String(options.origin);
    if (next === origin) return dispatch(options, handler);
    const what = `redirects to ${subject.redact.text(next)}, which is not followed. If that is its new address, configure it.`;
    handler.onResponseError?.(NO_CONTROLLER, callError(subject, "API_ERROR", what));
    return true;
  };
}

/** Nothing was dispatched, so there is nothing to control. */
const NO_CONTROLLER: Dispatcher.DispatchController = {
  aborted: false,
  paused: false,
  reason: null,
  abort() {},
  pause() {},
  resume() {},
};
