// pnpm smoke <url>: whether what is deployed works, after a deployment.
import { parseArgs } from "node:util";
import { main, UsageError } from "./lib/args.ts";
import { findProjects, repositoryRoot, selectProjects } from "./lib/projects.ts";
import { expectedOf } from "./lib/smoke/expected.ts";
import { formatSmoke, keepReport } from "./lib/smoke/report.ts";
import { smoke } from "./lib/smoke/smoke.ts";
import { readTarget } from "./lib/smoke/target.ts";

const usage = `Usage: pnpm smoke <url> [options]

Asks a server that runs somewhere all that it must be able to do: TLS, health, the handshake and the
list of both protocol eras, tools as in its tools.lock.json, the call that its package.json declares
safe (flotilla.example), answers within 2 seconds, and with a key, no tools without it. The address
is that of a server's HTTP entry, of one server behind a gateway, /{server}/mcp, or of the gateway's
own /mcp, whose tools are compared with the servers that they come from.

  --key-env <NAME>  the variable that holds the key
  --key <key>       the key itself, which others on this machine can then see
  --server <name>   compare with this server, when it calls itself otherwise
  --json            the report as JSON`;

await main(usage, async (argv) => {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      key: { type: "string" },
      "key-env": { type: "string" },
      server: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  const [url, ...more] = positionals;
  if (url === undefined || more.length > 0) throw new UsageError("give one address");
  const servers = findProjects(repositoryRoot).filter(({ kind }) => kind === "server");
  const [chosen] = values.server === undefined ? [] : selectProjects(servers, [values.server]);
  const report = await smoke(readTarget(url, keyFrom(values.key, values["key-env"])), {
    expect(name, listed) {
      const server = chosen ?? servers.find((one) => one.name === name);
      return server && expectedOf(server, servers, listed);
    },
  });
  keepReport(repositoryRoot, report);
  for (const line of values.json ? [JSON.stringify(report, null, 2)] : formatSmoke(report))
    console.log(line);
  return report.ok;
});

function keyFrom(key: string | undefined, variable: string | undefined): string | undefined {
  if (variable === undefined) return key;
  if (key !== undefined) throw new UsageError("give --key or --key-env, not both");
  const value = process.env[variable];
  if (value) return value;
  throw new UsageError(`${variable} is not set`);
}
