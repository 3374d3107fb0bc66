# kesos-sim for the command line and for meetings:
#   docker build -t kesos-sim:0.1.0 .
#   docker run --rm -v "$PWD:/srv/kesos" kesos-sim:0.1.0 --help
FROM python:3.11.11-slim-bookworm AS build

WORKDIR /build
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY src src
COPY notebooks notebooks
COPY scenarios scenarios
RUN python -m pip install --no-cache-dir 'hatchling==1.33.0' \
    && python -m hatchling build -t wheel -d dist

FROM python:3.11.11-slim-bookworm

RUN useradd --create-home --uid 1000 kesos && install -d -o kesos -g kesos /srv/kesos
COPY --from=build /build/dist /opt/kesos/dist
COPY constraints.txt /opt/kesos/constraints.txt
RUN python -m pip install --no-cache-dir \
    "$(ls /opt/kesos/dist/*.whl)[cluster,forum,lab,office,postgres,research]" \
    -c /opt/kesos/constraints.txt

USER kesos
WORKDIR /srv/kesos
RUN kesos warmup && kesos init

ENTRYPOINT ["kesos"]
CMD ["--help"]
