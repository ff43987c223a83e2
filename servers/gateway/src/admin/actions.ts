import * as z from "zod";
import type { Activity } from "../activity/activity.ts";
import type { MountSet } from "../mounts/mounts.ts";
import { DEFINITION_KINDS, keyOf } from "../pins/definitions.ts";
import type { ApprovedDefinition, Pins } from "../pins/pins.ts";

const action = z.discriminatedUnion("action", [
  z.strictObject({
    action: z.literal("approve"),
    server: z.string(),
    kind: z.enum(DEFINITION_KINDS),
    name: z.string(),
    /** Of what was looked at. */
    digest: z.string(),
  }),
  z.strictObject({ action: z.literal("restart"), server: z.string() }),
]);

export type Action = z.output<typeof action>;

export function parseAction(text: string): Action | { fault: string } {
  try {
    const parsed = action.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : { fault: z.prettifyError(parsed.error) };
  } catch {
    return { fault: "The body is not JSON" };
  }
}

/** What an operator may do. Each answers with why it cannot be done, or undefined. */
export interface Actions {
  approve(what: ApprovedDefinition, by: string): string | undefined;
  restart(server: string, by: string): string | undefined;
}

export function createActions(
  mounts: MountSet,
  pins: Pins | undefined,
  activity: Activity,
): Actions {
  const done = (name: string, target: string, by: string) =>
    activity.happened({ kind: "admin.action", action: name, target, by });
  return {
    approve: (what, by) => {
      if (!pins?.approve(what, by))
        return "There is no such definition to approve, or it is another one by now: look again.";
      done("approve", `${what.server} ${keyOf(what)}`, by);
      return undefined;
    },
    restart: (server, by) => {
      if (!mounts.restart(server)) return `No server is called "${server}".`;
      done("restart", server, by);
      return undefined;
    },
  };
}
