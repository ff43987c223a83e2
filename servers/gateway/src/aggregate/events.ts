import type { ServerEvent } from "#shared/core/contract.ts";
import { joinUri } from "./names.ts";

/** An event of one server as clients of the aggregate know it. */
export const aggregateEvent = (server: string, event: ServerEvent): ServerEvent =>
  event.kind === "resource_updated" ? { ...event, uri: joinUri(server, event.uri) } : event;
