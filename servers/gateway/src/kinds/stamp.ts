import { createHash } from "node:crypto";
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

/** When the built files, and the packages they may need, last changed; "" while there are none. */
export function stampOf(file: string): string {
  const dist = dirname(file);
  if (!existsSync(dist)) return "";
  const built = readdirSync(dist, { recursive: true, encoding: "utf8" });
  const packages = ["..", "../..", "../../.."].map((up) => join(up, "node_modules"));
  const times = [...built.sort(), ...packages].map((name) => {
    const found = statSync(join(dist, name), { throwIfNoEntry: false });
    return found ? `${name}:${found.mtimeMs}:${found.size}` : "";
  });
  return createHash("sha256").update(times.join("\n")).digest("hex");
}
