import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import {
  limitConnections,
  MAX_CONNECTIONS_PER_SENDER,
  type SenderOf,
  senderByAddress,
} from "#shared/mcp/connection-places.ts";
import { until } from "#shared/testing/within.ts";

/** A server that answers each connection with a word. */
async function greeting(senderOf: SenderOf, limit: number) {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    // as one that is asked something: what is ended at once answers nothing
    setImmediate(() => !socket.destroyed && socket.write("hello"));
  });
  limitConnections(server, senderOf, limit);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const open: Socket[] = [];
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  const count = () =>
    new Promise((resolve) => server.getConnections((_, connections) => resolve(connections)));
  const knock = async () => {
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    open.push(socket);
    socket.on("error", () => {});
    const said = await Promise.race([
      once(socket, "data").then(([data]) => String(data)),
      once(socket, "close").then(() => "closed"),
    ]);
    return { said, socket };
  };
  return { knock, count };
}

test("one sender has so many connections, and those that end make room", async () => {
  const { knock, count } = await greeting(() => "one", 3);
  const open = [await knock(), await knock(), await knock()];
  expect(open.map(({ said }) => said)).toEqual(["hello", "hello", "hello"]);
  expect((await knock()).said).toBe("closed");
  open[0]?.socket.destroy();
  await until(async () => (await count()) === 2, "Room");
  expect((await knock()).said).toBe("hello");
  expect((await knock()).said).toBe("closed");
});

test("each sender has a number of their own, and who is not counted has none", async () => {
  let next = 0;
  const { knock } = await greeting(() => `sender ${next++}`, 1);
  const open = [await knock(), await knock()];
  expect(open.map(({ said }) => said)).toEqual(["hello", "hello"]);
  const uncounted = await greeting(() => undefined, 0);
  expect((await uncounted.knock()).said).toBe("hello");
});

test.each([
  ["127.0.0.1", undefined],
  ["::ffff:127.0.0.1", undefined],
  ["::1", undefined],
  ["192.0.2.1", "192.0.2.1"],
  ["2001:db8::1", "2001:db8::1"],
])("a connection from %s counts for %s", (address, sender) => {
  expect(senderByAddress(address)).toBe(sender);
});

test("nobody takes every place", async () => {
  const { MAX_CONNECTIONS } = await import("#shared/mcp/http-server.ts");
  expect(MAX_CONNECTIONS_PER_SENDER).toBeLessThan(MAX_CONNECTIONS / 2);
});
