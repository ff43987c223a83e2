import { type Message, parseMessage } from "./wire.ts";

/** Takes the messages of an event stream, piece by piece. Throws when one is over `limit` characters. */
export function eventReader(limit: number, onMessage: (message: Message) => void) {
  const decoder = new TextDecoder();
  let rest = "";
  return (chunk: Uint8Array): void => {
    const text = rest + decoder.decode(chunk, { stream: true });
    const events = text.split(/\r?\n\r?\n/);
    rest = events.pop() ?? "";
    if (rest.length > limit) throw new RangeError("An event is too long");
    for (const event of events) {
      const message = parseMessage(dataOf(event));
      if (message) onMessage(message);
    }
  };
}

const dataOf = (event: string): string =>
  event
    .split(/\r?\n/)
    .filter((line) => line.startsWith("data:"))
    .map((line) => line.slice("data:".length).replace(/^ /, ""))
    .join("\n");
