import * as z from "zod";
import { readJsonFile, watchJsonFile, writeJsonFile } from "../state/json-file.ts";

const definition = z.looseObject({ name: z.string() });

const pin = z.strictObject({
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/, "is no SHA-256"),
  /** What was approved, so that a change can be shown beside it. */
  definition,
  approvedAt: z.iso.datetime(),
  /** "first use", or who approved it. */
  by: z.string(),
});

const pinFile = z.strictObject({
  version: z.literal(1),
  servers: z.record(z.string(), z.record(z.string(), pin)),
});

export type Pin = z.output<typeof pin>;
export type PinFile = z.output<typeof pinFile>;

/** The definitions that were approved, by server and `keyOf`. */
export interface PinStore {
  read(): PinFile;
  write(pins: PinFile): void;
  /** Tells when it may be another one. Returns how to stop. */
  watch(onChange: () => void): () => void;
}

const empty = (): PinFile => ({ version: 1, servers: {} });

/** Kept in a file, and so over restarts. Reading throws a StartError that says what is wrong with the file. */
export const filePins = (file: string): PinStore => ({
  read: () => readJsonFile(file, pinFile) ?? empty(),
  write: (pins) => writeJsonFile(file, pins),
  watch: (onChange) => watchJsonFile(file, onChange),
});
