import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { server } from "../src/server.ts";
import { openMake } from "./shared/make-stub/harness.ts";

describe("notifications_list", () => {
  it("answers in whole", async () => {
    const { ask } = await openMake(server);
    expect(await ask("notifications_list", { limit: 2 })).toMatchSnapshot();
  });

  it("shows read ones too when asked", async () => {
    const { data } = await openMake(server);
    expect(await data("notifications_list", { unreadOnly: false })).toMatchObject({ total: 8 });
  });
});

describe("notifications_mark_read", () => {
  it("shows how many first, then marks all, and answers in whole", async () => {
    const { ask, stub } = await openMake(server);
    expect(await ask("notifications_mark_read")).toMatchSnapshot();
    expect(stub.writes).toEqual([]);
    expect(await ask("notifications_mark_read", { confirm: true })).toMatchSnapshot();
    expect(stub.requests.at(-1)).toBe("POST /notifications/mark-as-read?ids=all");
  });
});

describe("notification_settings", () => {
  it("reads, sets, and answers in whole", async () => {
    const { ask, stub } = await openMake(server);
    expect(await ask("notification_settings")).toMatchSnapshot();
    const set = [{ notificationId: 2, enabled: true }];
    expect(await ask("notification_settings", { set })).toMatchSnapshot();
    expect(stub.writes).toMatchObject([
      { path: "/users/301/user-team-notifications/201/2", body: { enabled: true } },
    ]);
  });
});

describe("alert_send", () => {
  it("posts to the address of the target, and answers in whole", async () => {
    const bodies: unknown[] = [];
    const target = createServer((request, response) => {
      request.setEncoding("utf8").on("data", (text: string) => bodies.push(JSON.parse(text)));
      request.on("end", () => response.writeHead(204).end());
    });
    await new Promise<void>((resolve) => {
      target.listen(0, "127.0.0.1", resolve);
    });
    const url = `http://127.0.0.1:${(target.address() as AddressInfo).port}/hook`;
    const { ask, error } = await openMake(server, { env: { MAKE_ALERT_URL_OPS: url } });
    const input = { target: "ops", text: "Budget is over", severity: "critical" };
    expect(await ask("alert_send", input)).toMatchSnapshot();
    expect(bodies).toEqual([
      {
        text: "Budget is over",
        severity: "critical",
        at: "2026-11-20T00:00:00.000Z",
        from: "make-analytics-server",
      },
    ]);
    await error("alert_send", { ...input, target: "nobody" }, "CONFIG_ERROR");
    target.close();
  });
});
