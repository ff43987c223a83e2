import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "#shared/core/contract.ts";
import { digestOf } from "../src/pins/digest.ts";
import { ensureBuilt } from "./shared/testing/build.ts";
import { until } from "./shared/testing/within.ts";
import { errorOf, type TestGateway, textOf } from "./support/gateway.ts";
import { startPinned, toolOf } from "./support/pinned.ts";

beforeAll(() => ensureBuilt(), 60_000);

const names = (answer: JsonObject) =>
  (answer.result as { tools: { name: string }[] }).tools.map(({ name }) => name);
const listed = async (gateway: TestGateway, server = "shifting") =>
  names(await gateway.rpc(server, "modern", "tools/list"));
const call = (name: string) => ({ name, arguments: {} });

describe("a definition that changed since it was approved", () => {
  it("is held back on all surfaces, over restarts, until it is approved", async () => {
    const pinned = await startPinned([toolOf("keep"), toolOf("turn")]);
    const { gateway, setTools, act, state } = pinned;
    expect(await listed(gateway)).toEqual(["keep", "turn"]);
    await setTools([toolOf("keep"), toolOf("turn", "Now it does something else")]);
    expect((await act({ action: "restart", server: "shifting" })).status).toBe(200);
    await until(async () => (await state()).held.length === 1, "The change");

    for (const one of [gateway, await pinned.start()]) {
      expect(await listed(one)).toEqual(["keep"]);
      expect(await listed(one, "")).toEqual(["shifting__keep"]);
      const own = errorOf(await one.rpc("shifting", "legacy", "tools/call", call("turn")));
      expect(own).toMatchObject({ code: "UNAVAILABLE", details: { reason: "definition_changed" } });
      const joined = await one.rpc("", "modern", "tools/call", call("shifting__turn"));
      expect(errorOf(joined)).toMatchObject({ details: { reason: "definition_changed" } });
      const rest = await one.ask("/shifting/tools/turn", { method: "POST" });
      expect([rest.status, JSON.parse(rest.body).type]).toEqual([
        423,
        "urn:flotilla:problem:definition-changed",
      ]);
      expect((await one.ask("/openapi.json")).body).not.toContain("turn");
      expect(textOf(await one.rpc("shifting", "modern", "tools/call", call("keep")))).toBe(
        "called keep",
      );
    }

    const [held] = (await state()).held;
    expect(held).toMatchObject({
      server: "shifting",
      kind: "tool",
      name: "turn",
      reason: "changed",
      differences: [
        { path: "/description", before: "turn it", after: "Now it does something else" },
      ],
    });
    const stale = await act({ ...held, action: "approve", digest: `sha256:${"0".repeat(64)}` });
    expect(stale.status, "unknown keys are refused").toBe(400);
    const { server, kind, name, digest } = held;
    const approve = { action: "approve", server, kind, name, digest };
    const other = { ...approve, digest: `sha256:${"0".repeat(64)}` };
    expect((await act(other)).status, "what was not looked at").toBe(409);
    expect((await act({ ...approve, kind: "prompt" })).status, "something else").toBe(409);
    expect((await act(approve)).status).toBe(200);
    expect(await listed(gateway)).toEqual(["keep", "turn"]);
    expect(await listed(await pinned.start())).toEqual(["keep", "turn"]);
  });

  it.each([
    ["hold", ["a"], "added"],
    ["show", ["a", "b"], undefined],
  ])("a tool that is added: %s", async (added, shown, reason) => {
    const { gateway, setTools, act, state } = await startPinned([toolOf("a")], { added });
    await setTools([toolOf("a"), toolOf("b")]);
    await act({ action: "restart", server: "shifting" });
    await until(async () => (await state()).servers[0].restarts === 1, "The restart");
    expect(await listed(gateway)).toEqual(shown);
    expect((await state()).held[0]?.reason).toBe(reason);
  });

  it("is found when it was renamed, also where added tools are shown", async () => {
    const { gateway, setTools, act, state } = await startPinned([toolOf("a")], { added: "show" });
    await setTools([{ ...toolOf("a"), name: "b", description: "Another story" }]);
    await act({ action: "restart", server: "shifting" });
    await until(async () => (await state()).servers[0].restarts === 1, "The restart");
    expect(await listed(gateway)).toEqual([]);
    expect((await state()).held[0]).toMatchObject({ name: "b", reason: "renamed" });
  });

  it("is approved by another gateway that has the same file", async () => {
    const { gateway, root, setTools, act, state, start } = await startPinned([toolOf("a")]);
    await setTools([toolOf("a", "Other")]);
    await act({ action: "restart", server: "shifting" });
    await until(async () => (await state()).held.length === 1, "The change");
    const second = await start();
    const [{ server, kind, name, digest }] = (await state()).held;
    await act({ action: "approve", server, kind, name, digest });
    await until(async () => (await listed(second)).length === 1, "The approval");
    expect(JSON.parse(await readFile(join(root, "pins.json"), "utf8"))).toMatchObject({
      version: 1,
      servers: { shifting: { a: { digest: digestOf(toolOf("a", "Other")), by: "anonymous" } } },
    });
    expect(await listed(gateway)).toEqual(["a"]);
  });
});

it("a server with a lock file shows what the file has, and holds back what it has otherwise", async () => {
  const { root, setTools, act, state, gateway } = await startPinned([toolOf("a"), toolOf("b")]);
  const tools = [toolOf("a"), toolOf("b", "As it was built")];
  const lock = { tools: tools.map((tool) => ({ ...tool, hash: digestOf(tool) })) };
  await writeFile(join(root, "shifting", "tools.lock.json"), JSON.stringify(lock));
  await setTools([toolOf("a"), toolOf("b", "As it is"), toolOf("c")]);
  await act({ action: "restart", server: "shifting" });
  await until(async () => (await state()).servers[0].restarts === 1, "The restart");
  expect(await listed(gateway)).toEqual(["a"]);
  expect((await state()).held.map(({ name, reason }: JsonObject) => [name, reason])).toEqual([
    ["b", "not in tools.lock.json"],
    ["c", "not in tools.lock.json"],
  ]);
});

it("an action needs its header, POST and a body of its own", async () => {
  const { gateway, act } = await startPinned([toolOf("a")]);
  const restart = { action: "restart", server: "shifting" };
  expect((await act(restart, {})).status).toBe(403);
  expect((await act(restart, { "x-flotilla-admin": "0" })).status).toBe(403);
  expect((await act({ action: "restart", server: "other" })).status).toBe(409);
  expect((await act({ action: "remove", server: "shifting" })).status).toBe(400);
  expect((await gateway.ask("/admin/api/actions")).status).toBe(405);
  expect((await gateway.ask("/admin/api/state", { method: "POST" })).status).toBe(405);
});
