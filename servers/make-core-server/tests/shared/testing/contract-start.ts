// Copied from shared/testing/contract-start.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { createServer } from "node:net";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import type { Contract } from "./options.ts";
import { startProcess } from "./process.ts";

const BAD_ENVIRONMENT = { PORT: "abc", READ_ONLY: "maybe", ENVIRONMENT: "moon" };

/** Starts that must fail, and say why. */
export function describeStart({ entries }: Contract): void {
  describe("a start that cannot go on", () => {
    it.each(["stdio", "http"] as const)(
      "names every bad variable at once, exits 1 and leaves stdout empty: %s",
      async (entry) => {
        const server = startProcess({ ...entries[entry], env: BAD_ENVIRONMENT });
        expect(await server.exit()).toEqual({ code: 1, signal: null });
        for (const [name, value] of Object.entries(BAD_ENVIRONMENT)) {
          expect(server.stderr.text()).toContain(name);
          expect(server.stderr.text()).toContain(value);
        }
        expect(server.stderr.text()).not.toMatch(STACK);
        expect(server.stdout.text()).toBe("");
      },
    );

    it.each(["stdio", "http"] as const)("names a toolset that is none: %s", async (entry) => {
      const server = startProcess({ ...entries[entry], env: { TOOLSETS: "no-such-toolset" } });
      expect(await server.exit()).toEqual({ code: 1, signal: null });
      expect(server.stderr.text()).toContain("no-such-toolset");
      expect(server.stderr.text()).not.toMatch(STACK);
      expect(server.stdout.text()).toBe("");
    });

    it("says in one line that the port is taken, and exits 1", async () => {
      await withTakenPort(async (port) => {
        const server = startProcess({ ...entries.http, env: { PORT: String(port) } });
        expect(await server.exit()).toEqual({ code: 1, signal: null });
        expect(server.stderr.all).toEqual([expect.stringContaining(String(port))]);
        expect(server.stdout.text()).toBe("");
      });
    });
  });
}

/** What a gateway or a host of modules does with a server before anything else. */
export function describeImport({ entries }: Contract): void {
  const file = resolve("dist/server.js");
  it.skipIf(!entries.http.entry.startsWith("dist/"))(
    "is imported without starting anything",
    async () => {
      const code = `await import(${JSON.stringify(pathToFileURL(file).href)})`;
      const server = startProcess({ entry: code, nodeArgs: ["--input-type=module", "-e"] });
      expect(await server.exit()).toEqual({ code: 0, signal: null });
      expect([server.stdout.text(), server.stderr.text()]).toEqual(["", ""]);
    },
  );
}

/** A stack trace: an error that nobody foresaw. */
export const STACK = /^\s+at /m;

async function withTakenPort(work: (port: number) => Promise<void>): Promise<void> {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve));
  const address = holder.address();
  try {
    await work(typeof address === "object" && address ? address.port : 0);
  } finally {
    holder.close();
  }
}
