import type { Log } from "#shared/core/contract.ts";
import type { Pin, PinFile, PinStore } from "./store.ts";

/** What is approved of one server, by `keyOf`. */
export type PinsOfServer = Readonly<Record<string, Pin>>;

/** What was approved, by this gateway or by another one that has the same file. */
export class Approved {
  readonly #store: PinStore;
  readonly #log: Log;
  #pins: PinFile;
  /** What the store had last: pins that are other objects than here could not be written. */
  #written: PinFile;

  constructor(store: PinStore, log: Log) {
    this.#store = store;
    this.#log = log;
    this.#written = this.#pins = store.read();
  }

  /** Undefined for a server that was never seen. */
  of(server: string): PinsOfServer | undefined {
    return this.#pins.servers[server];
  }

  /** Changes what the file says now. What cannot be written holds for as long as the gateway runs. */
  change(server: string, change: (pins: PinsOfServer) => PinsOfServer): void {
    const changed = ({ servers }: PinFile): PinFile => ({
      version: 1,
      servers: { ...servers, [server]: change(servers[server] ?? {}) },
    });
    try {
      this.readAgain();
      const pins = changed(this.#pins);
      this.#store.write(pins);
      this.#written = this.#pins = pins;
    } catch (error) {
      this.#pins = changed(this.#pins);
      this.#log.error("What was approved could not be written: it will not outlast this process", {
        error,
      });
    }
  }

  /** Throws a StartError when what the store has is wrong, and then nothing changes. */
  readAgain(): void {
    const unwritten = Object.entries(this.#pins.servers).map(([server, pins]) => {
      const written = this.#written.servers[server];
      return [server, Object.entries(pins).filter(([key, pin]) => pin !== written?.[key])] as const;
    });
    this.#written = this.#store.read();
    const { version, servers } = this.#written;
    const own = unwritten
      .filter(([, pins]) => pins.length > 0)
      .map(([server, pins]) => [server, { ...servers[server], ...Object.fromEntries(pins) }]);
    this.#pins = { version, servers: { ...servers, ...Object.fromEntries(own) } };
  }
}
