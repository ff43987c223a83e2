// pnpm shared:detach <server> <file> --reason "...": records that a copy is different on purpose.
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { main, UsageError } from "./lib/args.ts";
import { attachCopy, detachCopy } from "./lib/copy/detach.ts";

const usage = `Usage: pnpm shared:detach <server> <file> --reason "..."
       pnpm shared:detach <server> <file> --undo

Records in the server's shared.lock.json that a copied file is a fork on purpose: the check accepts
its local changes, and shared:copy still merges what changes in shared/ into it. <file> is the path
in the server (src/shared/core/errors.ts) or in shared/ (core/errors.ts).

  --reason <text>  why; required
  --undo           take the detachment back
  --root <dir>     the repository, when it is not this one
  -h, --help       this text`;

await main(usage, async (args) => {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      reason: { type: "string" },
      undo: { type: "boolean", default: false },
      root: { type: "string", default: fileURLToPath(new URL("..", import.meta.url)) },
    },
  });
  const [server, file, ...rest] = positionals;
  if (!server || !file || rest.length > 0) throw new UsageError("name one server and one file");
  const { reason, undo } = values;
  if (undo === (reason !== undefined)) throw new UsageError("give either --reason or --undo");
  const options = { root: resolve(values.root), server, file };
  console.log(
    reason === undefined ? await attachCopy(options) : await detachCopy({ ...options, reason }),
  );
  return true;
});
