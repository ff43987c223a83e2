import { askRoots } from "#shared/core/ask.ts";
import type { Context } from "#shared/core/context.ts";
import type { FilesConfig } from "./config.ts";
import { rootPaths } from "./sandbox/client-roots.ts";
import type { FilesServices } from "./services.ts";

type FilesContext = Context<FilesConfig, FilesServices>;

/**
 * The context of a call in which nothing outside the client's roots is reached, if the owner wants
 * that and the client has roots. It is asked anew for each call: no state is kept between two.
 */
export async function narrowed(context: FilesContext): Promise<FilesContext> {
  if (!context.config.CLIENT_ROOTS || !context.client.capabilities.roots) return context;
  const { roots } = await context.ask({ roots: askRoots() });
  const within = rootPaths(roots.map(({ uri }) => uri));
  const services = narrowServices(context.services, within);
  return new Proxy(context, {
    get: (target, key) => (key === "services" ? services : Reflect.get(target, key)),
  });
}

function narrowServices(
  { get }: FilesContext["services"],
  within: readonly string[],
): FilesContext["services"] {
  const narrow: { [K in keyof FilesServices]: (value: FilesServices[K]) => FilesServices[K] } = {
    sandbox: (sandbox) => sandbox.narrowed(within),
    reader: (reader) => ({
      ...reader,
      run: (name, input, job) => reader.run(name, input, { ...job, within }),
    }),
    workshop: (shop) => shop.narrowed(within),
  };
  return { get: async (name) => narrow[name](await get(name)) };
}
