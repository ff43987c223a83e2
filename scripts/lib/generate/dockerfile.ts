import type { ServerFacts } from "./facts.ts";

const HEALTH = [
  "fetch('http://127.0.0.1:'+process.env.PORT+'/health')",
  ".then((r)=>process.exit(r.ok?0:1),()=>process.exit(1))",
].join("");

/** The image of one server: built from its folder alone, run by a user without rights. */
export function renderDockerfile({ name, server, package: own }: ServerFacts): string {
  const packages = own.runtimePackages.length > 0;
  return `# Written by pnpm generate. Do not edit.
# docker build -t ${name} . && docker run --rm -p ${server.port}:${server.port} ${name}

FROM node:24-slim AS build
WORKDIR /app
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
RUN npx -y pnpm@12 install --frozen-lockfile
COPY . .
RUN npm run build
${packages ? "# What cannot be bundled, and nothing else.\nRUN rm -rf node_modules && npx -y pnpm@12 install --prod --frozen-lockfile\n" : ""}
FROM node:24-slim
WORKDIR /app
# Says that the files in dist are modules${packages ? ", and where the packages are from" : ""}.
COPY --from=build /app/package.json ./
${packages ? "COPY --from=build /app/node_modules ./node_modules\n" : ""}COPY --from=build /app/dist ./dist
ENV NODE_ENV=production ENVIRONMENT=production HOST=0.0.0.0 PORT=${server.port}
USER node
EXPOSE ${server.port}
HEALTHCHECK --interval=30s --timeout=5s --start-period=5s --retries=3 \\
  CMD ["node", "-e", "${HEALTH}"]
ENTRYPOINT ["node", "dist/http.js"]
`;
}

/** Everything that the build does not read stays out of the image, and out of its cache key. */
export function renderDockerignore(): string {
  return `# Written by pnpm generate. Do not edit.
.env
.env.*
.git
.gitignore
.railway
*.md
*.mcpb
*.tgz
Dockerfile
.dockerignore
coverage
deploy
dist
manifest.json
node_modules
server.json
tests
`;
}
