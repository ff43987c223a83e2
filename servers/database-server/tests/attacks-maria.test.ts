import { describe } from "vitest";
import { hasMaria, mariaFixture } from "./attacks/maria-fixture.ts";
import { describeAttacks } from "./attacks/suite.ts";

describe.skipIf(!hasMaria)("MariaDB (skipped where 127.0.0.1:3306 has none)", () => {
  const fixture = mariaFixture();
  const { app, ro, file } = fixture.users;
  const urls = {
    file: fixture.url(file, "f"),
    app: fixture.url(app, "app"),
    "read-only": fixture.url(ro, "ro"),
  };
  for (const [role, url] of Object.entries(urls)) {
    describeAttacks({ engine: "mariadb", role, url: () => url, state: fixture.state });
  }
});
