/**
 * Stands where an imported server names the stdio module of its SDK, 1.x or 2.x: the same names, but
 * the other end of the wire is in this process. No SDK is imported.
 */
import type { JsonObject } from "#shared/core/contract.ts";

/** An imported server's end of the wire, as its SDK sees a transport. */
export class StdioServerTransport {
  onmessage?: (message: JsonObject) => void;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  /** Takes what the server says. */
  deliver: (message: JsonObject) => void = () => {};
  #close = () => {};
  /** Resolves when the server has closed its end. */
  readonly closed = new Promise<void>((resolve) => {
    this.#close = resolve;
  });

  async start(): Promise<void> {
    meet(this);
  }

  async send(message: JsonObject): Promise<void> {
    this.deliver(message);
  }

  async close(): Promise<void> {
    this.#close();
    listening = nextTransport();
    this.onclose?.();
  }
}

interface Connectable {
  connect(transport: StdioServerTransport): Promise<void>;
}

/** As SDK 2.x serves a factory over stdio. */
export async function serveStdio(
  factory: () => Connectable | Promise<Connectable>,
): Promise<{ close(): Promise<void> }> {
  const transport = new StdioServerTransport();
  const server = await factory();
  await server.connect(transport);
  return { close: () => transport.close() };
}

let meet: (transport: StdioServerTransport) => void;

const nextTransport = () =>
  new Promise<StdioServerTransport>((resolve) => {
    meet = resolve;
  });

/** The transport that the imported server listens on, once it does; after it has closed, the next one. */
export let listening = nextTransport();
