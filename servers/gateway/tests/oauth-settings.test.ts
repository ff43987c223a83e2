import { describe, expect, it } from "vitest";
import { METADATA_PREFIX, OAuth } from "../src/access/oauth/oauth.ts";
import { oauthSettings } from "../src/access/oauth/settings.ts";

describe("the settings of OAuth", () => {
  it.each([
    [{ issuer: "http://example.com" }, "expected an https URL"],
    [{ issuer: "https://user@example.com" }, "without a user"],
    [{ issuer: "https://example.com", algorithms: ["HS256"] }, "Invalid option"],
    [{ issuer: "https://example.com", algorithms: ["none"] }, "Invalid option"],
    [{ issuer: "https://example.com", algorithms: [] }, "algorithms"],
    [{ issuer: "https://example.com", jwksUri: "http://10.0.0.1/keys" }, "expected an https URL"],
    [{ issuer: "https://example.com", scopes: { read: ["not a scope"] } }, "is no scope"],
  ])("%j is refused", (value, message) => {
    const { error } = oauthSettings.safeParse(value);
    expect(JSON.stringify(error?.issues)).toContain(message);
  });

  it("may name scopes as the issuer does", () => {
    const settings = oauthSettings.parse({
      issuer: "https://example.com",
      scopes: { "weather.read": ["weather:*"], ops: ["admin"], all: ["*"] },
    });
    const verify = async () => ({
      subject: "x",
      audiences: [],
      scopes: ["weather.read", "unknown"],
      client: undefined,
      expiresAt: 0,
    });
    const oauth = new OAuth(settings, "https://gateway.example.com/", verify);
    expect(oauth.metadata(`${METADATA_PREFIX}/weather/mcp`)).toMatchObject({
      resource: "https://gateway.example.com/weather/mcp",
      scopes_supported: ["weather.read", "all"],
    });
    expect(oauth.metadataUrl("/mcp")).toBe(
      "https://gateway.example.com/.well-known/oauth-protected-resource/mcp",
    );
  });

  it("describes a resource where its challenge leads, also under a public address with a path", () => {
    const settings = oauthSettings.parse({ issuer: "https://example.com" });
    const verify = () => Promise.reject(new Error("nobody asks"));
    const oauth = new OAuth(settings, "https://example.com/tools", verify);
    const { pathname } = new URL(oauth.metadataUrl("/weather/mcp"));
    expect(oauth.metadata(pathname)).toMatchObject({
      resource: "https://example.com/tools/weather/mcp",
    });
  });
});
