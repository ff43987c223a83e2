import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { until } from "../shared/testing/within.ts";

export const NGINX = ["/usr/sbin/nginx", "/usr/bin/nginx"].find((file) => existsSync(file));

export interface NginxProxy {
  url: string;
  stop(): Promise<void>;
}

/** The configuration that the README shows, in front of gateways at these ports. */
export async function startNginx(folder: string, ports: readonly number[]): Promise<NginxProxy> {
  const port = await freePort();
  const file = join(folder, "nginx.conf");
  const shown = await configurationOfReadme();
  await writeFile(file, configuration(shown, folder, port, ports));
  const child = spawn(NGINX ?? "nginx", ["-p", folder, "-c", file], { stdio: "inherit" });
  const url = `http://127.0.0.1:${port}`;
  const answers = () =>
    fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
  await until(answers, "nginx");
  return {
    url,
    stop: async () => {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

async function configurationOfReadme(): Promise<string> {
  const [, shown] = /```nginx\n([\s\S]*?)```/.exec(await readFile("README.md", "utf8")) ?? [];
  if (shown === undefined) throw new Error("README.md shows no configuration of nginx");
  return shown;
}

/** What is shown, with the ports of this test, and the files that nginx writes in its folder. */
function configuration(
  shown: string,
  folder: string,
  port: number,
  ports: readonly number[],
): string {
  const http = shown
    .replaceAll(/10\.0\.0\.1([12]):8000/g, (_, one) => `127.0.0.1:${ports[Number(one) - 1]}`)
    .replace(/listen .*;/, `listen 127.0.0.1:${port};`);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  // started by root its workers would be another user, to whom the folder of the test is closed
  const user = process.getuid?.() === 0 ? "user root;" : "";
  return `
${user}
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/nginx.log warn;
events { worker_connections 512; }
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join("\n  ")}
${http}
}
`;
}
