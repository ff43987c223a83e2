/** Runs one package for a gateway, in a worker thread. */
import { parentPort } from "node:worker_threads";
import { serveHost } from "./link/host.ts";

const port = parentPort;
if (!port) throw new Error("This file is the start of a worker thread");
serveHost({
  send: (text) => port.postMessage(text),
  onText: (take) => void port.on("message", take),
});
