import { expect, it } from "vitest";
import { createRanking, wordsOf } from "../src/search/ranking.ts";

it("ranks rare words, and names, higher", () => {
  const annotations = {
    readOnlyHint: true,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: false,
  };
  const tool = (name: string, description: string) => ({
    name,
    title: name,
    description,
    inputSchema: { type: "object" },
    annotations,
  });
  const rank = createRanking([
    tool("list_files", "List the files of a folder"),
    tool("read_file", "Read one file, as a weather report or anything else"),
    tool("getWeather", "Tell the weather of a place"),
  ]);
  expect(rank("weather", 5).map(({ name }) => name)).toEqual(["getWeather", "read_file"]);
  expect(rank("weather", 1)).toHaveLength(1);
  expect(rank("nothing of this", 5).map(({ name }) => name)).not.toContain("getWeather1");
  expect(wordsOf("echoHai list_files")).toEqual(["echo", "hai", "list", "files"]);
});
