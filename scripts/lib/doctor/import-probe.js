// Imports a module in a process of its own and writes down what it exports and what it touched.
import childProcess from "node:child_process";
import dgram from "node:dgram";
import dns from "node:dns";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import workers from "node:worker_threads";

const [, , module, report] = process.argv;
const touched = [];

/** The line of the module itself, not of what is between. */
function caller() {
  const lines = (new Error().stack ?? "").split("\n").slice(3);
  const own = lines.find((line) => line.includes("file://") && !line.includes("import-probe"));
  return own?.trim() ?? "";
}

function watch(object, name, what) {
  const original = object[name];
  if (typeof original !== "function") return;
  object[name] = function watched(...args) {
    touched.push({ what, at: caller() });
    return new.target ? Reflect.construct(original, args, new.target) : original.apply(this, args);
  };
}

watch(net.Socket.prototype, "connect", "opens a connection");
watch(net.Server.prototype, "listen", "listens on a port");
watch(dgram, "createSocket", "opens a socket");
for (const name of ["lookup", "resolve", "resolve4", "resolve6"])
  watch(dns, name, "looks a host up");
watch(globalThis, "fetch", "sends a request");
for (const name of ["spawn", "spawnSync", "exec", "execSync", "execFile", "execFileSync", "fork"])
  watch(childProcess, name, "starts a program");
watch(workers, "Worker", "starts a thread");
for (const name of ["writeFile", "appendFile", "mkdir", "rm", "unlink", "rename"]) {
  watch(fs, name, "changes files");
  watch(fs, `${name}Sync`, "changes files");
  watch(fs.promises, name, "changes files");
}
watch(fs, "createWriteStream", "changes files");
syncBuiltinESMExports();

const write = fs.openSync(report, "w");
const told = { exports: {}, touched, error: undefined };
process.on("exit", () => fs.writeSync(write, JSON.stringify(told)));
try {
  const { server, default: same } = await import(module);
  told.exports = {
    server: typeof server,
    contract: server?.contract,
    fetch: typeof server?.fetch,
    default: same === server,
  };
} catch (error) {
  told.error = error instanceof Error ? error.message : String(error);
}
