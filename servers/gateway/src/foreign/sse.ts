import { type Message, parseMessage } from "./wire.ts";

const NEWLINE = 10;
const NOTHING = Buffer.alloc(0);

/** Takes the messages of an event stream, piece by piece. Throws when one is over `limit` bytes. */
export function eventReader(limit: number, onMessage: (message: Message) => void) {
  const decoder = new TextDecoder();
  /** The line that has not ended yet, and room for more of it. */
  let line = NOTHING;
  let length = 0;
  let data: string[] = [];
  let size = 0;

  function add(piece: Uint8Array): void {
    size += piece.length;
    if (size > limit) throw new RangeError("An event is too long");
    const needed = length + piece.length;
    if (needed > line.length) {
      // twice the room, so that a line costs what its bytes cost, however many pieces it comes in
      const larger = Buffer.allocUnsafe(2 * needed);
      larger.set(line.subarray(0, length));
      line = larger;
    }
    line.set(piece, length);
    length = needed;
  }

  function endLine(): void {
    const text = decoder.decode(line.subarray(0, length)).replace(/\r$/, "");
    line = NOTHING;
    length = 0;
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
    let start = 0;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, start)) {
      add(chunk.subarray(start, at));
      endLine();
      start = at + 1;
    }
    add(chunk.subarray(start));
  };
}
