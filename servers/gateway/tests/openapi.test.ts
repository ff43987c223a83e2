import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv2020 } from "ajv/dist/2020.js";
import { generateApi } from "swagger-typescript-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { siblingServers } from "../src/settings/folders.ts";
import { ensureBuilt } from "./shared/testing/build.ts";
import { startProcess } from "./shared/testing/process.ts";
import { describeAtEachAddress } from "./support/address.ts";
import { testFolder } from "./support/folders.ts";
import { type Document, operationsOf, sampleOf } from "./support/openapi.ts";
import { type Rest, startRest } from "./support/rest.ts";

/** The servers of this repository that are built, when the folder stands among them and not alone. */
const siblings = siblingServers(resolve(".")).filter((folder) =>
  ["dist/server.js", ".env.example", "../gateway/package.json"].every((file) =>
    existsSync(join(folder, file)),
  ),
);
const nameOf = (folder: string) => folder.replace(/^.*\//, "").replace(/-server$/, "");

/** Addresses of services elsewhere that lead nowhere, so that no test leaves this machine. */
function nowhere(folder: string): Record<string, string> {
  const example = readFileSync(join(folder, ".env.example"), "utf8");
  const names = [...example.matchAll(/^# ?([A-Z_]*URL)=http/gm)].map(([, name = ""]) => name);
  return Object.fromEntries(names.map((name) => [name, "http://127.0.0.1:9"]));
}

describeAtEachAddress((replicas) => {
  const get = async (path: string) => (await (await rest.get(path)).json()) as Document;

  let rest: Rest;
  let document: Document;
  beforeAll(async () => {
    await ensureBuilt();
    const callTimeoutMs = 3_000;
    const entry = (one: string) => ({ package: one, callTimeoutMs, env: nowhere(one) });
    const more = Object.fromEntries(siblings.map((one) => [nameOf(one), entry(one)]));
    rest = await startRest({ replicas, more, callTimeoutMs });
    document = await get("/openapi.json");
  }, 60_000);
  afterAll(() => rest.stop());

  it("is a document of OpenAPI 3.1, whole and for one server", async () => {
    const one = await get("/typed/openapi.json");
    for (const given of [document, one]) {
      const result = await new Validator().validate(structuredClone(given) as never);
      expect(result.errors ?? []).toEqual([]);
      expect(result.valid).toBe(true);
    }
    expect(Object.keys(one.paths).every((path) => path.startsWith("/typed/"))).toBe(true);
  });

  it("says of each tool what MCP says of it", () => {
    const grow = document.paths["/typed/tools/grow"]?.post;
    expect(grow).toMatchObject({
      operationId: "typed__grow",
      tags: ["typed"],
      summary: "Title of grow",
      requestBody: { required: true },
      "x-mcp": { annotations: { readOnlyHint: true } },
    });
    expect(document.paths["/typed/tools/plain"]?.post?.requestBody?.required).toBe(false);
  });

  it("takes local definitions with it, cycles too, and follows no reference elsewhere", () => {
    const { schemas } = document.components;
    const home = "#/components/schemas/typed.grow.input";
    expect(schemas["typed.grow.input"]).toEqual({
      type: "object",
      required: ["root"],
      properties: {
        root: { $ref: `${home}.Node` },
        style: { $ref: `${home}.a_b` },
        self: { $ref: home },
        also: { $ref: `${home}/properties/root` },
      },
    });
    expect(schemas["typed.grow.input.Node"]).toMatchObject({
      properties: { children: { items: { $ref: `${home}.Node` } } },
    });
    expect(JSON.stringify(schemas["typed.remote_ref.input"])).not.toContain("$ref");
  });

  it("has an operationId for everything, and none twice", () => {
    const ids = operationsOf(document).map(({ operationId }) => operationId);
    expect(ids.every((id) => id.length > 0)).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("is the same, by its ETag, until a list changes", async () => {
    const first = await rest.get("/openapi.json");
    const etag = first.headers.get("etag") ?? "";
    const again = await fetch(new URL("/openapi.json", rest.gateway.url), {
      headers: { "if-none-match": etag },
    });
    expect([etag.length > 2, again.status]).toEqual([true, 304]);
  });

  describe("every operation, driven from the document", () => {
    it(`answers as the document says (${siblings.length} servers of this repository)`, async () => {
      const ajv = new Ajv2020({ strict: false, validateFormats: false });
      ajv.addSchema({ ...document, $id: "doc:api" }, "doc:api");
      const operations = operationsOf(document);
      expect(operations.length).toBeGreaterThan(10);
      const drive = async ({ path, method, operation }: (typeof operations)[number]) => {
        const schema = operation.requestBody?.content["application/json"]?.schema;
        const sample = JSON.stringify(schema ? sampleOf(document, schema) : {});
        const answer = method === "get" ? await rest.get(path) : await rest.post(path, sample);
        const what = `${method} ${path} with ${sample}: ${answer.status}`;
        const body: unknown = await answer.json();
        expect(
          operation.responses[answer.status] ?? operation.responses.default,
          what,
        ).toBeDefined();
        const validate = ajv.compile({ $ref: schemaOf(path, method, answer.status) });
        expect(validate(body) || validate.errors, `${what} ${JSON.stringify(body)}`).toBe(true);
        // what is away, or lacks a key, says so: nothing may fail that was not foreseen
        expect(answer.status, `${what} ${JSON.stringify(body)}`).not.toBe(500);
        return answer.status;
      };
      const statuses = await Promise.all(operations.map(drive));
      expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(5);
    });
  });

  /** Where the document says what an answer is like. */
  function schemaOf(path: string, method: string, status: number): string {
    if (status !== 200) return "doc:api#/components/schemas/Problem";
    const escaped = path.replaceAll("~", "~0").replaceAll("/", "~1");
    return `doc:api#/paths/${escaped}/${method}/responses/200/content/application~1json/schema`;
  }

  it("makes a client that compiles and works", async () => {
    const folder = join(await testFolder(), "client");
    await mkdir(folder);
    const one = await get("/typed/openapi.json");
    await generateApi({
      spec: one as never,
      output: folder,
      fileName: "api.ts",
      httpClientType: "fetch",
      silent: true,
    });
    const use = `import { Api } from "./api.ts";
const api = new Api({ baseUrl: process.argv[2] });
const added = await api.typed.typedAdd({ a: 20, b: 22 });
const sum: number = added.data.sum;
const grown = await api.typed.typedGrow({ root: { name: "a", children: [{ name: "b" }] } });
const failed = await api.typed.typedFail({ code: "CONFLICT" }).catch((response) => response.status);
// @ts-expect-error: b is missing
const wrong = () => api.typed.typedAdd({ a: 1 });
console.log(JSON.stringify([sum, grown.data.count, failed, typeof wrong]));
`;
    await writeFile(join(folder, "use.ts"), use);
    const config = {
      compilerOptions: {
        noEmit: true,
        strict: true,
        module: "nodenext",
        target: "es2023",
        lib: ["es2023", "dom"],
        allowImportingTsExtensions: true,
        skipLibCheck: true,
        types: ["node"],
        typeRoots: [resolve("node_modules/@types")],
      },
      include: ["*.ts"],
    };
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
    await writeFile(join(folder, "package.json"), '{ "type": "module" }');
    const tsc = resolve("node_modules/typescript/bin/tsc");
    const compiled = startProcess({ entry: tsc, nodeArgs: [], cwd: folder });
    const { code } = await compiled.exit();
    expect(compiled.stdout.text()).toBe("");
    expect(code).toBe(0);
    const tsx = resolve("node_modules/tsx/dist/cli.mjs");
    const ran = startProcess({
      entry: new URL("/", rest.gateway.url).href.replace(/\/$/, ""),
      nodeArgs: [tsx, join(folder, "use.ts")],
      cwd: dirname(folder),
    });
    await ran.exit();
    expect(ran.stdout.text().trim()).toBe(JSON.stringify([42, 2, 409, "function"]));
  });
});
