# Shared by the scripts in this folder: source it, do not run it.
# shellcheck shell=bash
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cache=$root/.cache
cd "$root"

# A bare machine often names a locale that was never generated, and ansible refuses to start with it.
export LC_ALL=C.UTF-8
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
# Compiled Python is kept, or each module that a test starts compiles 275 files; but in .cache, since what root compiles in the tree stays root's.
export PYTHONPYCACHEPREFIX=$cache/bytecode

say() { printf '%s\n' "== $*" >&2; }
die() { printf '%s\n' "error: $*" >&2; exit 1; }

# One set-up at a time in a checkout: `make unit` beside `make test` waits instead of writing into the same venv.
lock() {
  mkdir -p "$cache"
  exec 9>"$cache/lock-$1"
  flock 9
}

# quietly LOG COMMAND…: shows the end of the output only when the command fails.
quietly() {
  local log=$1
  shift
  mkdir -p "$(dirname "$log")"
  if ! "$@" </dev/null >"$log" 2>&1 9>&-; then
    tail -n 6 "$log" >&2
    return 1
  fi
}
