import { expect, test } from "vitest";
import { checkWorkflows } from "../lib/checks/workflows.ts";
import { repositoryRoot } from "../lib/projects.ts";
import { tempFolder } from "./support/temp-folder.ts";

const sha = "11bd71901bbe5b1630ceea73d27597364c9af683";
const good = `name: Good
on: push
permissions:
  contents: read
jobs:
  one:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@${sha} # v4.2.2
        with:
          persist-credentials: false
      - run: echo "hello"
`;

async function problemsOf(text: string): Promise<string[]> {
  const root = tempFolder({ ".github/workflows/a.yml": text });
  return (await checkWorkflows(root)).problems.map((problem) => problem.replace(/^.*a\.yml:/, ""));
}

test("accepts a workflow that keeps the rules", async () => {
  expect(await problemsOf(good)).toEqual([]);
});

test("has no complaint about the workflows of this repository", async () => {
  const { files, problems } = await checkWorkflows(repositoryRoot);
  expect(problems).toEqual([]);
  expect(files).toBeGreaterThan(0);
});

test("runs actionlint", async () => {
  const wrong = good.replace("runs-on: ubuntu-latest", "runs-on: ubuntu-latest\n    need: two");
  expect(await problemsOf(wrong)).toEqual([expect.stringMatching(/^8 unexpected key "need"/)]);
});

test("wants every action pinned by SHA, with the version in a comment", async () => {
  expect(await problemsOf(good.replace(`@${sha} # v4.2.2`, "@v4"))).toEqual([
    "9 actions/checkout@v4 is not pinned by a commit's full SHA",
  ]);
  expect(await problemsOf(good.replace(" # v4.2.2", ""))).toEqual([
    `9 actions/checkout@${sha} has no comment that names its version`,
  ]);
  const image = good.replace(`- run: echo "hello"`, "- uses: docker://alpine:3");
  expect(await problemsOf(image)).toEqual(["12 docker://alpine:3 is not pinned by digest"]);
});

test("wants permissions stated at the top, and only to read", async () => {
  const stated = "permissions:\n  contents: read\n";
  expect(await problemsOf(good.replace(stated, ""))).toEqual(["1 no top-level permissions"]);
  expect(await problemsOf(good.replace("contents: read", "contents: write"))).toEqual([
    "3 write permission for every job: grant it in the job that needs it",
  ]);
  expect(await problemsOf(good.replace(stated, "permissions: write-all\n"))).toEqual([
    "3 write-all is more than least",
  ]);
  expect(await problemsOf(good.replace(stated, "permissions: {}\n"))).toEqual([]);
});

test("lets a job have the write permission it needs", async () => {
  const job = good.replace("  one:\n", "  one:\n    permissions:\n      contents: write\n");
  expect(await problemsOf(job)).toEqual([]);
});

test("wants checkout not to keep its token, in the same step", async () => {
  const kept = good.replace("        with:\n          persist-credentials: false\n", "");
  const other = `${kept}      - uses: actions/checkout@${sha} # v4.2.2
        with:
          persist-credentials: false
`;
  expect(await problemsOf(other)).toEqual(["9 checkout keeps its token: persist-credentials"]);
});

test("refuses pull_request_target", async () => {
  const strangers = good.replace("on: push", "on: [pull_request_target]");
  expect(await problemsOf(strangers)).toEqual([
    "2 pull_request_target runs strangers' code with our secrets",
  ]);
});
