import { runStdio } from "#shared/mcp/stdio.ts";
import { broken } from "./broken-server.ts";

/** Talks where it must not, tells secrets, dies of a long line and never ends well. */

const LONG = 100_000;

process.stdout.write("Hello!\n");
process.stderr.write(`${JSON.stringify(process.env)}\n    at home\n`);
if (process.env.TOOLSETS === "no-such-toolset") process.exit(0);
process.once("exit", () => {
  process.exitCode = 5;
});
await runStdio(broken);
process.stdin.on("data", (chunk: Buffer) => {
  if (chunk.length >= LONG || chunk.includes("x".repeat(LONG / 10))) process.exit(5);
});
