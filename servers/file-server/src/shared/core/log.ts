// Copied from shared/core/log.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { Logger } from "pino";
import type { JsonObject, Log, LogLevel } from "./contract.ts";
import { mask } from "./mask.ts";

const SEVERITY: Record<LogLevel | "silent", number> = {
  debug: 20,
  info: 30,
  warn: 40,
  error: 50,
  silent: 99,
};

export interface LogOptions {
  level: LogLevel | "silent";
  /** Values that never appear in a line, whatever field they hide in. */
  secrets?: readonly string[];
  /** Fields of every line. */
  fields?: JsonObject;
  /** Takes whole lines; stderr unless told otherwise, because stdout carries the protocol. */
  write?(line: string): void;
}

export interface FlushableLog extends Log {
  /** Resolves when every line so far is written: call it before the process ends. */
  flush(): Promise<void>;
}

/**
 * JSON lines by pino, which is loaded when the first line is due: a start that logs nothing pays
 * nothing. Lines of that moment wait in order.
 */
export function createLog(options: LogOptions): FlushableLog {
  const least = SEVERITY[options.level];
  let logger: Logger | undefined;
  let loading: Promise<void> | undefined;
  const waiting: (() => void)[] = [];

  async function load(): Promise<void> {
    logger = await createPino(options);
    for (const emit of waiting.splice(0)) emit();
  }

  function at(level: LogLevel) {
    return (message: string, fields: JsonObject = {}): void => {
      if (SEVERITY[level] < least) return;
      if (logger) {
        logger[level](fields, message);
        return;
      }
      // the time of the line is when it was said, not when pino was ready
      const time = Date.now();
      waiting.push(() => logger?.[level]({ ...fields, time }, message));
      loading ??= load();
    };
  }

  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    flush: async () => loading,
  };
}

async function createPino({
  level,
  secrets = [],
  fields = {},
  write,
}: LogOptions): Promise<Logger> {
  const { pino } = await import("pino");
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

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
