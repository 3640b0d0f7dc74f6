#!/usr/bin/env bash
# Writes the lock files anew from pyproject.toml. They hold versions and hashes, and no index address.
set -euo pipefail
cd "$(dirname "$0")/.."
bash scripts/setup.sh uv
compile() { .uv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate "$@"; }
compile pyproject.toml --output-file requirements.lock
compile --group dev --constraint requirements.lock --output-file requirements-dev.lock
compile requirements-uv.in --output-file requirements-uv.lock
npm install --package-lock-only --no-audit --no-fund --loglevel=error
