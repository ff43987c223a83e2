import { describe, expect, test } from "vitest";
import { ToolError } from "#shared/core/errors.ts";
import { networkFailure } from "#shared/http-client/network-errors.ts";
import { BACKOFF_BASE_MS, BACKOFF_CAP_MS } from "#shared/http-client/options.ts";
import { createRedactor, MAX_DETAIL_DEPTH, REDACTED } from "#shared/http-client/redact.ts";
import { backoffMs, parseRetryAfter } from "#shared/http-client/retry.ts";
import { resolveTarget } from "#shared/http-client/target.ts";

function codeOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof ToolError) return error.code;
    throw error;
  }
  return "none";
}

describe("Retry-After", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");

  test.each([
    ["0", 0],
    [" 7 ", 7_000],
    ["Thu, 01 Jan 2026 00:00:09 GMT", 9_000],
    ["Thursday, 01-Jan-26 00:00:09 GMT", 9_000],
    ["Wed, 31 Dec 2025 23:59:59 GMT", 0],
  ])("%s is %i ms", (value, ms) => {
    expect(parseRetryAfter(value, now)).toBe(ms);
  });

  test.each([undefined, "", "soon", "-5", "1.5", "2027-01-01", "Abc, nonsense GMT"])(
    "%s says nothing",
    (value) => {
      expect(parseRetryAfter(value, now)).toBeUndefined();
    },
  );
});

describe("the backoff", () => {
  test("doubles its bound up to the cap", () => {
    const bounds = [1, 2, 3, 50].map((attempt) => backoffMs(attempt, () => 1));
    expect(bounds).toEqual([
      BACKOFF_BASE_MS,
      2 * BACKOFF_BASE_MS,
      4 * BACKOFF_BASE_MS,
      BACKOFF_CAP_MS,
    ]);
    const last = 1 + Math.ceil(Math.log2(BACKOFF_CAP_MS / BACKOFF_BASE_MS));
    expect(backoffMs(last, () => 1)).toBe(BACKOFF_CAP_MS);
    expect(backoffMs(last - 1, () => 1)).toBeLessThan(BACKOFF_CAP_MS);
  });
});

describe("a target", () => {
  const base = "https://api.test/v2/";
  const resolve = (target: string | URL, from: string | undefined = base) =>
    resolveTarget(target, from, { n: 1 }).href;

  test.each([
    ["things", "https://api.test/v2/things?n=1"],
    ["/things/?a=b#c", "https://api.test/v2/things/?a=b&n=1"],
    ["?a=b", "https://api.test/v2?a=b&n=1"],
    ["", "https://api.test/v2/?n=1"],
    ["//other.test/x", "https://api.test/v2//other.test/x?n=1"],
    ["a/../b", "https://api.test/v2/b?n=1"],
    ["http://other.test/x", "http://other.test/x?n=1"],
    [new URL("http://other.test/x"), "http://other.test/x?n=1"],
  ])("%s is %s", (target, href) => {
    expect(resolve(target)).toBe(href);
  });

  test.each(["..", "../", "../v1", "a/../../v1", "%2e%2e/v1", "..\\v1", "/../v2x"])(
    "%s climbs out of the base and is refused",
    (target) => {
      expect(codeOf(() => resolve(target))).toBe("VALIDATION_ERROR");
    },
  );

  test("that is no http URL is refused, without a base every relative one", () => {
    for (const target of [
      "ftp://h/",
      "file:///etc/passwd",
      "javascript:1",
      "http://",
      "http://h:99999/",
    ]) {
      expect(codeOf(() => resolve(target))).toBe("VALIDATION_ERROR");
    }
    expect(codeOf(() => resolveTarget("/x", undefined, {}))).toBe("VALIDATION_ERROR");
  });

  test("with a user name or password in it is refused, and shows neither", () => {
    const call = () => resolve("https://name:canary@api.test/");
    expect(codeOf(call)).toBe("CONFIG_ERROR");
    expect(call).toThrow(/^((?!name:|canary).)*$/);
    expect(codeOf(() => resolve("/x", "https://canary@api.test/"))).toBe("CONFIG_ERROR");
  });
});

describe("a redactor", () => {
  const { text, details } = createRedactor(() => ["abcd", "abcdef", 'q"u/o te', "4711", ""]);

  test("takes the longest secret that is there", () => {
    expect(text("x abcdef abcd y")).toBe(`x ${REDACTED} ${REDACTED} y`);
  });

  test.each([
    'q"u/o te',
    "q%22u%2Fo%20te",
    "q%22u%2fo+te",
    "q%2522u%252Fo%2520te",
    'q\\"u\\/o te',
    'q\\\\\\"u/o te',
    "q\\u0022u\\u002fo\\u0020te",
  ])("knows %s", (form) => {
    expect(text(`<${form}>`)).toBe(`<${REDACTED}>`);
  });

  test("takes the query and the user out of every URL, and leaves other text alone", () => {
    expect(text("see https://u:p@h/x?k=v#f, why?")).toBe(
      `see https://${REDACTED}@h/x?${REDACTED} why?`,
    );
    expect(text("Is a b? No: 5 > 3.")).toBe("Is a b? No: 5 > 3.");
  });

  test("copies details as plain JSON, keys and numbers too", () => {
    const given = {
      abcd: [1, 4711, 47110n, null, true, () => 1],
      nested: { text: "abcd" },
      none: undefined,
    };
    expect(details(given)).toEqual({
      [REDACTED]: [1, REDACTED, `${REDACTED}0`, null, true, null],
      nested: { text: REDACTED },
    });
  });

  test("copies as many levels as the limit and drops the rest", () => {
    const nest = (levels: number): Record<string, unknown> =>
      levels === 1 ? {} : { in: nest(levels - 1) };
    expect(details(nest(MAX_DETAIL_DEPTH))).toEqual(nest(MAX_DETAIL_DEPTH));
    expect(details(nest(MAX_DETAIL_DEPTH + 1))).toEqual(nest(MAX_DETAIL_DEPTH));
    expect(details(nest(5_000))).toEqual(nest(MAX_DETAIL_DEPTH));
  });

  test("asks for the secrets once, and only when there is something to say", () => {
    let asked = 0;
    const lazy = createRedactor(() => {
      asked += 1;
      return ["abcd"];
    });
    expect(asked).toBe(0);
    expect([lazy.text("abcd"), lazy.text("x")]).toEqual([REDACTED, "x"]);
    expect(asked).toBe(1);
  });
});

describe("a failure below HTTP", () => {
  const subject = {
    label: "GET h/",
    details: { method: "GET", endpoint: "h/" },
    redact: createRedactor(() => ["canary"]),
  };
  const failing = (code: string) => {
    const { error, transient } = networkFailure(
      subject,
      Object.assign(new Error("canary"), { code }),
      1,
    );
    expect(String(error.cause)).not.toContain("canary");
    return [error.code, transient];
  };

  test.each([
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "CERT_HAS_EXPIRED",
    "ERR_TLS_CERT_ALTNAME_INVALID",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  ])("of TLS trust, %s, is UNAVAILABLE and not tried again", (code) => {
    expect(failing(code)).toEqual(["UNAVAILABLE", false]);
  });

  test.each([
    "ECONNREFUSED",
    "ENOTFOUND",
    "EAI_AGAIN",
    "ENETUNREACH",
    "EHOSTUNREACH",
    "ECONNRESET",
    "EPIPE",
    "UND_ERR_SOCKET",
  ])("of the connection, %s, is UNAVAILABLE and tried again", (code) => {
    expect(failing(code)).toEqual(["UNAVAILABLE", true]);
  });

  test("that is unknown is an API_ERROR and not tried again", () => {
    expect(failing("HPE_INVALID_CONSTANT")).toEqual(["API_ERROR", false]);
    expect(networkFailure(subject, "text", 1).error.code).toBe("API_ERROR");
  });
});
