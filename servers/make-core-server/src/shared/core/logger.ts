// Copied from shared/core/logger.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import { type Logger, pino } from "pino";
import type { JsonObject } from "./contract.ts";
import type { LogOptions } from "./lazy-log.ts";
import { mask } from "./mask.ts";

/** JSON lines by pino, with secrets masked in the finished line, whatever field they hide in. */
export function createLogger({ level, secrets = [], fields = {}, write }: LogOptions): Logger {
  const sink = write ?? ((line: string) => void process.stderr.write(line));
  const options = {
    level,
    base: fields,
    timestamp: false,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: ({ time, ...rest }: JsonObject) => ({ time: isoTime(time), ...rest }),
    },
    serializers: { error: pino.stdSerializers.errWithCause },
    hooks: { streamWrite: (line: string) => maskLine(line, secrets) },
  };
  return pino(options, { write: sink });
}

const isoTime = (time: unknown) =>
  new Date(typeof time === "number" ? time : Date.now()).toISOString();

/** A secret stands in a JSON line as JSON writes it, so its quotes and backslashes are escaped. */
function maskLine(line: string, secrets: readonly string[]): string {
  return mask(
    line,
    secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]),
  );
}
