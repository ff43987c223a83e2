// Written by pnpm generate. Do not edit.
export { default } from "./dist/server.js";
