// Copied from shared/testing/contract-secrets.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "#shared/core/contract.ts";
import { HEALTH_URI } from "#shared/core/resources.ts";
import { CANARY, canariesFor, refusedCanaries } from "./canaries.ts";
import { startHttp } from "./http.ts";
import { ERAS } from "./messages.ts";
import type { Contract } from "./options.ts";
import { startProcess } from "./process.ts";
import { startStdio } from "./stdio.ts";
import { HOOK_MS } from "./within.ts";

/** Every secret is set to a word that must not come out again, and the log tells all it can. */
export function describeSecrets(contract: Contract): void {
  const { config, entries, secretValues } = contract;
  const canaries = canariesFor(config, secretValues);
  const env = {
    ...contract.env,
    ...Object.fromEntries(canaries.map(({ name, value }) => [name, value])),
    LOG_LEVEL: "debug",
  };

  describe("a secret", () => {
    let said: Record<"stdio" | "http", string>;
    beforeAll(async () => {
      const [stdio, http] = await Promise.all([
        talkOverStdio(contract, env),
        talkOverHttp(contract, env),
      ]);
      said = { stdio, http };
    }, HOOK_MS);

    it.each(["stdio", "http"] as const)("is in nothing that the server says: %s", (entry) => {
      expect(said[entry].length).toBeGreaterThan(0);
      expect(linesWith(said[entry])).toEqual([]);
    });

    it.each(refusedCanaries(config))("$name is not shown when it is not valid", async (bad) => {
      const server = startProcess({ ...entries.stdio, env: { [bad.name]: bad.value } });
      expect((await server.exit()).code).toBe(1);
      expect(server.stderr.text()).toContain(bad.name);
      expect(linesWith(server.stderr.text().replaceAll(bad.name, ""))).toEqual([]);
    });
  });
}

const linesWith = (text: string) => text.split("\n").filter((line) => line.includes(CANARY));

function requests({ example, badInput }: Contract): [method: string, params?: JsonObject][] {
  return [
    ["tools/list"],
    ["resources/list"],
    ["resources/templates/list"],
    ["prompts/list"],
    ["resources/read", { uri: HEALTH_URI }],
    ["tools/call", { name: example.tool, arguments: example.input }],
    ["tools/call", { name: example.tool, arguments: badInput }],
    ["tools/call", { name: "no_such_tool", arguments: {} }],
  ];
}

type Env = Record<string, string>;

async function talkOverStdio(contract: Contract, env: Env): Promise<string> {
  const server = await startStdio({ ...contract.entries.stdio, env });
  try {
    for (const [method, params] of requests(contract)) await server.request(method, params);
    server.write("this is no message\n");
    server.stdin.end();
    await server.exit();
    return `${server.stdout.text()}\n${server.stderr.text()}`;
  } finally {
    await server.stop();
  }
}

async function talkOverHttp(contract: Contract, env: Env): Promise<string> {
  const server = await startHttp({ ...contract.entries.http, env });
  const said: unknown[] = [];
  try {
    for (const era of ERAS) {
      for (const [method, params] of requests(contract))
        said.push(await server.request(era, method, params));
    }
    said.push(await server.ask("/ready"), await server.ask("/health"));
    said.push(await (await server.post("this is no message")).text());
  } finally {
    server.signal("SIGTERM");
    await server.exit().finally(server.stop);
  }
  const spoken = [
    server.stdout.text(),
    server.stderr.text(),
    ...said.map((each) => JSON.stringify(each)),
  ];
  return spoken.join("\n");
}
