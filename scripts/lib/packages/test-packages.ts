import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { getMcpConfigForManifest, vAny } from "@anthropic-ai/mcpb/node";
import { packageManagers, QUIET_INSTALL } from "../package-managers.ts";
import type { Project } from "../projects.ts";
import { answerOnStdin, answerSteps, type Era, eras } from "../standalone/answers.ts";
import { assertAlone, emptyEnvironment } from "../standalone/environment.ts";
import { runSteps, type Step } from "../standalone/steps.ts";
import type { Tally } from "../suites/tally.ts";
import { mcpb, packBundle, packTarball, runIn } from "./pack.ts";

const posix = process.platform !== "win32";

/** The tarball, in an empty folder: what `npx` and `npm install` give a user. */
function tarballSteps(server: Project, folder: string): Step[] {
  const { name, dir } = server;
  const installed = join("node_modules", name);
  const bin = join("node_modules", ".bin", name);
  const speaksStdio = () => realpathSync(join(folder, bin)).endsWith(`${sep}stdio.cjs`);
  return [
    {
      name: "npm pack, npm install in an empty folder",
      async run() {
        const tarball = await packTarball(server, join(folder, "packed"));
        await runIn(folder, packageManagers.npm, "install", ...QUIET_INSTALL, tarball);
      },
    },
    ...answerSteps({ cwd: folder, dist: `${installed}/dist`, source: dir }),
    {
      name: "its command",
      async run() {
        if (!existsSync(join(folder, bin))) throw new Error(`npm made no ${bin}`);
        if (!posix || !speaksStdio()) return;
        const options = { cwd: folder, env: emptyEnvironment() };
        for (const era of eras) await answerOnStdin([bin], options, dir, era);
      },
    },
  ];
}

/** The bundle, unpacked and started as a desktop client does with nothing filled in. */
function bundleSteps(server: Project, folder: string): Step[] {
  const unpacked = join(folder, "extension");
  return [
    {
      name: "mcpb pack, mcpb unpack",
      async run() {
        const bundle = await packBundle(server, join(folder, "packed"));
        await mcpb("unpack", bundle, unpacked);
      },
    },
    ...eras.map((era) => ({
      name: `as a desktop client ${era.version}: list, call, end of stdin`,
      run: () => answerAsExtension(unpacked, server.dir, era),
    })),
  ];
}

async function answerAsExtension(extension: string, source: string, era: Era): Promise<void> {
  const manifest = vAny.McpbManifestSchema.parse(
    JSON.parse(readFileSync(join(extension, "manifest.json"), "utf8")),
  );
  const config = await getMcpConfigForManifest({
    manifest,
    extensionPath: extension,
    systemDirs: {},
    userConfig: {},
    pathSeparator: sep,
  });
  if (config?.command !== "node") throw new Error("manifest.json does not start node");
  const env = { ...emptyEnvironment(), ...config.env };
  await answerOnStdin(config.args ?? [], { cwd: tmpdir(), env }, source, era);
}

/** Proves what is shipped of one server: not its folder, but what is packed of it. */
export async function testPackages(
  server: Project,
  write: (line: string) => void,
  keep = false,
): Promise<Tally> {
  const above = realpathSync(mkdtempSync(join(tmpdir(), "flotilla-packages-")));
  const folder = join(above, "user");
  mkdirSync(folder);
  try {
    const alone = { name: "nothing around it", run: () => assertAlone(folder) };
    const steps = [alone, ...tarballSteps(server, folder), ...bundleSteps(server, folder)];
    return await runSteps(server.name, steps, write);
  } finally {
    if (keep) write(`kept    ${folder}`);
    else rmSync(above, { recursive: true, force: true });
  }
}
