import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Instance } from "#shared/core/contract.ts";
import { silentLog } from "#shared/core/log.ts";
import { MAX_BLOB_BYTES, MAX_RESOURCE_BYTES } from "../src/resources/file.ts";
import { server } from "../src/server.ts";
import { ensureBuilt } from "./shared/testing/build.ts";
import { type Era, paramsFor } from "./shared/testing/messages.ts";
import { startStdio } from "./shared/testing/stdio.ts";
import { withRoot } from "./support/files.ts";

const host = (era: Era = "modern") => ({ signal: AbortSignal.timeout(20_000), era });

async function opened(root: string): Promise<Instance> {
  const env = { ALLOWED_ROOTS: JSON.stringify([root]) };
  const instance = await server.open({ env, log: silentLog });
  onTestFinished(() => instance.close());
  return instance;
}

const uriIn = (root: string, path: string) => pathToFileURL(join(root, path)).href;
const reasonOf = async (instance: Instance, uri: string) => {
  const { error } = await instance.read(uri, host());
  return (error?.data as { reason?: string } | undefined)?.reason ?? error?.message;
};

describe("a file as a resource", () => {
  const latin = Buffer.from("caf\xe9", "latin1");
  const png = Buffer.from("\x89PNG\r\n\x1a\n\0", "latin1");

  test("is text in UTF-8, whatever it is encoded in, or bytes", () =>
    withRoot({ "a b.txt": "alpha\n", latin, "x.png": png }, async (root) => {
      const instance = await opened(root);
      const read = async (path: string) => (await instance.read(uriIn(root, path), host())).result;
      expect(await read("a b.txt")).toEqual({
        contents: [{ uri: uriIn(root, "a b.txt"), mimeType: "text/plain", text: "alpha\n" }],
      });
      expect(await read("latin")).toMatchObject({ contents: [{ text: "café" }] });
      expect(await read("x.png")).toMatchObject({
        contents: [{ mimeType: "image/png", blob: png.toString("base64") }],
      });
    }));

  test("has sizes at which it is refused", () =>
    withRoot(
      {
        text: "x".repeat(MAX_RESOURCE_BYTES),
        longer: "x".repeat(MAX_RESOURCE_BYTES + 1),
        blob: Buffer.alloc(MAX_BLOB_BYTES),
        larger: Buffer.alloc(MAX_BLOB_BYTES + 1),
      },
      async (root) => {
        const instance = await opened(root);
        for (const path of ["text", "blob"])
          expect(await reasonOf(instance, uriIn(root, path)), path).toBeUndefined();
        for (const path of ["longer", "larger"])
          expect(await reasonOf(instance, uriIn(root, path)), path).toBe("too_large");
      },
    ));

  test("is refused as a path is", () =>
    withRoot({ "a.txt": "alpha", ".env": "secret", dir: { link: "/etc" } }, async (root) => {
      const instance = await opened(root);
      const inside = pathToFileURL(root).href;
      expect(await reasonOf(instance, "file:///etc/passwd")).toBe("outside_root");
      expect(await reasonOf(instance, `${inside}/../x`)).toBe("outside_root");
      expect(await reasonOf(instance, `${inside}/%2e%2e/x`)).toBe("outside_root");
      expect(await reasonOf(instance, `${inside}/..%2fx`)).toBe("outside_root");
      expect(await reasonOf(instance, `${inside}/dir/passwd`)).toBe("symlink");
      expect(await reasonOf(instance, `${inside}/.env`)).toBe("denied_by_pattern");
      expect(await reasonOf(instance, `${inside}/a%00.txt`)).toBe("invalid_path");
      expect(await reasonOf(instance, inside)).toBe("not_a_file");
      expect(await reasonOf(instance, `${inside}/none`)).toBe("not_found");
      for (const uri of [`file://host${root}/a.txt`, "file:a.txt", `${inside}/%zz`])
        expect(await reasonOf(instance, uri), uri).toMatch(/not found/);
    }));
});

test("paths are completed from name to name, without what is hidden or denied", () =>
  withRoot(
    { "src/one.ts": "", "src/only/x": "", "src/two.ts": "", "src/.env": "", "src/.h": "" },
    async (root) => {
      const instance = await opened(root);
      const top = root.slice(1);
      const complete = async (value: string) => {
        const reference = { type: "ref/resource" as const, uri: "file:///{+path}" };
        const argument = { name: "path", value };
        const { result } = await instance.complete(reference, argument, host());
        return result?.completion.values;
      };
      expect(await complete(`${top}/src/on`)).toEqual([`${top}/src/one.ts`, `${top}/src/only/`]);
      expect(await complete(`${top}/src/.`)).toEqual([`${top}/src/.h`]);
      expect(await complete(top.slice(0, 5))).toEqual([`${top}/`]);
      expect(await complete("etc/pass")).toEqual([]);
      expect(await complete(`${top}/src/one.ts/`)).toEqual([]);
    },
  ));

describe("a client that wants to hear of changes", () => {
  beforeAll(() => ensureBuilt(), 120_000);

  const UPDATED = "notifications/resources/updated";

  async function listening(root: string, era: Era) {
    const raw = await startStdio({ era, env: { ALLOWED_ROOTS: JSON.stringify([root]) } });
    onTestFinished(() => raw.stop());
    const uri = uriIn(root, "a.txt");
    if (era === "legacy") await raw.request("resources/subscribe", { uri });
    else {
      raw.begin("subscriptions/listen", { notifications: { resourceSubscriptions: [uri] } });
      await raw.stdout.find((line) => line.includes("acknowledged"), "The acknowledgement");
    }
    const updates = () => raw.stdout.all.filter((line) => line.includes(UPDATED));
    /** How many came, once none comes any longer; a server that was stopped says the last ones late. */
    const settled = async () => {
      let count = -1;
      for (let quiet = 0; quiet < 2; ) {
        await raw.request(era === "legacy" ? "ping" : "tools/list");
        await new Promise((resolve) => setTimeout(resolve, 300));
        quiet = updates().length === count ? quiet + 1 : 0;
        count = updates().length;
      }
      return count;
    };
    const next = async (count: number) => {
      await expect.poll(updates).toHaveLength(count);
      expect(updates().at(-1)).toContain(uri);
    };
    return { raw, uri, updates, settled, next };
  }

  test.each(["legacy", "modern"] as const)(
    "is told when the file is written, replaced and removed, and of no other: %s",
    (era) =>
      withRoot({ "a.txt": "1", "b.txt": "1" }, async (root) => {
        const { raw, uri, next, updates, settled } = await listening(root, era);
        // a watch starts beside the acknowledgement
        await expect
          .poll(
            async () => {
              await writeFile(join(root, "a.txt"), "2");
              return updates().length;
            },
            { interval: 200 },
          )
          .toBeGreaterThan(0);
        await writeFile(join(root, "b.txt"), "2");
        await writeFile(join(root, "new"), "3");
        const count = await settled();
        await rename(join(root, "new"), join(root, "a.txt"));
        await next(count + 1);
        await rm(join(root, "a.txt"));
        await next(count + 2);
        if (era === "legacy") await raw.request("resources/unsubscribe", { uri });
        else raw.notify("notifications/cancelled", paramsFor("legacy", { requestId: 2 }));
      }),
  );

  test("is told that what is not there, or outside, cannot be watched", () =>
    withRoot({}, async (root) => {
      const instance = await opened(root);
      for (const uri of [uriIn(root, "none"), "file:///etc/passwd"])
        expect((await instance.subscribe(uri)).error?.message).toContain("cannot be watched");
      const malformed = await instance.subscribe("file:///100%");
      expect(malformed.error?.message).toContain("not found");
    }));
});
