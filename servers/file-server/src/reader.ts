import { parentPort, workerData } from "node:worker_threads";
import { serveReader } from "./reading/thread-side.ts";

// the file that the reading thread runs: see reading/thread.ts
if (parentPort) serveReader(parentPort, workerData);
