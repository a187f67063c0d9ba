#!/usr/bin/env bash
# install.sh VENV: makes VENV from requirements.lock with compiled bytecode and the project, editable, in it.
# Needs a Python 3.11 to 3.13 with its venv module; uv comes from the package index into a folder of its own.
set -euo pipefail
venv=$1
cd "$(dirname "$0")/.."
unset PYTHONDONTWRITEBYTECODE PYTHONPATH VIRTUAL_ENV

fail() { echo "error: $1" >&2; exit 3; }

right_version() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; }

python=
for candidate in ${PYTHON:-python3.13 python3.12 python3.11 python3}; do
  if command -v "$candidate" >/dev/null && right_version "$candidate"; then python=$candidate; break; fi
done
[ -n "$python" ] || fail "no Python 3.11, 3.12 or 3.13 found (python3 is $(python3 --version 2>&1 || echo 'not there')): install one, or name it with PYTHON=/path/to/python3.11"

mkdir -p "$venv" 2>/dev/null && [ -w "$venv" ] || fail "$venv can't be written: clone the project into a folder of yours"
free=$(df -Pk "$venv" | awk 'NR == 2 {print $4}')
[ "$free" -gt 3000000 ] || fail "under 3 GB free at $venv: free some space and call make again"

if [ ! -x "$venv/bin/python" ] || ! right_version "$venv/bin/python"; then
  echo "making $venv with $("$python" --version)" >&2
  rm -rf "$venv"
  "$python" -m venv --without-pip "$venv" || fail "$python can't make a virtual environment: install its venv module (Debian: apt-get install python3-venv)"
fi

tool=$venv/.uv
if [ "$("$tool/bin/uv" --version 2>/dev/null | cut -d' ' -f2)" != "$UV_VERSION" ]; then
  echo "fetching uv $UV_VERSION" >&2
  rm -rf "$tool"
  "$python" -m venv "$tool" >/dev/null 2>&1 || fail "$python lacks ensurepip: install its venv module (Debian: apt-get install python3-venv)"
  "$tool/bin/python" -m pip install --quiet --disable-pip-version-check "uv==$UV_VERSION" \
    || fail "uv $UV_VERSION could not be fetched: is the package index reachable (pip config)?"
fi

case $venv in /*) export VIRTUAL_ENV=$venv ;; *) export VIRTUAL_ENV=$PWD/$venv ;; esac
[ -n "${HOME:-}" ] || export UV_CACHE_DIR=$VIRTUAL_ENV/.cache
export UV_COMPILE_BYTECODE_TIMEOUT=${UV_COMPILE_BYTECODE_TIMEOUT:-600}  # a busy machine is slow, not broken
export UV_SYSTEM_CERTS=${UV_SYSTEM_CERTS:-true}  # a house of its own authority is trusted as pip trusts it
[ -z "${PIP_INDEX_URL:-}" ] || export UV_DEFAULT_INDEX=${UV_DEFAULT_INDEX:-$PIP_INDEX_URL}

echo "installing $(grep -c == requirements.lock) packages from the lock" >&2
"$tool/bin/uv" pip sync --quiet --require-hashes --compile-bytecode requirements.lock || fail "the lock could not be installed; the line above says why"
"$tool/bin/uv" pip install --quiet --no-deps --no-build-isolation --editable . || fail "the project could not be installed"
[ -n "${HOME:-}" ] || rm -rf "$VIRTUAL_ENV/.cache"
