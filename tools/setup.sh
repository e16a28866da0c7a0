#!/usr/bin/env bash
# Makes the two environments: the service's (.venv, Python 3.12) and the bot's (bot/.venv, Python 3.10).
# Safe to call again: a step whose lock file has not changed is skipped.
set -euo pipefail
cd "$(dirname "$0")/.."
UV_VERSION=0.13.9
UV=.tools/bin/uv

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }
fail() { printf '\033[31m%s\033[0m\n' "$*" >&2; exit 1; }

# With pyenv, a bare `python3` follows this folder's .python-version and may not exist: try by name and by path.
any_python() {
  local candidate
  for candidate in python3.12 python3.13 python3.11 python3.10 /usr/bin/python3 /usr/local/bin/python3 python3; do
    if PYENV_VERSION="${PYENV_VERSION:-system}" "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 8))' >/dev/null 2>&1; then
      command -v "$candidate"; return 0
    fi
  done
  for candidate in "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.{12,13,11,10,9}*/bin/python3; do
    [ -x "$candidate" ] && "$candidate" -c 'import venv, ensurepip' >/dev/null 2>&1 && { echo "$candidate"; return 0; }
  done
  return 1
}

get_uv() {
  [ -x "$UV" ] && [ "$("$UV" --version 2>/dev/null | cut -d' ' -f2)" = "$UV_VERSION" ] && return 0
  local python
  python=$(any_python) || fail "No Python with venv was found. Install one (Debian and Ubuntu: apt install python3-venv; macOS: brew install python) and run the command again."
  say "Setting up · uv $UV_VERSION"
  rm -rf .tools
  PYENV_VERSION="${PYENV_VERSION:-system}" "$python" -m venv .tools || fail "python -m venv failed. On Debian and Ubuntu: apt install python3-venv"
  .tools/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r tools/uv.txt \
    || fail "uv could not be installed from the package index. Check the network or pip's settings."
}

# uv finds installed Pythons (pyenv's too); if there is none it may download one.
get_python() {
  local version=$1 found
  if found=$("$UV" python find --no-project "$version" 2>/dev/null) && [ -x "$found" ]; then echo "$found"; return 0; fi
  for found in "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$version".*/bin/python; do
    [ -x "$found" ] && { echo "$found"; return 0; }
  done
  say "Setting up · Python $version (download)"
  if "$UV" python install --no-bin "$version" >&2 && found=$("$UV" python find --no-project "$version" 2>/dev/null); then echo "$found"; return 0; fi
  fail "Python $version is needed and could not be found or downloaded. Install it (pyenv install $version, or your system's package) and run the command again."
}

sync() {
  local folder=$1 version=$2 what=$3 stamp python lock
  stamp="$folder/.venv/.synced"
  lock=$(cat "$folder/uv.lock" "$folder/pyproject.toml" "$folder/.python-version" | cksum)
  if [ "$(cat "$stamp" 2>/dev/null)" = "$lock" ] && [ -x "$folder/.venv/bin/python" ]; then return 0; fi
  python=$(get_python "$version")
  say "Setting up · $what"
  (cd "$folder" && UV_PROJECT_ENVIRONMENT=.venv "$OLDPWD/$UV" sync --frozen --python "$python") \
    || fail "The packages of $what could not be installed. See the lines above; 10 GB of free disk are needed."
  echo "$lock" > "$stamp"
}

free_kb=$(df -Pk . | awk 'NR==2 {print $4}')
if [ ! -x .venv/bin/python ] && [ "${free_kb:-99999999}" -lt 10000000 ]; then
  fail "About 10 GB of free disk are needed for the two environments; there are $((free_kb / 1000000)) GB here."
fi
get_uv
sync . 3.12 "the service (Python 3.12, about 5 GB because of PyTorch)"
sync bot 3.10 "the bot (Python 3.10 with Rasa, about 2.5 GB)"
