import type { RecentCall } from "../../activity/activity.ts";
import type { TimedEvent } from "../../activity/events.ts";
import { Columns } from "./columns.tsx";
import { clock, definitionWords, milliseconds } from "./format.ts";

/** Lines of each list. */
const SHOWN = 15;

const newest = <T,>(list: readonly T[]): T[] => list.slice(-SHOWN).reverse();

export function Calls({ calls }: { calls: readonly RecentCall[] }) {
  if (calls.length === 0) return <p class="help">No call yet.</p>;
  return (
    <table>
      <Columns names={["At", "Call", "Outcome", "Took", "By", "Over"]} />
      <tbody>
        {newest(calls).map((call, index) => (
          <tr key={`${call.at} ${index}`}>
            <td>{clock(call.at)}</td>
            <td>
              {call.tool || call.method}
              <span class="help">{call.server}</span>
            </td>
            <td>
              <span class={`state ${call.outcome === "ok" ? "good" : "bad"}`}>{call.outcome}</span>
            </td>
            <td>{milliseconds(call.ms)}</td>
            <td>{call.principal ?? "–"}</td>
            <td>{call.surface}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What happened, in words. */
function wordsOf(event: TimedEvent): string {
  switch (event.kind) {
    case "mount.state":
      return `${event.mount} is ${event.state}${event.reason ? `: ${event.reason}` : ""}`;
    case "auth.fail":
      return `${event.address} was refused at ${event.path}: ${event.reason}`;
    case "definition.held":
      return `${definitionWords(event.what, event.name)} of ${event.server} is held back: ${event.reason}`;
    case "definition.approved":
      return `${event.by} approved ${definitionWords(event.what, event.name)} of ${event.server}`;
    case "config.reload":
      return `The configuration was read again: ${event.added.length} added, ${event.changed.length} changed, ${event.removed.length} removed`;
    case "admin.action":
      return `${event.by}: ${event.action} ${event.target}`;
    case "admin.refused":
      return `${event.by} was refused at ${event.path}`;
    case "server.refused":
      return `${event.by} at ${event.address} asked for ${event.server}, which is not shown to them`;
    case "limits.local":
      return `Limits are kept by this gateway alone: ${event.reason}`;
    case "limits.shared":
      return `Limits are shared again, after ${milliseconds(event.localMs)}`;
    case "audit.gap":
      return `The audit log lost ${event.lost} lines`;
  }
}

export function Events({ events }: { events: readonly TimedEvent[] }) {
  if (events.length === 0) return <p class="help">Nothing happened yet.</p>;
  return (
    <ol class="events">
      {newest(events).map((event, index) => (
        <li key={`${event.at} ${index}`}>
          <time dateTime={new Date(event.at).toISOString()}>{clock(event.at)}</time>{" "}
          {wordsOf(event)}
        </li>
      ))}
    </ol>
  );
}
