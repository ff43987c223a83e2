// Copied from shared/testing/contract-definition.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { describe, expect, it } from "vitest";
import { silentLog } from "#shared/core/log.ts";
import { TEST_NOW } from "./call.ts";
import { expectNoFaults, staleExceptions } from "./fault.ts";
import type { Contract } from "./options.ts";
import { schemaFaults } from "./schema-rules.ts";
import { annotationFaults, wordingFaults } from "./tool-rules.ts";

/** A model chooses worse among more. */
const MAX_TOOLS_BY_DEFAULT = 20;

const open = ({ server }: Contract, env: Record<string, string> = {}) =>
  server.open({ env, log: silentLog, now: () => TEST_NOW });

/** What a server says of itself, by rules that need no process. */
export function describeDefinition(contract: Contract): void {
  describeTools(contract);
  describe("the list of tools", () => {
    it("is the same, byte for byte, each time the server is opened", async () => {
      const [first, second] = [await open(contract), await open(contract)];
      expect(JSON.stringify(first.tools)).toBe(JSON.stringify(second.tools));
      await Promise.all([first.close(), second.close()]);
    });

    it("is in the order of the definition", async () => {
      const all = await open(contract, { TOOLSETS: "all" });
      const names = all.tools.map(({ name }) => name);
      const defined = contract.server.tools.map(({ listing }) => listing.name);
      expect(names).toEqual(defined.filter((name) => names.includes(name)));
      await all.close();
    });

    it(`shows 1 to ${MAX_TOOLS_BY_DEFAULT} tools unless a user switches more on`, async () => {
      const { tools, close } = await open(contract);
      expect(tools.length).toBeGreaterThan(0);
      expect(tools.length).toBeLessThanOrEqual(MAX_TOOLS_BY_DEFAULT);
      await close();
    });

    it("fits its budget of bytes", async () => {
      const { tools, close } = await open(contract);
      const bytes = Buffer.byteLength(JSON.stringify({ tools }));
      expect(bytes).toBeLessThanOrEqual(contract.maxListBytes);
      await close();
    });
  });
  describeSwitches(contract);
}

function describeTools(contract: Contract): void {
  const { server, exceptions } = contract;
  const listings = server.tools.map(({ listing }) => listing);
  const wording = listings.flatMap((tool) => wordingFaults(server.name, tool));
  const annotations = listings.flatMap(annotationFaults);
  const schemas = listings.flatMap(schemaFaults);

  describe("every tool", () => {
    it("is named and described as the rules say", () => {
      expectNoFaults(wording, exceptions);
    });

    it("states each annotation and contradicts none", () => {
      expectNoFaults(annotations, exceptions);
    });

    it("has schemas that are objects, described and bounded", () => {
      expectNoFaults(schemas, exceptions);
    });

    it("needs the exceptions that are made for it", () => {
      expect(staleExceptions([...wording, ...annotations, ...schemas], exceptions)).toEqual([]);
    });
  });
}

function describeSwitches(contract: Contract): void {
  const { server } = contract;
  describe("the switches", () => {
    it("READ_ONLY removes every tool that writes, and no other", async () => {
      const all = await open(contract, { TOOLSETS: "all" });
      const reading = await open(contract, { TOOLSETS: "all", READ_ONLY: "true" });
      expect(reading.tools).toEqual(all.tools.filter((tool) => tool.annotations.readOnlyHint));
      await Promise.all([all.close(), reading.close()]);
    });

    it("TOOLSETS with a name that is none stops the start and says which there are", async () => {
      const message = await open(contract, { TOOLSETS: "no-such-toolset" }).then(
        () => "it started",
        (error: unknown) => String(error),
      );
      expect(message).toContain("TOOLSETS");
      expect(message).toContain("no-such-toolset");
      for (const name of ["default", "all", ...Object.keys(server.toolsets)])
        expect(message).toContain(name);
    });

    it("each toolset shows tools that are hidden without it", async () => {
      const bare = await open(contract, { TOOLSETS: "," });
      for (const toolset of Object.keys(server.toolsets)) {
        const { tools, close } = await open(contract, { TOOLSETS: toolset });
        expect(tools.length, toolset).toBeGreaterThan(bare.tools.length);
        await close();
      }
      await bare.close();
    });
  });
}
