import type { Driver } from "./driver.ts";
import { openNative } from "./driver-native.ts";
import { openWasm } from "./driver-wasm.ts";

/** An empty database in memory; nothing of it reaches a disk. */
export const openMemory = async (): Promise<Driver> =>
  openNative(":memory:", true) ?? (await openWasm(undefined, false));
