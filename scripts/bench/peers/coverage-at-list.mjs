// Loaded before a server: has V8 write what was loaded so far in the moment a list of tools goes out.
import { takeCoverage } from "node:v8";

const { write } = process.stdout;
process.stdout.write = (chunk, ...rest) => {
  if (String(chunk).includes('"tools":[')) {
    process.stdout.write = write;
    takeCoverage();
  }
  return write.call(process.stdout, chunk, ...rest);
};
