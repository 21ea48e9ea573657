# One image for every role: `helpdesk run --role api|consumer|bot`, or everything in one process.
# Each RUN of the build stage is what tests/flows/test_container.py runs in a clean directory.

FROM python:3.13-slim-bookworm AS build
WORKDIR /build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1

# Locks first: they change less often than the sources.
COPY requirements/runtime.txt requirements/
RUN python -m venv /opt/helpdesk \
    && /opt/helpdesk/bin/python -m pip install --quiet --no-deps --require-hashes \
        -r requirements/runtime.txt
COPY requirements/build.txt requirements/node.txt requirements/
RUN python -m venv tools \
    && tools/bin/python -m pip install --quiet --no-deps --no-compile --require-hashes \
        -r requirements/build.txt -r requirements/node.txt

COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY dashboard/ dashboard/
COPY src/ src/
# hatch_build.py builds the dashboard; the wheel has it inside.
RUN tools/bin/python -m hatchling build --target wheel --directory dist \
    && /opt/helpdesk/bin/python -m pip install --quiet --no-deps --no-index --find-links dist helpdesk


FROM python:3.13-slim-bookworm
RUN useradd --system --uid 10001 --user-group --create-home --home-dir /var/lib/helpdesk helpdesk
COPY --from=build /opt/helpdesk /opt/helpdesk

ENV PATH=/opt/helpdesk/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    HELPDESK__DATA_DIR=/var/lib/helpdesk \
    HELPDESK__TELEMETRY__FORMAT=json \
    HELPDESK__HTTP__HOST=0.0.0.0 \
    HELPDESK__HEALTH__HOST=0.0.0.0 \
    HELPDESK__HEALTH__PORT=8081

USER 10001:10001
WORKDIR /var/lib/helpdesk
VOLUME /var/lib/helpdesk
# 8080: the API and the dashboard, for a proxy; 8081: health and metrics, for those who run it.
EXPOSE 8080 8081
HEALTHCHECK --interval=15s --timeout=6s --start-period=60s --retries=3 CMD ["helpdesk-probe"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["helpdesk"]
CMD ["run"]
