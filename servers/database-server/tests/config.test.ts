import { expect, test } from "vitest";
import { parseConfig } from "#shared/core/config.ts";
import { config, PLAIN_URL } from "../src/config.ts";

const read = (url: string) => parseConfig(config, { DATABASE_URL: url }).values.DATABASE_URL;

const schemes = [
  "postgres",
  "postgresql",
  "mysql",
  "mariadb",
  "sqlite",
  "file",
  "http",
  "POSTGRES",
];
const slashes = [":", ":/", "://", ":///", "//"];
const users = ["", "u@", "u:p@", "u.v-w_x:p@", "u:@", ":p@", "a@b@", "%zz@"];
const hosts = [
  "",
  "127.0.0.1",
  "1.2.3.999",
  "h",
  "db.local",
  "xn--a",
  "a--b",
  "a.1",
  "-a",
  "localhost",
  "[::1]",
];
const ports = ["", ":1", ":5432", ":65536", ":0", ":x"];
const ends = [
  "",
  "/",
  "/shop",
  "/a/b",
  "/%zz",
  "?mode=read",
  "/shop?mode=write",
  "/shop?mode=",
  "/s?mod=read",
  "/shop.db",
];

const urls = schemes.flatMap((scheme) =>
  slashes.flatMap((slash) =>
    users.flatMap((user) =>
      hosts.flatMap((host) =>
        ports.flatMap((port) => ends.map((end) => `${scheme}${slash}${user}${host}${port}${end}`)),
      ),
    ),
  ),
);

test("a URL that is plainly right is right", () => {
  const plain = urls.filter((url) => PLAIN_URL.test(url));
  expect(plain.length).toBeGreaterThan(500);
  for (const url of plain) expect(() => read(url), url).not.toThrow();
});

test.each([
  "postgres://app:secret@db.example.com:5432/shop",
  "postgresql://127.0.0.1/shop?mode=write",
  "mysql://root@localhost/shop",
  "sqlite:shop.db",
  "sqlite:///data/shop.db?mode=read",
])("%s is plainly right", (url) => {
  expect(url).toMatch(PLAIN_URL);
});
