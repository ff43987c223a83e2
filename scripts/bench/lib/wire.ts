import { createConnection, type Socket } from "node:net";
import { type Answer, parseAnswer } from "./wire-parse.ts";

/** One kept-alive connection that carries one request at a time, with as little work of its own as can be. */
export interface Wire {
  send(request: string): Promise<Answer>;
  close(): void;
}

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

const ANSWER_MS = 30_000;

/** Connects when it first sends, and again when the server has closed the connection after an answer. */
export function createWire(port: number): Wire {
  let socket: Socket | undefined;
  let waiting: Waiting | undefined;
  let bytes: Buffer = Buffer.alloc(0);

  function settle(work: (waiting: Waiting) => void): void {
    const current = waiting;
    waiting = undefined;
    if (current) work(current);
  }

  function open(): Socket {
    const opened = createConnection({ port, host: "127.0.0.1", noDelay: true });
    bytes = Buffer.alloc(0);
    opened.setTimeout(ANSWER_MS, () => opened.destroy(new Error("no answer in time")));
    opened.on("data", (chunk) => {
      bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
      const framed = parseAnswer(bytes);
      if (!framed) return;
      bytes = bytes.subarray(framed.length);
      settle(({ resolve }) => resolve(framed.answer));
    });
    const broken = (error?: Error) => {
      if (socket === opened) socket = undefined;
      settle(({ reject }) => reject(error ?? new Error("the connection was closed unanswered")));
    };
    opened.on("error", broken).on("close", () => broken());
    return opened;
  }

  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        socket ??= open();
        waiting = { resolve, reject };
        socket.write(request);
      }),
    close() {
      socket?.destroy();
      socket = undefined;
    },
  };
}
