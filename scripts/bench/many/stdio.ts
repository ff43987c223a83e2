import { runStdio } from "../../../shared/mcp/stdio.ts";
import { server } from "./server.ts";

void runStdio(server);
