// Copied from shared/mcp/direct-call.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type {
  CallContext,
  CallToolResult,
  InputRequired,
  Instance,
  NoticeLevel,
  Outcome,
  Principal,
} from "#shared/core/contract.ts";
import { type Waited, WaitedContext } from "#shared/core/leaving.ts";
import type { HotCall } from "./hot.ts";

const SEVERITY: Record<NoticeLevel, number> = {
  debug: 0,
  info: 1,
  notice: 2,
  warning: 3,
  error: 4,
  critical: 5,
  alert: 6,
  emergency: 7,
};

export interface DirectHost extends Waited {
  /** Who calls, where the request itself does not say. */
  client?: CallContext["client"];
  /** Whose call it is, where the host knows. */
  principal?: Principal | undefined;
  canAsk: boolean;
  /** Whether the server said that it sends MCP log messages. */
  logging: boolean;
  /** Least level of them that a client wants that does not say so in the request itself. */
  logLevel: NoticeLevel;
  logger: string;
  /** Sends a notification of this call, before its result. */
  send(notification: { method: string; params: Record<string, unknown> }): void;
}

/** Runs a tool straight from the instance: the way of nearly all calls, in both eras. */
export function directCall(
  instance: Instance,
  call: HotCall,
  host: DirectHost,
): Promise<Outcome<CallToolResult | InputRequired>> {
  const { id, name, input, envelope, progressToken, inputResponses, requestState } = call;
  const client = envelope?.client ?? host.client;
  const context = new WaitedContext(host, envelope ? "modern" : "legacy");
  context.canAsk = host.canAsk;
  context.requestId = id;
  if (client) context.client = client;
  if (host.principal) context.principal = host.principal;
  if (call.traceparent !== undefined) context.traceparent = call.traceparent;
  if (inputResponses) context.inputResponses = inputResponses;
  if (requestState !== undefined) context.requestState = requestState;
  if (progressToken !== undefined) {
    context.progress = (progress, total, message) =>
      host.send({
        method: "notifications/progress",
        params: {
          progressToken,
          progress,
          ...(total !== undefined && { total }),
          ...(message !== undefined && { message }),
        },
      });
  }
  const least = envelope ? envelope.logLevel : host.logLevel;
  if (host.logging && least !== undefined) {
    context.notify = (level, data) => {
      if (SEVERITY[level] < SEVERITY[least]) return;
      host.send({ method: "notifications/message", params: { level, data, logger: host.logger } });
    };
  }
  return instance.call(name, input, context);
}
