import type pg from "pg";
import { ToolError } from "#shared/core/errors.ts";
import { MAX_WIRE_BYTES } from "../engine/limits.ts";

interface Stream {
  on(event: "data", listener: (chunk: Buffer) => void): void;
  off(event: "data", listener: (chunk: Buffer) => void): void;
  destroy(error?: Error): void;
  /** PGlite has no stream that holds back what is written. */
  cork?(): void;
  uncork?(): void;
}

export const streamOf = (client: pg.ClientBase): Stream =>
  (client as unknown as { connection: { stream: Stream } }).connection.stream;

/** Cuts the connection; whoever waits for its answer hears that it broke. */
export const destroy = (client: pg.ClientBase): void => streamOf(client).destroy();

/** Cuts the connection when one call is sent too much: a row of 1 GB would be held in memory whole. */
export function capWire(client: pg.ClientBase): () => void {
  const stream = streamOf(client);
  let bytes = 0;
  const count = (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_WIRE_BYTES) stream.destroy(tooLarge());
  };
  stream.on("data", count);
  return () => stream.off("data", count);
}

const tooLarge = () =>
  new ToolError(
    "VALIDATION_ERROR",
    `The rows of this page have more than ${MAX_WIRE_BYTES} bytes. Ask for fewer rows or columns, or for parts of long values with left() or substr().`,
    { details: { reason: "too_large" } },
  );
