import type { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import { ToolError } from "#shared/core/errors.ts";
import { MAX_MESSAGE_BYTES } from "../link/lines.ts";
import { Refused } from "./refused.ts";
import { eventReader } from "./sse.ts";
import { tooLong } from "./stdio-wire.ts";
import { type Message, parseMessage } from "./wire.ts";

export type Answer = Dispatcher.ResponseData;

export const isEventStream = ({ headers }: Pick<Answer, "headers">) =>
  String(headers["content-type"]).startsWith("text/event-stream");

/** The message that answers; those before it are handed on. Undefined when there is none. */
export async function readAnswer(
  answer: Answer,
  id: unknown,
  onMessage: (message: Message) => void,
): Promise<Message | undefined> {
  if (!isEventStream(answer)) {
    const message = parseMessage(await readText(answer.body));
    return message && "method" in message ? undefined : message;
  }
  let found: Message | undefined;
  await readEvents(answer.body, (message) => {
    if ("method" in message) onMessage(message);
    else if (message.id === id) {
      found = message;
      answer.body.destroy();
    }
  }).catch((error: unknown) => {
    if (!found) throw error;
  });
  return found;
}

async function readText(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_MESSAGE_BYTES) throw tooLong();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

export async function readEvents(
  body: Readable,
  onMessage: (message: Message) => void,
): Promise<void> {
  const read = eventReader(MAX_MESSAGE_BYTES, onMessage);
  for await (const chunk of body as AsyncIterable<Buffer>) {
    try {
      read(chunk);
    } catch (error) {
      throw error instanceof RangeError ? tooLong() : error;
    }
  }
}

export const unreachable = (cause: unknown) =>
  new ToolError("UNAVAILABLE", "The server could not be reached. Try again in a second.", {
    details: { reason: "server_unreachable", retryAfterSeconds: 1 },
    cause,
  });

/** What a status says that comes without a message. */
export function refusal(status: number): Error {
  if (status === 401 || status === 403) return new Refused(status);
  if (status === 429)
    return new ToolError("RATE_LIMITED", "The server takes no more calls just now.", {
      details: { reason: "busy", retryAfterSeconds: 1 },
    });
  const code = status >= 500 ? "UNAVAILABLE" : "API_ERROR";
  return new ToolError(code, `The server answered with HTTP ${status} and no message.`, {
    details: { reason: "bad_answer", status },
  });
}
