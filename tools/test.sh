#!/usr/bin/env bash
# Runs every test and says in its last lines what could not run.
set -uo pipefail
cd "$(dirname "$0")/.."
export PYTHONPATH=$PWD OMP_WAIT_POLICY=PASSIVE OPENBLAS_NUM_THREADS=1
failed=(); missing=()
suite() {
  local name=$1; shift
  printf '\n\033[1m== %s ==\033[0m\n' "$name"
  "$@" || failed+=("$name")
}
# The quick suites run two side by side, each in one process; what they say is shown when both are done.
said=$(mktemp -d); trap 'rm -rf "$said"' EXIT
beside() { local name=$1; shift; "$@" >"$said/$name" 2>&1; echo $? >"$said/$name.code"; }
heard() { cat "$said/$1"; return "$(cat "$said/$1.code")"; }
UNIT="unit, contracts, models and faults" SERVICE="service, pages and attacks"
printf 'Running side by side: %s; %s; bot …\n' "$UNIT" "$SERVICE"
{ beside "$UNIT" .venv/bin/python -m pytest -q -m "not browser and not rasa" tests --ignore=tests/api
  beside bot bot/.venv/bin/python -m pytest -q -c bot/pytest.ini --rootdir . tests/bot; } &
beside "$SERVICE" .venv/bin/python -m pytest -q -m "not browser and not rasa" tests/api
wait
for name in "$UNIT" "$SERVICE" bot; do suite "$name" heard "$name"; done
if [ -n "${WARMLINE_CHROMIUM:-}" ] || command -v chromium chromium-browser google-chrome >/dev/null; then
  suite "journeys with the real bot, and Chromium" .venv/bin/python -m pytest -q -m "browser or rasa"
else
  suite "journeys with the real bot" .venv/bin/python -m pytest -q -m "rasa and not browser"
  missing+=("Chromium was not found: the browser journeys did NOT run. Install it (Debian: apt install chromium fonts-noto-cjk) or set WARMLINE_CHROMIUM.")
fi
echo
for line in "${missing[@]:-}"; do [ -n "$line" ] && printf '\033[33m%s\033[0m\n' "$line"; done
if [ "${#missing[@]}" -gt 0 ] && [ "${CI:-}" = "true" ]; then failed+=("Chromium is required in CI"); fi
if [ "${#failed[@]}" -gt 0 ]; then
  printf '\033[31mFailed: %s\033[0m\n' "${failed[*]}"; exit 1
fi
echo "All suites passed."
