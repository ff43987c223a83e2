// Copied from shared/core/lazy-log.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { JsonObject, Log, LogLevel } from "./contract.ts";

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

/** The module that writes lines: `logger.ts`. */
export interface LoggerModule {
  createLogger(
    options: LogOptions,
  ): Record<LogLevel, (fields: JsonObject, message: string) => void>;
}

/**
 * A log whose library is loaded when the first line is due: a start that logs nothing pays nothing.
 * Lines of that moment wait in order.
 */
export function createLazyLog(
  options: LogOptions,
  loadLogger: () => Promise<LoggerModule>,
): FlushableLog {
  const least = SEVERITY[options.level];
  let logger: ReturnType<LoggerModule["createLogger"]> | undefined;
  let loading: Promise<void> | undefined;
  const waiting: (() => void)[] = [];

  async function load(): Promise<void> {
    logger = (await loadLogger()).createLogger(options);
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
