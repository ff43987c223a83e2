// Loaded before a server: has V8 write what was loaded so far in the moment a list of tools goes out,
// by the stream or, before there is one, by a blocking write.
import fs from "node:fs";
import { takeCoverage } from "node:v8";

let isTaken = false;
function take(chunk) {
  if (isTaken || !String(chunk).includes('"tools":[')) return;
  isTaken = true;
  takeCoverage();
}

const { writeSync } = fs;
fs.writeSync = (descriptor, data, ...rest) => {
  take(data);
  return writeSync.call(fs, descriptor, data, ...rest);
};
const { write } = process.stdout;
process.stdout.write = (chunk, ...rest) => {
  take(chunk);
  return write.call(process.stdout, chunk, ...rest);
};
