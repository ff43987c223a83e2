import { describe } from "vitest";
import { postgresFixture } from "./attacks/postgres-fixture.ts";
import { hasPostgres, NO_POSTGRES } from "./attacks/postgres-server.ts";
import { describeAttacks } from "./attacks/suite.ts";

describe.skipIf(!hasPostgres)(`PostgreSQL (${NO_POSTGRES})`, () => {
  const fixture = postgresFixture();
  const users = { superuser: "postgres", app: fixture.roles.app, "read-only": fixture.roles.ro };
  for (const [role, user] of Object.entries(users)) {
    describeAttacks({
      engine: "postgres",
      role,
      url: () => fixture.url(user),
      state: fixture.state,
    });
  }
});
