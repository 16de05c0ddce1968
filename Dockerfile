# geoflow with its environment and LaTeX (about 2.5 GB):
#   docker build -t geoflow .
#   docker run --rm -v "$PWD/out:/geoflow/report" geoflow          the report in out/
FROM debian:12-slim

RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        ca-certificates git make python3 python3-venv \
        latexmk texlive-latex-base texlive-latex-recommended texlive-pictures texlive-fonts-recommended lmodern \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /geoflow
# The environment depends on these files alone, so that a change of the sources does not install it again.
COPY workflow/setup.sh workflow/
COPY requirements.lock pyproject.toml README.md LICENSE ./
COPY src/geoflow/__init__.py src/geoflow/
RUN GEOFLOW_TEX=skip bash workflow/setup.sh && rm -rf /root/.cache

COPY . .
RUN GEOFLOW_TEX=skip make setup

CMD ["make", "reproduce"]
