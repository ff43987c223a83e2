import type { Categories } from "#shared/make-api/category.ts";

/** The toolsets of this server, and how much of each Make itself has. */
export const categories = {
  scenarios: {
    describe: "Scenarios: list, read, create, change, run",
    grade: "real",
    missing: "Search by name on Make's side: it is done here, on the whole list",
    default: true,
  },
  connections: {
    describe: "Connections and webhooks, with what uses them",
    grade: "real",
    instead: "A connection is made by a credential request: a person enters the secret at Make",
    missing: "Which scenarios use a connection: worked out from their blueprints",
    default: true,
  },
  permissions: {
    describe: "Users, roles, teams, invitations",
    grade: "real",
  },
  variables: {
    describe: "Custom variables of the organisation and of teams",
    grade: "real",
    instead: "Where a variable is used is worked out from blueprints",
    missing: "Variables of one scenario, tags, encryption, bulk changes",
  },
  templates: {
    describe: "Private and public templates",
    grade: "real",
  },
  folders: {
    describe: "Folders of scenarios",
    grade: "real",
    missing: "Permissions of a folder",
  },
  "custom-apps": {
    describe: "Custom apps and custom functions",
    grade: "real",
    missing: "Statistics of how an app is used",
  },
  sdk: {
    describe: "The code of custom apps: read, write, test, export, compare",
    grade: "substituted",
    instead: "Sections of the code, as Make's own editor extension reads and writes them",
    missing: "Installing, rating or updating an app",
  },
  marketplace: {
    describe: "The catalogue of apps, what their modules need, and which of them we use",
    grade: "substituted",
    instead: "Make's catalogue of apps, the credentials modules need, own usage from blueprints",
    missing: "Ratings, reviews, prices, popularity, an install call",
  },
  billing: {
    describe: "Plan, payments, usage against the plan, products",
    grade: "real",
    instead: "Reads only: what costs money is done at Make. The projection is computed",
    missing: "A price for one scenario",
  },
  "ai-agents": {
    describe: "AI agents of a team (beta at Make)",
    grade: "real",
    missing: "Creating a provider of models: it is a connection",
  },
  "enterprise-secrets": {
    describe: "Keys, written-out secrets, expiry of credentials",
    grade: "computed",
    instead:
      "Keys and credential requests of Make; secrets are looked for in blueprints and variables",
    missing: "A vault, hardware keys, secrets that change by themselves",
  },
  "blueprint-collaboration": {
    describe: "Versions, comparison, three-way merge and dependencies of blueprints",
    grade: "computed",
    instead:
      "A stable export for git, a structural diff, a three-way merge; Make keeps versions for 60 days",
    missing: "Branches, locks, live sessions, comments",
    default: true,
  },
} as const satisfies Categories;
