import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Writes, withWrites } from "./support/writes.ts";

const DISK_BYTES = 1_048_576;

const mount = (at: string) =>
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${DISK_BYTES}`, "tmpfs", at], {
    stdio: "ignore",
  });
const unmount = (at: string) => execFileSync("umount", ["-l", at], { stdio: "ignore" });

/** Only root mounts disks, and in many containers not even root. */
async function canMount(): Promise<boolean> {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  const at = await mkdtemp(join(tmpdir(), "mount-"));
  try {
    mount(at);
    unmount(at);
    return true;
  } catch {
    return false;
  } finally {
    await rm(at, { recursive: true });
  }
}

const onDisks = test.skipIf(!(await canMount()));

/** A root with a small disk of its own in the folder `disk`. */
const withDisk = (work: (writes: Writes) => Promise<void>) =>
  withWrites({ "a.txt": "alpha" }, async (writes) => {
    const at = join(writes.root, "disk");
    await mkdir(at);
    mount(at);
    try {
      await work(writes);
    } finally {
      unmount(at);
    }
  });

const names = async (folder: string) => (await readdir(folder)).sort();

onDisks(
  "what lies on another disk is not moved, and nothing is left half way (needs a mount)",
  () =>
    withDisk(async ({ root, run, fail }) => {
      await mkdir(join(root, "folder"));
      await writeFile(join(root, "disk/b.txt"), "bravo");
      const move = (source: string, destination: string) =>
        fail("move_path", { source, destination });
      expect(await move("a.txt", "disk/a.txt")).toBe("other_disk");
      expect(await move("folder", "disk/folder")).toBe("other_disk");
      expect(await fail("delete_path", { path: "disk/b.txt" })).toBe("other_disk");
      expect(await names(join(root, "disk"))).toEqual(["b.txt"]);
      await run("copy_path", { source: "a.txt", destination: "disk/a.txt" });
      await run("write_file", { path: "disk/b.txt", content: "changed" });
      await run("undo_changes", { count: 2 });
      expect(await readFile(join(root, "disk/b.txt"), "utf8")).toBe("bravo");
      expect(await names(join(root, "disk"))).toEqual(["b.txt"]);
    }),
);

onDisks("a full disk leaves the old content, and no temporary file (needs a mount)", () =>
  withDisk(async ({ root, run, fail }) => {
    await run("write_file", { path: "disk/old.txt", content: "old" });
    const content = "x".repeat(DISK_BYTES);
    expect(await fail("write_file", { path: "disk/old.txt", content })).toBe("disk_full");
    expect(await fail("write_file", { path: "disk/new.txt", content })).toBe("disk_full");
    await writeFile(join(root, "large.bin"), Buffer.alloc(DISK_BYTES + 1, "ab"));
    for (const destination of ["disk/copy.bin", "disk/old.txt"])
      expect(await fail("copy_path", { source: "large.bin", destination, overwrite: true })).toBe(
        "disk_full",
      );
    expect(await readFile(join(root, "disk/old.txt"), "utf8")).toBe("old");
    expect(await names(join(root, "disk"))).toEqual(["old.txt"]);
    await run("write_file", { path: "disk/old.txt", content: "there is room again" });
  }),
);

onDisks("a disk itself is not moved or deleted (needs a mount)", () =>
  withDisk(async ({ fail }) => {
    expect(await fail("delete_path", { path: "disk", recursive: true })).toBe("other_disk");
    expect(await fail("move_path", { source: "disk", destination: "moved" })).toBe("other_disk");
  }),
);
