/** Runs one package for a gateway, in a process of its own. The channel is apart from stdout, which a server may print to. */
import { Socket } from "node:net";
import { CHANNEL_FD } from "./guard/lifeline.ts";
import { serveHost } from "./link/host.ts";
import { readLines } from "./link/lines.ts";

const socket = new Socket({ fd: CHANNEL_FD, readable: true, writable: true });
const close = serveHost({
  send: (text) => void socket.write(`${text}\n`),
  onText: (onLine) => readLines(socket, { onLine }),
});
const leave = () => process.exit(0);
// a server that does not close in time is ended by its guard
socket.on("end", () => void close().then(leave, leave));
socket.on("error", leave);
