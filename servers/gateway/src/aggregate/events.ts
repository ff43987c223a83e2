import type { ServerEvent } from "#shared/core/contract.ts";
import { joinUri } from "./names.ts";

/** An event of one server as clients of the aggregate know it. */
export const aggregateEvent = (prefix: string, event: ServerEvent): ServerEvent =>
  event.kind === "resource_updated" ? { ...event, uri: joinUri(prefix, event.uri) } : event;
