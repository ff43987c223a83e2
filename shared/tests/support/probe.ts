import { type RawHttp, startHttp } from "#shared/testing/http.ts";
import { type RawStdio, type StdioOptions, startStdio } from "#shared/testing/stdio.ts";

/** From source, as `shared/` has no build. */
const fromSource = ["--import", "tsx"];

export const probeProcess = (entry: "http" | "stdio") => ({
  entry: `tests/fixtures/probe/${entry}.ts`,
  nodeArgs: fromSource,
});

export const startProbeHttp = (env: Record<string, string> = {}): Promise<RawHttp> =>
  startHttp({ ...probeProcess("http"), env });

export const startProbeStdio = (options: StdioOptions = {}): Promise<RawStdio> =>
  startStdio({ ...probeProcess("stdio"), ...options });

/** Waits for a line of the server's log. */
export const logged = (server: RawHttp | RawStdio, msg: string, label?: string): Promise<string> =>
  server.stderr.find(
    (line) =>
      line.includes(`"msg":"${msg}"`) && (label === undefined || line.includes(`"${label}"`)),
    `A log line "${msg}"`,
  );
