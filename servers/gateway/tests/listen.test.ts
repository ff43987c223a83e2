import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { ensureBuilt } from "./shared/testing/build.ts";
import { eventMessages, headersFor, paramsFor } from "./shared/testing/messages.ts";
import { until } from "./shared/testing/within.ts";
import { testFolder, writeConfig } from "./support/folders.ts";
import { FOREIGN_ERAS, foreignCommand } from "./support/foreign.ts";
import { startFixtures, startWith, type TestGateway } from "./support/gateway.ts";

beforeAll(() => ensureBuilt(), 60_000);

const METHOD = "subscriptions/listen";

/** Listens until the server ends the stream; the client itself never leaves before the test ends. */
async function listen(
  gateway: TestGateway,
  path: string,
  notifications: object = { toolsListChanged: true },
) {
  const params = paramsFor("modern", { notifications });
  const leave = new AbortController();
  onTestFinished(() => leave.abort());
  const response = await fetch(new URL(path, gateway.url), {
    method: "POST",
    headers: headersFor("modern", METHOD, params),
    body: JSON.stringify({ jsonrpc: "2.0", id: "listening", method: METHOD, params }),
    signal: leave.signal,
  });
  let text = "";
  const ended = (async () => {
    for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString();
  })();
  ended.catch(() => {});
  const heard = () => eventMessages(text);
  await until(() => heard().length > 0, "The acknowledgement");
  return { heard, ended };
}

const call = (name: string) => ({ name, arguments: {} });

describe.each(["/mcp", "/alpha/mcp"])("who listens at %s", (path) => {
  it("hears that a server's tools changed, once", async () => {
    const gateway = await startFixtures("alpha", "beta");
    const { heard } = await listen(gateway, path);
    await gateway.rpc("alpha", "modern", "tools/call", call("change"));
    await until(() => heard().length > 1, "The notification");
    expect(heard().slice(1)).toMatchObject([{ method: "notifications/tools/list_changed" }]);
  });

  it("is told when the gateway stops, and does not hold it up", async () => {
    const gateway = await startFixtures("alpha");
    const { heard, ended } = await listen(gateway, path);
    gateway.signal("SIGTERM");
    expect(await gateway.exit()).toEqual({ code: 0, signal: null });
    await ended;
    expect(heard().at(-1)).toMatchObject({ id: "listening", result: {} });
  });
});

it("does not tell those who listen to another server", async () => {
  const gateway = await startFixtures("alpha", "beta");
  const { heard } = await listen(gateway, "/beta/mcp");
  await gateway.rpc("alpha", "modern", "tools/call", call("change"));
  await gateway.rpc("beta", "modern", "tools/call", call("change"));
  await until(() => heard().length > 1, "The notification of its own server");
  expect(heard()).toHaveLength(2);
});

describe.each(FOREIGN_ERAS)("who listens to a resource of a foreign server (%s)", (era) => {
  it.each([
    ["/other/mcp", "note://one"],
    ["/mcp", "other+note://one"],
  ])("at %s hears of it", async (path, uri) => {
    const root = await testFolder();
    const gateway = await startWith(await writeConfig(root, { other: foreignCommand(era) }));
    await gateway.says(/^ready +other/);
    const { heard } = await listen(gateway, path, { resourceSubscriptions: [uri] });
    // the wish has to reach the server before it is touched
    await until(async () => {
      await gateway.rpc("other", "modern", "tools/call", call("touch"));
      return heard().length > 1;
    }, "The notification");
    expect(heard()[1]).toMatchObject({
      method: "notifications/resources/updated",
      params: { uri },
    });
  });
});
