// pnpm shared:promote <server> <file>: takes the local change of a copy back to shared/.
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { main, UsageError } from "./lib/args.ts";
import { promoteCopy } from "./lib/copy/promote.ts";

const usage = `Usage: pnpm shared:promote <server> <file> [options]

Writes the local change of a copied file to its source in shared/, merged with what changed there
meanwhile, and says which other servers are behind then. <file> is the path in the server
(src/shared/core/errors.ts) or in shared/ (core/errors.ts).

  --root <dir>  the repository, when it is not this one
  -h, --help    this text`;

await main(usage, async (args) => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { root: { type: "string", default: fileURLToPath(new URL("..", import.meta.url)) } },
  });
  const [server, file, ...rest] = positionals;
  if (!server || !file || rest.length > 0) throw new UsageError("name one server and one file");
  const { failed, lines } = await promoteCopy({ root: resolve(values.root), server, file });
  for (const line of lines) console.log(line);
  return !failed;
});
