import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { until } from "../shared/testing/within.ts";

export const NGINX = ["/usr/sbin/nginx", "/usr/bin/nginx"].find((file) => existsSync(file));

/** Milliseconds for which nginx leaves out a gateway that it could not reach. */
export const FAIL_TIMEOUT_MS = 1_000;

export interface NginxProxy {
  url: string;
  stop(): Promise<void>;
}

export async function startNginx(folder: string, ports: readonly number[]): Promise<NginxProxy> {
  const port = await freePort();
  const file = join(folder, "nginx.conf");
  await writeFile(file, configuration(folder, port, ports));
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

const configuration = (folder: string, port: number, ports: readonly number[]) => `
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/nginx.log warn;
events { worker_connections 512; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  client_max_body_size 5m;
  upstream gateways {
${ports.map((one) => `    server 127.0.0.1:${one} max_fails=1 fail_timeout=${FAIL_TIMEOUT_MS / 1_000}s;`).join("\n")}
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://gateways;
      proxy_http_version 1.1;
      proxy_set_header Host $host;
      proxy_set_header Connection "";
      proxy_buffering off;
      # a gateway that stops has not begun what it did not accept
      proxy_next_upstream error timeout non_idempotent;
      proxy_read_timeout 120s;
    }
  }
}
`;
