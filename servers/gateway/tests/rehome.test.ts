import { expect, it } from "vitest";
import { rehome } from "../src/rest/rehome.ts";

it.each(["#/$defs/100%", "#/definitions/%E0%A4%A", "#/properties/100%", "#/$defs/a/%"])(
  "a reference that cannot be decoded is not followed: %s",
  ($ref) => {
    const properties = { a: { $ref }, b: { $ref: "#/$defs/50%25" } };
    expect(rehome("x", { type: "object", properties }).x).toMatchObject({
      properties: {
        a: { description: `A reference to ${$ref}, which is not followed here.` },
        b: { $ref: "#/components/schemas/x.50_" },
      },
    });
  },
);
