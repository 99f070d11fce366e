# One image for the API, the worker and migrations: only the command differs (see compose.yaml).
FROM python:3.12-slim-trixie AS build

WORKDIR /build
COPY requirements.lock ./
RUN python -m venv --without-pip /opt/giliran/venv \
    && pip --python /opt/giliran/venv/bin/python install --quiet --no-cache-dir \
        --require-hashes --only-binary :all: --requirement requirements.lock
COPY app /opt/giliran/app
COPY migrations /opt/giliran/migrations
COPY alembic.ini LICENSE NOTICE /opt/giliran/
RUN /opt/giliran/venv/bin/python -m compileall -q /opt/giliran/app /opt/giliran/migrations


FROM python:3.12-slim-trixie

LABEL org.opencontainers.image.title="Giliran" \
      org.opencontainers.image.licenses="Apache-2.0"

# A number, so that a cluster can see that it is not root; owns nothing under /opt/giliran.
RUN groupadd --gid 10001 giliran \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin giliran

COPY --from=build /opt/giliran /opt/giliran

ENV PATH=/opt/giliran/venv/bin:$PATH \
    PYTHONPATH=/opt/giliran \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    GILIRAN_HOST=0.0.0.0 \
    GILIRAN_PORT=8000

WORKDIR /opt/giliran
USER 10001:10001
EXPOSE 8000

# Alive, not ready: a database that is away for a minute is no reason to restart the API.
HEALTHCHECK --interval=10s --timeout=4s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import http.client, os; c = http.client.HTTPConnection('127.0.0.1', int(os.environ['GILIRAN_PORT']), timeout=3); c.request('GET', '/health/live'); raise SystemExit(c.getresponse().status != 200)"]

CMD ["python", "-m", "app.main"]
