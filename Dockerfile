# The image of every Airflow service in docker-compose.yml, from the same lock as `make install`.
FROM python:3.11-slim-bookworm

RUN useradd --create-home --uid 10001 cchc \
 && install -d -o cchc -g cchc -m 0750 /var/lib/cchc \
 && install -d -o cchc -g cchc -m 0700 /var/lib/cchc-keys \
 && install -d -o cchc -g cchc /var/lib/cchc-inbox
WORKDIR /opt/cchc

ARG UV_VERSION=0.13.9
COPY requirements.lock ./
RUN pip install --no-cache-dir "uv==${UV_VERSION}" \
 && uv pip install --system --no-cache --require-hashes --compile-bytecode -r requirements.lock

COPY pyproject.toml README.md ./
COPY plugins plugins
COPY dags dags
COPY dbt_project dbt_project
COPY expectations expectations
COPY docker docker
RUN uv pip install --system --no-cache --no-deps --no-build-isolation --editable . \
 && python -m compileall -q plugins dags docker

ENV PYTHONPATH=/opt/cchc/dags PYTHONUNBUFFERED=1
USER cchc
EXPOSE 8080
CMD ["airflow", "version"]
