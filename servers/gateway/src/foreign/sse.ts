import { type Message, parseMessage } from "./wire.ts";

/** Takes the messages of an event stream, piece by piece. Throws when one is over `limit` characters. */
export function eventReader(limit: number, onMessage: (message: Message) => void) {
  const decoder = new TextDecoder();
  let line = "";
  let data: string[] = [];
  let size = 0;

  function add(piece: string): void {
    // nothing looks into it before it is whole, so that a long one costs what its characters cost
    line += piece;
    size += piece.length;
    if (size > limit) throw new RangeError("An event is too long");
  }

  function endLine(): void {
    const text = line.endsWith("\r") ? line.slice(0, -1) : line;
    line = "";
    if (text.startsWith("data:")) data.push(text.slice("data:".length).replace(/^ /, ""));
    if (text === "") endEvent();
  }

  function endEvent(): void {
    const message = parseMessage(data.join("\n"));
    data = [];
    size = 0;
    if (message) onMessage(message);
  }

  return (chunk: Uint8Array): void => {
    const [rest = "", ...lines] = decoder.decode(chunk, { stream: true }).split("\n");
    add(rest);
    for (const piece of lines) {
      endLine();
      add(piece);
    }
  };
}
