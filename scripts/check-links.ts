// scripts/check-links.ts: the links of every Markdown file.
import { parseArgs } from "node:util";
import { main } from "./lib/args.ts";
import { checkLinks } from "./lib/checks/links.ts";
import { repositoryRoot } from "./lib/projects.ts";

const usage = `Usage: node --import tsx scripts/check-links.ts

Checks every Markdown file that git ships: relative links point to a file or folder that is shipped,
anchors to a heading that exists, and nothing names a path of one machine. Web addresses are
parsed, never fetched.`;

await main(usage, async (argv) => {
  parseArgs({ args: argv, options: {} });
  const { files, problems } = checkLinks(repositoryRoot);
  for (const problem of problems) console.log(problem);
  console.log(`${files} files checked, ${problems.length} problems`);
  return problems.length === 0;
});
