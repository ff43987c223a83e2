import type { DefinitionKind } from "../pins/definitions.ts";

/** What happened beside calls. Nothing here is secret: it is shown to operators and written to the audit log. */
export type GatewayEvent =
  | { kind: "mount.state"; mount: string; state: string; reason?: string }
  | { kind: "auth.fail"; address: string; reason: string; path: string }
  | { kind: "definition.held"; server: string; what: DefinitionKind; name: string; reason: string }
  | { kind: "definition.approved"; server: string; what: DefinitionKind; name: string; by: string }
  | { kind: "config.reload"; added: string[]; changed: string[]; removed: string[] }
  | { kind: "admin.action"; action: string; target: string; by: string }
  | { kind: "admin.refused"; path: string; by: string }
  | { kind: "server.refused"; server: string; address: string; by: string }
  | { kind: "limits.local"; reason: string }
  | { kind: "limits.shared"; localMs: number }
  | { kind: "audit.gap"; lost: number };

export type TimedEvent = GatewayEvent & {
  /** Milliseconds since the epoch. */
  at: number;
};
