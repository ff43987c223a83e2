import type { CallContext } from "#shared/core/contract.ts";
import { ToolError } from "#shared/core/errors.ts";
import { MountError } from "../mounts/mount-error.ts";

/** A server refuses the credentials that a request came with. */
export class Refused extends MountError {
  readonly status: number;

  constructor(status: number) {
    super(`the server refuses the credentials (HTTP ${status}): see "headers" of its entry`);
    this.status = status;
  }
}

/** The error of a call in the words of its caller, who may have sent the credentials that were refused. */
export function toldToCaller(error: unknown, server: string, { credentials }: CallContext) {
  if (!(error instanceof Refused)) return error;
  const { status } = error;
  const sent = Object.keys(credentials ?? {}).map((name) => `X-Upstream-${server}-${name}`);
  const details = { reason: "credential_refused", server, status };
  return sent.length > 0
    ? new ToolError(
        "PERMISSION_DENIED",
        `${server} refuses your credentials (HTTP ${status}): send others as ${sent.join(", ")}.`,
        { details },
      )
    : new ToolError(
        "CONFIG_ERROR",
        `${server} refuses the gateway's credentials (HTTP ${status}): whoever runs the gateway has to look at "headers" of its entry.`,
        { details },
      );
}
