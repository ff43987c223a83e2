// pnpm client-config <client> [server...]: how an MCP client is told of the servers.
import { parseArgs } from "node:util";
import { main, UsageError } from "./lib/args.ts";
import { clientConfig } from "./lib/clients/command.ts";
import { dialects } from "./lib/clients/dialects.ts";
import { findProjects, repositoryRoot, selectProjects } from "./lib/projects.ts";

const GATEWAY = "http://127.0.0.1:8000";

const usage = `Usage: pnpm client-config <client> [server...] [options]

Says how many tools the servers have and what they cost in tokens, then prints what the client's
file needs, with links that install at one click where the client has them. Without names: every
server. Clients: ${Object.keys(dialects).join(", ")}.

  --write          merges it into the client's file instead: comments, layout and other servers stay,
                   a copy of the file is kept, one that is broken is left alone
  --file <path>    the client's file, when it is not where the client looks by default
  --replace        takes the place of another server that has the name
  --env <X[=v]>    a variable of the servers: its value, or only its name, which the client then
                   looks up itself where it can; may be given again
  --http           over HTTP instead of stdio, from the gateway at ${GATEWAY}
  --url <address>  over HTTP from another gateway, or from one server when it ends with /mcp
  --key-env <X>    with --http: the variable that holds the key
  --npx            the published package, not the folder of this repository
  --windows        for Windows: npx through cmd, and the path of the file there`;

await main(usage, async (argv) => {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      write: { type: "boolean", default: false },
      file: { type: "string" },
      replace: { type: "boolean", default: false },
      env: { type: "string", multiple: true, default: [] },
      http: { type: "boolean", default: false },
      url: { type: "string" },
      "key-env": { type: "string" },
      npx: { type: "boolean", default: false },
      windows: { type: "boolean", default: process.platform === "win32" },
    },
  });
  const [client, ...names] = positionals;
  if (client === undefined) throw new UsageError("which client?");
  const { windows, write, file } = values;
  const isForeign = windows && process.platform !== "win32";
  if (isForeign && write && file === undefined)
    throw new UsageError("--windows with --write needs --file: the file is on another machine");
  const url = values.url ?? (values.http ? GATEWAY : undefined);
  if (values["key-env"] !== undefined && url === undefined)
    throw new UsageError("--key-env goes with --http or --url");
  const servers = findProjects(repositoryRoot).filter(
    ({ kind, name }) => kind === "server" && (name !== "gateway" || names.includes("gateway")),
  );
  clientConfig({
    ...values,
    client,
    url,
    keyVariable: values["key-env"],
    npx: values.npx || isForeign,
    servers: selectProjects(servers, names),
    print: (text) => console.log(text),
    tell: (line) => console.error(line),
  });
  return true;
});
