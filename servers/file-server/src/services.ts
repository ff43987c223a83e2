import type { ServiceSetup, ServiceValues } from "#shared/core/services.ts";
import type { FilesConfig } from "./config.ts";
import { type Reader, readerOn } from "./reading/reader.ts";
import { threadFile, threadReader } from "./reading/thread.ts";
import { refuse } from "./sandbox/refuse.ts";
import { findRealPath, type RealPaths, rootFolders } from "./sandbox/roots.ts";
import { openSandbox, type Sandbox } from "./sandbox/sandbox.ts";
import { MAX_COPY_BYTES, Workshop } from "./write/workshop.ts";

/** All sandboxes of an instance, each opened when it is needed, find a root at the same place. */
const found = new WeakMap<FilesConfig, RealPaths>();

function sandboxOptions({ config }: ServiceSetup<FilesConfig>) {
  const realPaths: RealPaths = found.get(config) ?? new Map();
  found.set(config, realPaths);
  return {
    roots: rootFolders(config.ALLOWED_ROOTS, process.cwd()),
    followLinks: config.SYMLINKS === "within-root",
    denyPatterns: config.DENY_PATTERNS,
    realPaths,
  };
}

async function openFiles(setup: ServiceSetup<FilesConfig>): Promise<Sandbox> {
  const { log } = setup;
  const sandbox = await openSandbox(sandboxOptions(setup));
  if (sandbox.strategy === "checked")
    log.warn(
      "This system has no /proc: a file that is swapped while it is read is found less surely",
    );
  return sandbox;
}

export const services = {
  sandbox: { open: openFiles },
  /** What the tools that read ask: a thread of its own, once it is built. */
  reader: {
    async open(setup: ServiceSetup<FilesConfig>): Promise<Reader> {
      const file = threadFile();
      if (file !== undefined) {
        const options = sandboxOptions(setup);
        // the thread is given them when it starts; what is missing yet it looks for itself
        await Promise.allSettled(
          options.roots.map((given) => findRealPath(given, options.realPaths)),
        );
        return threadReader(file, options);
      }
      return readerOn(await openFiles(setup));
    },
    close: (reader: Reader) => reader.close(),
  },
  /** Opened only by the tools that write. */
  workshop: {
    async open(setup: ServiceSetup<FilesConfig>): Promise<Workshop> {
      const { config } = setup;
      if (!config.ALLOWED_ROOTS)
        throw refuse("no_root", {
          because: "ALLOW_WRITE needs ALLOWED_ROOTS: the working directory alone is only read",
          details: { variable: "ALLOWED_ROOTS" },
        });
      const options = {
        keep: config.UNDO_KEEP,
        hardLinks: config.WRITE_HARD_LINKS,
        copyBytes: MAX_COPY_BYTES,
      };
      return new Workshop(await openFiles(setup), options);
    },
  },
};

export type FilesServices = ServiceValues<typeof services>;
