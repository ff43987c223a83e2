import { Agent, request } from "node:http";

/** Milliseconds that one call under load may take. */
const LIMIT_MS = 15_000;

export interface LoadOptions {
  tool?: string;
  input?: object;
  keepAlive?: boolean;
}

/** Calls a server by so many connections, over MCP, the aggregate and REST in turn, until told to stop. */
export function loadOn(
  url: string,
  connections: number,
  server: string,
  { tool = "echo", input = {}, keepAlive = true }: LoadOptions = {},
) {
  const agent = new Agent({ keepAlive, maxSockets: connections });
  const failures: string[] = [];
  let calls = 0;
  let stopped = false;
  const rpc = (name: string) =>
    JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { name, arguments: input },
    });
  const ways = [
    { path: `/${server}/mcp`, body: rpc(tool) },
    { path: "/mcp", body: rpc(`${server}__${tool}`) },
    { path: `/${server}/tools/${tool}`, body: JSON.stringify(input) },
  ];

  async function run(offset: number): Promise<void> {
    for (let turn = offset; !stopped; turn++) {
      const way = ways[turn % ways.length];
      if (!way) return;
      const answer = await post(agent, `${url}${way.path}`, way.body).catch(String);
      calls++;
      const isWell = answer.startsWith("200 ") && !answer.includes('"isError":true');
      if (!isWell || answer.includes('"error"')) failures.push(`${way.path}: ${answer}`);
    }
  }
  const running = Promise.all(Array.from({ length: connections }, (_, index) => run(index)));
  return {
    stop: async () => {
      stopped = true;
      await running;
      agent.destroy();
      return { calls, failures };
    },
  };
}

function post(agent: Agent, url: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: "POST",
        agent,
        timeout: LIMIT_MS,
        headers: {
          "content-type": "application/json",
          accept: url.includes("/tools/")
            ? "application/json"
            : "application/json, text/event-stream",
        },
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        response.once("end", () => resolve(`${response.statusCode} ${text}`));
        response.once("error", reject);
      },
    );
    sent.once("error", reject);
    sent.once("timeout", () => sent.destroy(new Error("no answer")));
    sent.end(body);
  });
}
