import type { Log } from "#shared/core/contract.ts";
import { ToolError } from "#shared/core/errors.ts";
import { StartError } from "#shared/core/lifecycle.ts";
import type { Activity } from "../activity/activity.ts";
import type { Check, Refusal } from "../policy/guard.ts";
import { callLine, eventMembers, intentMembers } from "./line.ts";
import { AuditWriter } from "./writer.ts";

export interface AuditOptions {
  settings: { file: string; maxMb: number };
  key: string | undefined;
  activity: Activity;
  log: Log;
}

export interface Audit {
  /** Writes a destructive call down before it is made, and refuses it when that cannot be. */
  check: Check;
  close(): Promise<void>;
}

/** Writes down all that happens. Rejects with a StartError when the log cannot be opened. */
export async function openAudit({ settings, key, activity, log }: AuditOptions): Promise<Audit> {
  const onLost = (lost: number) => activity.happened({ kind: "audit.gap", lost });
  const writer = await AuditWriter.open({ ...settings, key, log, onLost }).catch((error) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(`The audit log ${settings.file} cannot be opened: ${reason}`);
  });
  const stopCalls = activity.onCall((call) => writer.add(callLine(call, key)));
  const stopEvents = activity.onEvent((event) => {
    // the writer itself has said so in the log
    if (event.kind !== "audit.gap") writer.add(eventMembers(event));
  });
  return {
    check: ({ counts, isDestructive }, caller) => {
      if (!isDestructive) return undefined;
      const members = intentMembers(counts.server, counts.tool, caller, new Date());
      return writer.addNow(members).then((isWritten) => (isWritten ? undefined : refusal()));
    },
    close: async () => {
      stopCalls();
      stopEvents();
      await writer.close();
    },
  };
}

const refusal = (): Refusal => ({
  outcome: "denied",
  reason: "audit_unavailable",
  error: new ToolError(
    "UNAVAILABLE",
    "The tool may destroy something, and the audit log cannot be written just now, so it is not run. Tell whoever runs this gateway; tools that destroy nothing still work.",
    { details: { reason: "audit_unavailable" } },
  ),
});
