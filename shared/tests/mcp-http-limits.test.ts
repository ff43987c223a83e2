import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { PassThrough } from "node:stream";
import { expect, onTestFinished, test, vi } from "vitest";
import { accessPolicy } from "#shared/mcp/guards.ts";
import { listen, MAX_CONNECTIONS } from "#shared/mcp/http-server.ts";
import { endWhenStalled, MAX_DRAINED_BYTES, readBody, STALL_MS } from "#shared/mcp/node-http.ts";

const MEBIBYTE = Buffer.alloc(1024 * 1024);

test("of a body that is too large so much is drained, and one byte more ends it", async () => {
  const request = new PassThrough();
  const text = readBody(request as never);
  for (let sent = 0; sent < MAX_DRAINED_BYTES; sent += MEBIBYTE.length) {
    if (!request.write(MEBIBYTE)) await once(request, "drain");
  }
  expect(request.destroyed).toBe(false);
  request.write("x");
  expect(await text).toBeUndefined();
  expect(request.destroyed).toBe(true);
});

test("a stream whose reader takes nothing is ended, unless it is told otherwise after STALL_MS", () => {
  const response = { setTimeout: vi.fn(), destroy: vi.fn() };
  endWhenStalled(response as never);
  const [[ms, end]] = response.setTimeout.mock.calls as [[number, () => void]];
  expect(ms).toBe(STALL_MS);
  end();
  expect(response.destroy).toHaveBeenCalledOnce();
});

async function listening(maxConnections?: number) {
  const http = await listen({
    host: "127.0.0.1",
    port: 0,
    policy: accessPolicy("127.0.0.1", [], []),
    handle: (_, response) => void response.end(),
    onError: () => {},
    ...(maxConnections !== undefined && { maxConnections }),
  });
  onTestFinished(() => http.close(0));
  return http.address.port;
}

async function isAnswered(socket: Socket): Promise<boolean> {
  onTestFinished(() => void socket.destroy());
  socket.write("GET / HTTP/1.1\r\nhost: localhost\r\n\r\n");
  const answer = once(socket, "data").then(() => true);
  const ended = new Promise<boolean>((resolve) => {
    for (const event of ["close", "error"]) socket.once(event, () => resolve(false));
  });
  return Promise.race([answer, ended]);
}

test("so many connections are open, and the next one is not answered", async () => {
  const port = await listening(2);
  const open = () => isAnswered(connect(port, "127.0.0.1"));
  expect([await open(), await open(), await open()]).toEqual([true, true, false]);
});

test("unless told otherwise they are MAX_CONNECTIONS", async () => {
  const { Server } = await import("node:net");
  const set = vi.spyOn(Server.prototype, "listen");
  await listening();
  expect(set.mock.contexts[0]).toMatchObject({ maxConnections: MAX_CONNECTIONS });
});
