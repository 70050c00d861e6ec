# The first stage runs every test, so there is no image of a red state.
FROM node:24-slim AS test
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm test

# What runs needs of the packages, and no more.
FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24-slim
ENV NODE_ENV=production
# Only Node is needed to run: what installs packages goes.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /opt/yarn-* /usr/local/bin/yarn*
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY --from=test /app/dist ./dist
COPY package.json LICENSE README.md ./
COPY sample-data/pits.geojson sample-data/README.md ./sample-data/
COPY sample-data/scenes ./sample-data/scenes
RUN ln -s /app/dist/src/cli.js /usr/local/bin/mine-rs && install -d -o node -g node /data
USER node
WORKDIR /data
ENTRYPOINT ["node", "/app/dist/src/cli.js"]
CMD ["--help"]
