import type { ServiceSetup, ServiceValues } from "#shared/core/services.ts";
import type { FilesConfig } from "./config.ts";
import { rootFolders } from "./sandbox/roots.ts";
import { openSandbox } from "./sandbox/sandbox.ts";

export const services = {
  sandbox: {
    async open({ config, log }: ServiceSetup<FilesConfig>) {
      const sandbox = await openSandbox({
        roots: rootFolders(config.ALLOWED_ROOTS, process.cwd()),
        followLinks: config.SYMLINKS === "within-root",
        denyPatterns: config.DENY_PATTERNS,
      });
      if (sandbox.strategy === "checked")
        log.warn(
          "This system has no /proc: a file that is swapped while it is read is found less surely",
        );
      return sandbox;
    },
  },
};

export type FilesServices = ServiceValues<typeof services>;
