import { runStdio } from "../../../shared/mcp/stdio.ts";
import { server } from "./server.ts";

await runStdio(server);
