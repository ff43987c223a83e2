import * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import { createHttpClient } from "#shared/http-client/client.ts";
import * as field from "#shared/make-api/fields.ts";
import { toolsOf } from "#shared/make-api/tool.ts";
import type { AnalyticsConfig } from "../config.ts";

const tool = toolsOf("notifications");

const MAX_SETTINGS = 50;
const MAX_ALERT = 4_000;

const MAX_NOTIFICATIONS = 500;

const notificationsList = tool({
  name: "notifications_list",
  title: "List notifications",
  description: "Notifications that Make shows to the owner of the token, newest first.",
  access: "read",
  sources: ["api"],
  calls: ["GET /notifications"],
  input: {
    unreadOnly: z.boolean().default(true).describe("Only those not read yet"),
    limit: z.int().min(1).max(MAX_NOTIFICATIONS).default(50).describe("Notifications shown"),
  },
  output: {
    notifications: field.rows("Id, subject, read, created"),
    total: z.int().min(0).describe("That fit"),
  },
  async run({ unreadOnly, limit }, make) {
    const query = { unreadOnly, "pg[sortBy]": "id", "pg[sortDir]": "desc" };
    const all = await make.all("GET /notifications", { query });
    const fitting = all.filter(({ read }) => !unreadOnly || !read);
    return { notifications: fitting.slice(0, limit), total: fitting.length };
  },
});

const notificationsMarkRead = tool({
  name: "notifications_mark_read",
  title: "Mark all as read",
  description:
    "Mark all notifications of the token's owner as read; Make cannot mark a single one.",
  access: "destroy",
  sources: ["api"],
  calls: ["GET /notifications", "POST /notifications/mark-as-read"],
  idempotent: true,
  input: {},
  output: { marked: z.int().min(0).describe("Notifications that were unread") },
  async run(_, make) {
    const unread = (await make.all("GET /notifications")).filter(({ read }) => !read);
    make.confirmed({ wouldMark: unread.length });
    await make.write("POST /notifications/mark-as-read", { query: { ids: "all" } });
    return { marked: unread.length };
  },
});

const notificationSettings = tool({
  name: "notification_settings",
  title: "E-mail settings",
  description: "Read or set which e-mails Make sends the token's owner about a team.",
  access: "write",
  idempotent: true,
  sources: ["api"],
  calls: [
    "GET /users/me",
    "GET /users/{userId}/user-team-notifications/{teamId}",
    "PUT /users/{userId}/user-team-notifications/{teamId}/{notificationId}",
  ],
  input: {
    teamId: field.teamId,
    set: z
      .array(
        z.object({
          notificationId: field.idOf("Setting"),
          enabled: z.boolean().describe("On or off"),
        }),
      )
      .max(MAX_SETTINGS)
      .optional()
      .describe("Settings to change; absent, only read"),
  },
  output: { settings: field.rows("Settings, as they are now") },
  async run({ set = [], ...input }, make) {
    const teamId = make.teamId(input.teamId);
    const { id: userId } = await make.get("GET /users/me");
    const read = "GET /users/{userId}/user-team-notifications/{teamId}";
    const settings = await make.get(read, { path: { userId, teamId } });
    for (const { notificationId, enabled } of set) {
      const key = "PUT /users/{userId}/user-team-notifications/{teamId}/{notificationId}";
      await make.write(key, { path: { userId, teamId, notificationId }, body: { enabled } });
    }
    const changed = new Map(set.map(({ notificationId, enabled }) => [notificationId, enabled]));
    return {
      settings: settings.map((each) => ({
        ...each,
        enabled: changed.get(Number(each.notificationId)) ?? each.enabled,
      })),
    };
  },
});

const alertSend = tool({
  name: "alert_send",
  title: "Send an alert",
  description:
    "POST a finding as JSON (text, severity, at) to the address in MAKE_ALERT_URL_<TARGET> of this server's environment.",
  access: "write",
  outside: true,
  sources: ["local"],
  calls: [],
  input: {
    target: z
      .string()
      .max(60)
      .regex(/^[A-Za-z0-9_]+$/)
      .describe("TARGET of MAKE_ALERT_URL_<TARGET>"),
    text: z.string().min(1).max(MAX_ALERT).describe("What is said"),
    severity: z.enum(["info", "warning", "critical"]).default("warning").describe("How bad it is"),
  },
  output: {
    sent: z.boolean().describe("Always true: else it is an error"),
    status: z.int().describe("HTTP status"),
  },
  async run({ target, text, severity }, make) {
    const { MAKE_ALERT_URL_NAME: addresses } = make.context.config as unknown as AnalyticsConfig;
    const url = (addresses as Record<string, string> | undefined)?.[target.toLowerCase()];
    if (url === undefined)
      throw new ToolError(
        "CONFIG_ERROR",
        `MAKE_ALERT_URL_${target.toUpperCase()} is not set: the operator puts the address there.`,
      );
    const client = createHttpClient({ secrets: [url] });
    try {
      const body = {
        text,
        severity,
        at: make.context.now().toISOString(),
        from: "make-analytics-server",
      };
      const { signal } = make.context;
      const { status } = await client.request(url, { method: "POST", json: body, signal });
      return { sent: true, status };
    } finally {
      await client.close();
    }
  },
});

export const notifications = [
  notificationsList,
  notificationsMarkRead,
  notificationSettings,
  alertSend,
];
