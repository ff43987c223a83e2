import { hasLength, isVersion, requireRules } from "./rules.ts";

interface ServerJson {
  name: string;
  title: string;
  description: string;
  version: string;
  repository: { url: string; source: string; subfolder: string };
  packages: { environmentVariables: { name: string; default?: string; choices?: string[] }[] }[];
}

/**
 * The rules of schema 2025-12-11 that what we write could break, and those that only the registry's
 * own text has: versions are exact, the repository's subfolder is a clean relative path.
 */
export function checkServerJson({
  name,
  title,
  description,
  version,
  repository,
  packages,
}: ServerJson): void {
  const variables = packages.flatMap(({ environmentVariables }) => environmentVariables);
  requireRules("server.json", [
    [
      `mcpName "${name}" must be namespace/name of letters, digits, dots and hyphens, 3 to 200 characters`,
      hasLength(name, 3, 200) && /^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/.test(name),
    ],
    [`title must have 1 to 100 characters, has ${title.length}`, hasLength(title, 1, 100)],
    [
      `description must have 1 to 100 characters, has ${description.length}`,
      hasLength(description, 1, 100),
    ],
    [
      `version "${version}" must be exact, like 1.2.3`,
      hasLength(version, 1, 255) && isVersion(version),
    ],
    ["repository.url must be an https address", /^https:\/\/[^/]+\/.+/.test(repository.url)],
    [
      'repository.source must be "github" or "gitlab"',
      ["github", "gitlab"].includes(repository.source),
    ],
    [
      `repository.directory "${repository.subfolder}" must be a clean relative path`,
      /^(?!\.{1,2}(\/|$))[^/\\]+(\/(?!\.{1,2}(\/|$))[^/\\]+)*$/.test(repository.subfolder),
    ],
    ...variables.map(
      (variable) =>
        [
          `the default of ${variable.name} must be one of its choices`,
          !variable.choices ||
            variable.default === undefined ||
            variable.choices.includes(variable.default),
        ] as const,
    ),
  ]);
}
