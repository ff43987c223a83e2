// Copied from shared/mcp/notification.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { ServerEvent } from "#shared/core/contract.ts";

/** How the protocol says what a server tells without being asked. */
export const NOTIFICATION = {
  tools_list_changed: "notifications/tools/list_changed",
  prompts_list_changed: "notifications/prompts/list_changed",
  resources_list_changed: "notifications/resources/list_changed",
  resource_updated: "notifications/resources/updated",
} as const satisfies Record<ServerEvent["kind"], string>;
