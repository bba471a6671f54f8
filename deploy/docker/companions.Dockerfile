# What compose.yaml runs beside the server, as Debian 12 has it: what the tests run, too.
FROM debian:bookworm-slim AS nginx
RUN apt-get update -q \
  && apt-get install -q -y --no-install-recommends nginx-light \
  && rm -rf /var/lib/apt/lists/* \
  && ln -sf /dev/stdout /var/log/nginx/heliograph.log \
  && ln -sf /dev/stderr /var/log/nginx/error.log
CMD ["nginx", "-g", "daemon off;"]

FROM debian:bookworm-slim AS coturn
RUN apt-get update -q \
  && apt-get install -q -y --no-install-recommends coturn \
  && rm -rf /var/lib/apt/lists/*
COPY deploy/docker/start-coturn /usr/local/bin/start-coturn
CMD ["start-coturn"]

FROM debian:bookworm-slim AS redis
RUN apt-get update -q \
  && apt-get install -q -y --no-install-recommends redis-server \
  && rm -rf /var/lib/apt/lists/*
COPY deploy/docker/start-redis /usr/local/bin/start-redis
USER redis
CMD ["start-redis"]
