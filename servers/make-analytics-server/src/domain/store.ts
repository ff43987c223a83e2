import { join } from "node:path";
import type * as z from "zod";
import { ToolError } from "#shared/core/errors.ts";
import type { MakeCall } from "#shared/make-api/call.ts";
import { readIfThere, updateFile } from "#shared/make-api/locked-file.ts";

/** One JSON file in MAKE_STATE_DIR, checked when it is read, changed in one step for all processes. */
export interface Store<T> {
  /** What is kept, or what stands for nothing; also where no folder is configured. */
  read(): Promise<T>;
  /** Errors: CONFIG_ERROR without MAKE_STATE_DIR. */
  update<R>(step: (value: T) => { value: T; result: R }): Promise<R>;
}

export function openStore<T>(
  make: MakeCall,
  name: string,
  schema: z.ZodType<T>,
  empty: T,
): Store<T> {
  const parse = (text: string | undefined): T => {
    if (text === undefined) return empty;
    try {
      return schema.parse(JSON.parse(text));
    } catch (cause) {
      throw new ToolError(
        "CONFIG_ERROR",
        `${name} in MAKE_STATE_DIR is not what this server wrote. Correct it or take it away.`,
        { cause },
      );
    }
  };
  return {
    async read() {
      const { MAKE_STATE_DIR: folder } = make.context.config;
      return folder === undefined ? empty : parse(await readIfThere(join(folder, name)));
    },
    async update(step) {
      make.context.require("MAKE_STATE_DIR");
      const file = join(make.context.config.MAKE_STATE_DIR ?? "", name);
      return await updateFile(file, (text) => {
        const { value, result } = step(parse(text));
        return { text: `${JSON.stringify(value, null, 2)}\n`, result };
      });
    },
  };
}
