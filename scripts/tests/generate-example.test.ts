import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { buildServers } from "../lib/build/build.ts";
import { findProjects, repositoryRoot, selectProjects } from "../lib/projects.ts";
import { startHttp } from "../lib/standalone/start-http.ts";

/** The request and the answer that a README shows. */
function exampleIn(readme: string): { headers: [string, string][]; body: string; answer: string } {
  const [, command = "", answer = ""] =
    /(curl [^`]*)```\n\n```\w*\n([^`]*)\n```/.exec(readme) ?? [];
  const headers = [...command.matchAll(/-H '([^:]+): ([^']+)'/g)];
  return {
    headers: headers.map(([, name = "", value = ""]) => [name, value]),
    body: /-d '([^']+)'/.exec(command)?.[1] ?? "",
    answer,
  };
}

test("greet-server answers the example of its README as the README says", async () => {
  const servers = selectProjects(findProjects(repositoryRoot), ["greet-server"]);
  await buildServers(servers, { onlyStale: true, write: () => {} });
  const folder = join(repositoryRoot, "servers", "greet-server");
  const { headers, body, answer } = exampleIn(readFileSync(join(folder, "README.md"), "utf8"));
  expect(body).toContain("tools/call");
  const server = await startHttp(["dist/http.js"], { cwd: folder, env: process.env });
  onTestFinished(() => server.kill());
  const response = await fetch(server.url, { method: "POST", headers, body });
  expect(await response.text()).toBe(answer);
});
