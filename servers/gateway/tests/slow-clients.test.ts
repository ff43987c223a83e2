import { connect, type Socket } from "node:net";
import { beforeAll, expect, it, onTestFinished } from "vitest";
import { ensureBuilt } from "./shared/testing/build.ts";
import { rpc, saidBy, startGuarded } from "./support/access.ts";
import { testFolder, writeServer } from "./support/folders.ts";

beforeAll(() => ensureBuilt(), 60_000);

const SEEING = `export { server } from ${JSON.stringify(new URL("fixtures/seeing-package.js", import.meta.url).href)};`;

function open(url: string, text: string): Promise<Socket> {
  const { port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), "127.0.0.1", () =>
      socket.write(text, () => resolve(socket)),
    );
    socket.on("error", () => {});
    onTestFinished(() => void socket.destroy());
  });
}

it("clients that send, or read, slowly hold no place of a server", async () => {
  const folder = await writeServer(await testFolder(), "seeing-server", SEEING);
  const { gateway } = await startGuarded({
    entries: { alpha: { package: folder, maxConcurrency: 1, maxQueue: 0 } },
    gateway: { access: undefined },
  });
  const body = JSON.stringify({
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params: { name: "see", arguments: {} },
  });
  const head = (path: string) =>
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n` +
    `accept: application/json, text/event-stream\r\ncontent-length: ${body.length}\r\n\r\n`;
  for (const path of ["/alpha/mcp", "/mcp", "/alpha/tools/see"]) {
    for (let count = 0; count < 5; count++) {
      await open(gateway.url, head(path).slice(0, 40));
      await open(gateway.url, head(path) + body.slice(0, 20));
      const reader = await open(gateway.url, (head(path) + body).repeat(3));
      reader.pause();
    }
  }
  let calls = 0;
  await expect
    .poll(async () => {
      const answer = await rpc(gateway, "/alpha/mcp", undefined, "tools/call", {
        name: "see",
        arguments: {},
      });
      return answer.text.includes("RATE_LIMITED") ? undefined : saidBy(answer).calls;
    })
    .toBeGreaterThan(0);
  for (let count = 0; count < 10; count++) {
    const answer = await rpc(gateway, "/alpha/mcp", undefined, "tools/call", {
      name: "see",
      arguments: {},
    });
    expect(answer.text).not.toContain("RATE_LIMITED");
    calls++;
  }
  expect(calls).toBe(10);
});
