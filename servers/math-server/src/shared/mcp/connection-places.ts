// Copied from shared/mcp/connection-places.ts by "pnpm shared:copy": edit it there, or keep a local change with "pnpm shared:detach".
import type { Server, Socket } from "node:net";
import { isLoopback } from "./guards.ts";

/** Connections that one sender may have open: a part of all, so that nobody takes every place. */
export const MAX_CONNECTIONS_PER_SENDER = 1_024;

/** Who counts as one sender; undefined for those who are not counted, such as proxies that many come through. */
export type SenderOf = (address: string) => string | undefined;

/** Every address by itself; this machine, where proxies run and everybody is its user, is not counted. */
export const senderByAddress: SenderOf = (address) =>
  isLoopback(address.replace(/^::ffff:/, "")) ? undefined : address;

/** Ends connections of a sender who has so many already, before anything is read from them. */
export function limitConnections(
  server: Server,
  senderOf: SenderOf = senderByAddress,
  limit = MAX_CONNECTIONS_PER_SENDER,
): void {
  const open = new Map<string, number>();
  server.on("connection", (socket: Socket) => {
    const sender = senderOf(socket.remoteAddress ?? "");
    if (sender === undefined) return;
    const count = open.get(sender) ?? 0;
    if (count >= limit) {
      socket.destroy();
      return;
    }
    open.set(sender, count + 1);
    socket.once("close", () => {
      const left = (open.get(sender) ?? 1) - 1;
      if (left > 0) open.set(sender, left);
      else open.delete(sender);
    });
  });
}
