import { FIRST_ID } from "./http-session.ts";
import { createWire, type Wire } from "./wire.ts";

export interface Load {
  requests: number;
  seconds: number;
  latenciesMs: number[];
}

export interface LoadOptions {
  requests: number;
  /** No request starts after this, so that a slow server does not hold up the rest. */
  maxMs: number;
}

export interface Pool {
  run(text: (id: number) => string, options: LoadOptions): Promise<Load>;
  close(): void;
}

/** As many connections as there may be requests at once; each sends the next when it has its answer. */
export function openPool(port: number, concurrency: number): Pool {
  const wires = Array.from({ length: concurrency }, () => createWire(port));
  return {
    run: async (text, options) => {
      const maySleep = stayAwake();
      try {
        return await drive(wires, text, options);
      } finally {
        maySleep();
      }
    },
    close() {
      for (const wire of wires) wire.close();
    },
  };
}

/**
 * Keeps this process from sleeping until it is told that it may. On the loopback it is the server that
 * wakes a client that sleeps, within its own write, which costs it microseconds; and the slower a server
 * is, the more often its client sleeps. Across a network no server pays for that.
 */
function stayAwake(): () => void {
  let isAwake = true;
  const turn = () => {
    if (isAwake) setImmediate(turn);
  };
  turn();
  return () => {
    isAwake = false;
  };
}

async function drive(
  wires: readonly Wire[],
  text: (id: number) => string,
  { requests, maxMs }: LoadOptions,
): Promise<Load> {
  const latenciesMs: number[] = [];
  const started = performance.now();
  let sent = 0;
  const work = async (wire: Wire) => {
    while (sent < requests && performance.now() - started < maxMs) {
      sent += 1;
      const asked = performance.now();
      const { status, body } = await wire.send(text(FIRST_ID + sent));
      latenciesMs.push(performance.now() - asked);
      if (status !== 200 || !body.includes('"result"'))
        throw new Error(`HTTP ${status} under load: ${body.slice(0, 150)}`);
    }
  };
  await Promise.all(wires.map(work));
  return { requests: sent, seconds: (performance.now() - started) / 1000, latenciesMs };
}
