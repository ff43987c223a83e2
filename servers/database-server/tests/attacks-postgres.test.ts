import { describe } from "vitest";
import { hasPostgres, postgresFixture } from "./attacks/postgres-fixture.ts";
import { describeAttacks } from "./attacks/suite.ts";

describe.skipIf(!hasPostgres)("PostgreSQL (skipped where 127.0.0.1:5432 has none)", () => {
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
