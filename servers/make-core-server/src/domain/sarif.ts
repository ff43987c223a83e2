import type { Finding } from "./secret-scan.ts";

const RULES = {
  name: "A value under the name of a secret is written out",
  prefix: "A key of a known service is written out",
  entropy: "A long random word is written out",
} as const;

/** Findings as SARIF 2.1.0, which code hosts show as alerts. */
export const toSarif = (findings: readonly Finding[]) => ({
  $schema: "https://json.schemastore.org/sarif-2.1.0.json",
  version: "2.1.0",
  runs: [
    {
      tool: {
        driver: {
          name: "make-core-server secrets_scan",
          rules: Object.entries(RULES).map(([id, text]) => ({ id, shortDescription: { text } })),
        },
      },
      results: findings.map(({ rule, where, id, name, place, masked }) => ({
        ruleId: rule,
        level: "error",
        message: { text: `${RULES[rule]}: ${masked} in ${where} ${name}, ${place}` },
        locations: [
          {
            physicalLocation: { artifactLocation: { uri: `make/${where}s/${id}` } },
            logicalLocations: [{ name: place, fullyQualifiedName: `${name} ${place}` }],
          },
        ],
      })),
    },
  ],
});
