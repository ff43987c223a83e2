/** Why a server cannot be mounted, in one line that tells what to do. */
export class MountError extends Error {
  /** False when trying again cannot help while this process runs. */
  readonly retry: boolean;

  constructor(message: string, options: { retry?: boolean; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "MountError";
    this.retry = options.retry ?? true;
  }
}

const MAX_REASON_LENGTH = 500;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal
const CONTROL = /[\u0000-\u001f\u007f-\u009f]+/g;

/** One line, without what could steer a terminal. */
export function oneLine(text: string): string {
  const line = text
    .replaceAll(/\s*\n\s*/g, "; ")
    .replaceAll(CONTROL, " ")
    .trim();
  return line.length > MAX_REASON_LENGTH ? `${line.slice(0, MAX_REASON_LENGTH)}...` : line;
}

/** What a failed mount says. Errors come from other copies of the shared code, so they are told apart by shape. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return oneLine(String(error));
  if (error instanceof MountError) return oneLine(error.message);
  const faults = "faults" in error && Array.isArray(error.faults) ? error.faults : undefined;
  if (error.name === "ConfigError" && faults) return oneLine(faults.map(String).join("\n"));
  return oneLine(`${error.name}: ${error.message}`);
}
