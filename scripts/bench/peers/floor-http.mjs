// The least that can be called an answer over HTTP: reads the body, parses it, looks up what to write.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

/** For an era and a method the JSON text of the result. */
const results = JSON.parse(readFileSync(process.env.FLOOR_RESULTS, "utf8"));

const http = createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const { id, method, params } = JSON.parse(Buffer.concat(chunks).toString());
    if (id === undefined) return response.writeHead(202).end();
    const result = results[params._meta ? "2026" : "2025"][method];
    const body = `{"result":${result},"jsonrpc":"2.0","id":${id}}`;
    const headers = {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
    };
    response.writeHead(200, headers).end(body);
  });
});
http.listen(Number(process.env.PORT), "127.0.0.1");
