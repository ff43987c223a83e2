// Copied from shared/testing/linked.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
/** One end of a connection within the process; fits the transport interface of both SDK lines. */
export interface LinkedTransport {
  start(): Promise<void>;
  send(message: unknown): Promise<void>;
  close(): Promise<void>;
  onmessage?: ((message: unknown) => void) | undefined;
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
}

/** Two ends; what one sends the other gets as JSON does it, so that nothing but JSON crosses. */
export function linkedTransports(): [LinkedTransport, LinkedTransport] {
  const ends: [LinkedTransport, LinkedTransport] = [end(() => ends[1]), end(() => ends[0])];
  return ends;
}

function end(other: () => LinkedTransport): LinkedTransport {
  let closed = false;
  const transport: LinkedTransport = {
    start: async () => {},
    send: async (message) => {
      const text = JSON.stringify(message);
      queueMicrotask(() => other().onmessage?.(JSON.parse(text)));
    },
    close: async () => {
      if (closed) return;
      closed = true;
      transport.onclose?.();
      await other().close();
    },
  };
  return transport;
}
