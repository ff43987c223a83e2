import type { Log } from "#shared/core/contract.ts";
import { Chain, signatureOf } from "./chain.ts";
import { type OpenLog, openLog, readTail, rotate } from "./file.ts";
import { type CallLine, membersOf } from "./line.ts";
import { type LogLock, lockLog } from "./lock.ts";

/** Lines that wait to be written; further ones are counted and lost, and the count is written. */
export const MAX_WAITING = 10_000;
/** Milliseconds for which lines are gathered, so that many are written at once. */
const GATHER_MS = 100;
/** Lines that are written without gathering more: each collection of garbage moves those that wait. */
export const GATHER_LINES = 256;
/** Milliseconds until it is tried again when nothing could be written. */
export const AGAIN_MS = 1_000;
/** Lines after which the chain is signed. */
export const SIGNED_EACH = 1_000;

const MB = 1_048_576;

export interface AuditWriterOptions {
  file: string;
  maxMb: number;
  /** Signs the chain; without it nobody is kept from writing the whole chain anew. */
  key: string | undefined;
  log: Log;
  onLost(lost: number): void;
  beatMs?: number | undefined;
}

/** A line that somebody waits for: it is written now or never. */
interface Awaited {
  members: string;
  done: (written: boolean) => void;
}

type Waiting = string | CallLine | Awaited;

const isAwaited = (line: Waiting): line is Awaited => typeof line !== "string" && "done" in line;

/**
 * Appends lines to the log, in their order. While nothing can be written, lines wait as long as there is
 * room, and what is lost is counted and told in the log itself.
 */
export class AuditWriter {
  readonly #options: AuditWriterOptions;
  #chain = new Chain();
  /** Undefined from when the log was put aside until it can be opened anew, and when another gateway has it. */
  #open: OpenLog | undefined;
  #lock: LogLock | undefined;
  #waiting: Waiting[] = [];
  /** Lines of the write that is going on. */
  #underway = 0;
  #lost = 0;
  #unsigned = 0;
  #failing = false;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;

  private constructor(options: AuditWriterOptions) {
    this.#options = options;
  }

  /** Goes on where the log ends. Rejects when it cannot be opened, or another gateway writes it. */
  static async open(options: AuditWriterOptions): Promise<AuditWriter> {
    const { file, beatMs } = options;
    const writer = new AuditWriter(options);
    const lock = await lockLog(file, { onLost: () => writer.#leave(), beatMs });
    writer.#lock = lock;
    try {
      const tail = await readTail(file);
      writer.#chain = new Chain(tail?.seq, tail?.prev);
      writer.#open = await openLog(file);
      return writer;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** Adds a line, which is written soon. */
  add(line: string | CallLine): void {
    if (this.#isFull) {
      this.#lost++;
      return;
    }
    this.#waiting.push(line);
    if (this.#waiting.length === GATHER_LINES && !this.#failing) void this.#flush();
    else this.#arm(this.#failing ? AGAIN_MS : GATHER_MS);
  }

  /** Adds a line and resolves with whether it is written; if not, it never will be. */
  addNow(members: string): Promise<boolean> {
    if (this.#isFull) return Promise.resolve(false);
    return new Promise((done) => {
      this.#waiting.push({ members, done });
      void this.#flush();
    });
  }

  async close(): Promise<void> {
    await this.#flush();
    await this.#flush();
    clearTimeout(this.#timer);
    await this.#open?.handle.close();
    await this.#lock?.release();
  }

  get #isFull(): boolean {
    return this.#waiting.length + this.#underway >= MAX_WAITING;
  }

  #arm(delayMs: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#flush();
    }, delayMs);
  }

  /** Writes what waits; one at a time. */
  #flush(): Promise<void> {
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
      const isMuch = this.#waiting.length >= GATHER_LINES && !this.#failing;
      if (isMuch || this.#waiting.some(isAwaited)) void this.#flush();
      else if (this.#waiting.length > 0) this.#arm(this.#failing ? AGAIN_MS : GATHER_MS);
    });
    return this.#writing;
  }

  async #write(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const batch = this.#waiting;
    this.#waiting = [];
    this.#underway = batch.length;
    const lost = this.#lost;
    // linked on a copy: what is not written has no place in the chain
    const chain = new Chain(this.#chain.seq, this.#chain.last);
    const lines = this.#linesOf(batch, chain);
    let open: OpenLog;
    try {
      const text = Buffer.from(lines.join(""));
      open = this.#open ??= await this.#openAgain();
      await open.handle.appendFile(text);
      open.size += text.length;
    } catch (error) {
      this.#underway = 0;
      this.#waiting = [...batch.filter((line) => !isAwaited(line)), ...this.#waiting];
      await this.#failed(error);
      for (const line of batch) if (isAwaited(line)) line.done(false);
      return;
    }
    this.#chain = chain;
    this.#underway = 0;
    this.#succeeded(lines.length, lost);
    for (const line of batch) if (isAwaited(line)) line.done(true);
    if (open.size > this.#options.maxMb * MB) await this.#rotate(open);
  }

  #linesOf(batch: readonly Waiting[], chain: Chain): string[] {
    const { key } = this.#options;
    const now = new Date().toISOString();
    const lines = batch.map(
      (line) => `${chain.link(isAwaited(line) ? line.members : membersOf(line, key))}\n`,
    );
    if (this.#lost > 0)
      lines.push(`${chain.link(`"ts":"${now}","event":"audit.gap","lost":${this.#lost}`)}\n`);
    if (key !== undefined && this.#unsigned + lines.length >= SIGNED_EACH) {
      const signature = signatureOf(key, chain.seq, chain.last);
      lines.push(`${chain.link(`"ts":"${now}","event":"checkpoint","sig":"${signature}"`)}\n`);
    }
    return lines;
  }

  /** `lost` is how many the lines say that were lost; meanwhile there may be more. */
  #succeeded(lines: number, lost: number): void {
    const { key, log, onLost } = this.#options;
    const unsigned = this.#unsigned + lines;
    this.#unsigned = key !== undefined && unsigned >= SIGNED_EACH ? 0 : unsigned;
    if (this.#failing) log.info("The audit log is written again", { lost });
    this.#failing = false;
    if (lost > 0) onLost(lost);
    this.#lost -= lost;
  }

  /** A line that was written in part is taken back, so that the log ends with a whole one. */
  async #failed(error: unknown): Promise<void> {
    if (!this.#failing)
      this.#options.log.error("The audit log cannot be written: destructive tools are refused", {
        error,
      });
    this.#failing = true;
    await this.#open?.handle.truncate(this.#open.size).catch(() => {});
  }

  /** What fails here is tried again: putting aside after the next write, opening before it. */
  async #rotate({ handle }: OpenLog): Promise<void> {
    const { file, log } = this.#options;
    this.#open = undefined;
    try {
      await handle.close();
      await rotate(file);
    } catch (error) {
      log.error("The audit log could not be put aside", { error });
    }
    this.#open = await this.#openAgain().catch(() => undefined);
  }

  async #openAgain(): Promise<OpenLog> {
    this.#lock?.check();
    return openLog(this.#options.file);
  }

  /** What another gateway writes is not touched: neither written after nor cut. */
  #leave(): void {
    const open = this.#open;
    this.#open = undefined;
    void open?.handle.close().catch(() => {});
  }
}
