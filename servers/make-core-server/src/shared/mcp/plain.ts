// Copied from shared/mcp/plain.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { Answers } from "./answers.ts";
import type { Hot, HotCall } from "./hot.ts";

/** The answer to a request that runs nothing. */
export function answerPlain(answers: Answers, hot: Exclude<Hot, HotCall>): string {
  switch (hot.method) {
    case "initialize":
      return answers.initialize(hot.id, hot.version);
    case "server/discover":
      return answers.discover(hot.id);
    case "ping":
      return answers.ping(hot.id);
    case "tools/list":
      return answers.tools(hot.id, hot.envelope !== undefined);
  }
}
