#!/usr/bin/env bash
# Makes .venv and node_modules from the lock files. Warm, it only compares two fingerprints.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*"; }
refuse() { printf 'setup: %s\n' "$*" >&2; exit 1; }

# What a bare machine may lack is named before anything is made, one line each.
find_python() {
  local name
  for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    if command -v "$name" >/dev/null 2>&1 &&
      "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
      command -v "$name"
      return
    fi
  done
  return 1
}
python=$(find_python) ||
  refuse "Python 3.11 or newer is needed and was not found. On Debian 12: apt install python3 python3-venv"
"$python" -c 'import ensurepip, venv' >/dev/null 2>&1 ||
  refuse "$python cannot make virtual environments. On Debian: apt install python3-venv"
command -v node >/dev/null 2>&1 ||
  refuse "Node.js 20 or newer is needed and was not found. Install it from nodejs.org or your system's packages"
node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' ||
  refuse "Node.js 20 or newer is needed; this one is $(node --version). Install a newer one from nodejs.org"
command -v npm >/dev/null 2>&1 ||
  refuse "npm is needed and was not found; it comes with Node.js. On Debian: apt install npm"

fingerprint() { cat "$@" | cksum; }
is_fresh() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

# uv comes from its lock into a venv of its own, since the system's pip refuses to install.
bootstrap_uv() {
  local want
  want=$(fingerprint requirements-uv.lock)
  if is_fresh .uv/stamp "$want" && .uv/bin/uv --version >/dev/null 2>&1; then return; fi
  say "Fetching uv, which installs the Python packages…"
  rm -rf .uv
  "$python" -m venv .uv
  .uv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
  printf '%s\n' "$want" >.uv/stamp
}

python_packages() {
  local want
  want=$(fingerprint requirements.lock requirements-dev.lock requirements-uv.lock pyproject.toml)
  if is_fresh .venv/stamp "$want" && .venv/bin/python -c '' 2>/dev/null; then return; fi
  bootstrap_uv
  if ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    .uv/bin/uv venv --quiet --clear --python "$python" .venv
  fi
  say "Installing the Python packages…"
  .uv/bin/uv pip sync --quiet --python .venv/bin/python --require-hashes requirements.lock requirements-dev.lock
  .uv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
  printf '%s\n' "$want" >.venv/stamp
}

node_packages() {
  local want
  want=$(fingerprint package.json package-lock.json)
  if is_fresh node_modules/.stamp "$want"; then return; fi
  say "Installing the packages that draw and check the cards…"
  npm ci --no-audit --no-fund --loglevel=error
  printf '%s\n' "$want" >node_modules/.stamp
}

case "${1:-all}" in
  all)
    python_packages
    node_packages
    ;;
  uv) bootstrap_uv ;;
  *) refuse "unknown part “$1”: say all or uv" ;;
esac
