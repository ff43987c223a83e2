import { describe, expect, it } from "vitest";
import { diffTrees } from "../src/domain/app-export.ts";
import { server } from "../src/server.ts";
import { openMake } from "./shared/make-stub/harness.ts";

const app = { app: "custom-app-7xpqrg" };
const module = { ...app, component: "module", name: "getInvoice" };

it("sdk_code_get answers in whole", async () => {
  const { ask, error } = await openMake(server);
  expect(await ask("sdk_code_get", { ...module, section: "api" })).toMatchSnapshot();
  await error("sdk_code_get", { ...module, section: "attach" }, "VALIDATION_ERROR");
  await error("sdk_code_get", { ...app, component: "rpc", section: "api" }, "VALIDATION_ERROR");
});

describe("sdk_code_set", () => {
  it("shows what it replaces, then writes, and answers in whole", async () => {
    const { ask, data, stub } = await openMake(server);
    const input = { ...module, section: "parameters", code: "[\n  // none yet\n]" };
    expect(await ask("sdk_code_set", input)).toMatchSnapshot();
    expect(stub.writes).toEqual([]);
    expect(await ask("sdk_code_set", { ...input, confirm: true })).toMatchSnapshot();
    expect(await data("sdk_code_get", { ...module, section: "parameters" })).toMatchObject({
      code: input.code,
    });
  });

  it("takes no code that Make would only fail on later", async () => {
    const { error, stub } = await openMake(server);
    const input = { ...module, section: "api", code: '{\n  "url": \n}', confirm: true };
    const { message } = await error("sdk_code_set", input, "VALIDATION_ERROR");
    expect(message).toContain("(3:1)");
    expect(stub.writes).toEqual([]);
  });

  it("does nothing when the code was changed meanwhile", async () => {
    const { error, stub } = await openMake(server);
    const input = {
      ...module,
      section: "api",
      code: "{}",
      expectedHash: "0".repeat(64),
      confirm: true,
    };
    await error("sdk_code_set", input, "CONFLICT");
    expect(stub.writes).toEqual([]);
  });
});

it("sdk_rpc_test answers in whole", async () => {
  const { ask } = await openMake(server);
  expect(await ask("sdk_rpc_test", { ...app, rpc: "listCustomers" })).toMatchSnapshot();
});

it("sdk_app_export answers in whole, without the secrets of the app", async () => {
  const { ask } = await openMake(server);
  const answer = await ask("sdk_app_export", app);
  expect(answer).toMatchSnapshot();
  expect(JSON.stringify(answer)).not.toContain("clientSecret");
});

it("sdk_app_diff answers in whole: nothing for what was exported, each kind of change else", async () => {
  const { ask, data } = await openMake(server);
  const { files } = (await data("sdk_app_export", app)) as { files: Record<string, string> };
  expect(await data("sdk_app_diff", { ...app, tree: files })).toEqual({
    same: true,
    added: [],
    removed: [],
    changed: [],
  });
  const { "base.jsonc": _, ...rest } = files;
  const tree = { ...rest, "groups.jsonc": "[1]", "new.jsonc": "{}" };
  expect(await ask("sdk_app_diff", { ...app, tree })).toMatchSnapshot();
});

it("line ends and a last empty line are no change", () => {
  expect(diffTrees({ a: "x\ny" }, { a: "x\r\ny\n" }).same).toBe(true);
  expect(diffTrees({ a: "x\ny" }, { a: "x y" }).changed).toEqual(["a"]);
});
