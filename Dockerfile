# Headway in a container: `docker build -t headway .` here; deploy/compose.yaml starts several. See docs/many-machines.md.
# The last stage has the built command, its services and the dashboard, and no development dependencies.

FROM node:20-bookworm-slim AS base
WORKDIR /headway
# Texts in photos are recognised on the processor: nothing for graphics cards is fetched.
ENV ONNXRUNTIME_NODE_INSTALL=skip

# The manifests alone: as long as they stay the same, what is installed by them comes from the cache.
FROM base AS manifests
COPY . .
RUN find . -type f ! -name package.json ! -name package-lock.json -delete && find . -type d -empty -delete

FROM base AS build
COPY --from=manifests /headway ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build
# What is left is what each package publishes, without those that only tests and browsers use.
RUN rm -rf packages/client packages/conformance && \
    rm -rf packages/*/src packages/*/test packages/*/node_modules services/*/src services/*/test services/*/node_modules \
        apps/*/src apps/*/test apps/*/node_modules && \
    find packages services apps \( -name 'tsconfig*.json' -o -name '*.tsbuildinfo' -o -name '*.d.ts' -o -name '*.d.ts.map' \) -type f -delete

FROM base AS dependencies
COPY --from=manifests /headway ./
# Without what is for development: npm takes what is left of the versions that are locked, and no others. A library brings its files for all systems.
RUN rm -rf packages/client packages/conformance examples && \
    npm pkg delete devDependencies --workspaces --include-workspace-root && \
    npm install --omit=dev --no-audit --no-fund && \
    rm -rf node_modules/onnxruntime-node/bin/napi-*/darwin node_modules/onnxruntime-node/bin/napi-*/win32

FROM node:20-bookworm-slim
# tini is process 1: it passes signals on to the server, and takes in what programs of tasks leave behind.
RUN apt-get update && apt-get install -y --no-install-recommends tini && rm -rf /var/lib/apt/lists/* && \
    install -d -o node -g node -m 700 /var/lib/headway
WORKDIR /headway
COPY --from=dependencies /headway ./
COPY --from=build /headway/packages ./packages
COPY --from=build /headway/services ./services
COPY --from=build /headway/apps ./apps
# It listens at all addresses of the container: what can reach them is for the container's network to say.
ENV NODE_ENV=production HEADWAY_HOST=0.0.0.0 HEADWAY_DATA=/var/lib/headway
USER node
EXPOSE 3000
# SIGTERM ends it in good order. Whoever stops it must wait longer than HEADWAY_SHUTDOWN_GRACE and the graces of its task types: docker stop --time 90
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/health/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["/usr/bin/tini", "--", "node", "/headway/apps/cli/bin/headway.mjs"]
CMD ["serve"]
