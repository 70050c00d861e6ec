# The first stage runs every test, so there is no image of a red state.
FROM node:24-slim AS test
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm test

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && npm cache clean --force
COPY --from=test /app/dist ./dist
COPY LICENSE README.md ./
COPY sample-data/pits.geojson sample-data/README.md ./sample-data/
COPY sample-data/scenes ./sample-data/scenes
USER node
WORKDIR /data
ENTRYPOINT ["node", "/app/dist/src/cli.js"]
CMD ["--help"]
