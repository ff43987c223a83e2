import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { programFile } from "../deploy/programs.ts";
import { spawnGroup } from "../run.ts";

const places = [process.env.PATH ?? "", "/usr/sbin", "/usr/local/sbin"].join(":");

/** Debian's is not on the PATH of everybody. */
export const NGINX = programFile("nginx", { PATH: places });

/** Seconds for which nginx leaves out one that it could not reach. */
export const FAIL_SECONDS = 1;

export interface Upstream {
  /** Where nginx listens for it. */
  listen: number;
  /** Who stands behind. */
  ports: readonly number[];
}

/** Starts nginx in a folder of its own; ends with the function it returns. */
export async function startNginx(folder: string, upstreams: readonly Upstream[]) {
  const file = join(folder, "nginx.conf");
  writeFileSync(file, configuration(folder, upstreams));
  const child = spawnGroup(NGINX ?? "nginx", ["-p", folder, "-c", file], { stdio: "inherit" });
  const ended = new Promise<void>((resolve) => {
    child.once("exit", resolve).once("error", resolve);
  });
  return () => {
    child.kill("SIGTERM");
    return ended;
  };
}

const configuration = (folder: string, upstreams: readonly Upstream[]) => `
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/nginx.log warn;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  client_max_body_size 5m;
${upstreams.map(block).join("")}}
`;

/** The settings that DEPLOYMENT.md gives for a proxy in front. */
const block = ({ listen, ports }: Upstream) => `
  upstream to${listen} {
${ports.map((port) => `    server 127.0.0.1:${port} max_fails=1 fail_timeout=${FAIL_SECONDS}s;\n`).join("")}  }
  server {
    listen 127.0.0.1:${listen};
    location / {
      proxy_pass http://to${listen};
      proxy_http_version 1.1;
      proxy_set_header Host $host;
      proxy_set_header Connection "";
      proxy_buffering off;
      # one that stops has not begun what it did not accept
      proxy_next_upstream error timeout non_idempotent;
      proxy_read_timeout 120s;
    }
  }
`;
