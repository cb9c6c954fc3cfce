# shellcheck shell=bash
# Sourced by the scripts: where the project and its tools are, and how to speak to the user.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
tools="$root/.tools"
export PATH="$tools/bin:$PATH"

say() { printf '==> %s\n' "$*"; }

fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# timed WHAT COMMAND…: runs the command and says how long it took. Of a function, the last command decides: `set -e` is
# off in it.
timed() {
    local what=$1 began=$SECONDS
    shift
    say "$what"
    "$@" || fail "$what: failed after $((SECONDS - began)) s"
    say "$what: $((SECONDS - began)) s"
}

# free_port [WANTED]: a port of the loopback interface that nobody listens on, the wanted one if it is free.
free_port() {
    python3 - "${1:-0}" <<'PYTHON'
import socket, sys

for port in (int(sys.argv[1]), 0):
    with socket.socket() as candidate:
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind(("127.0.0.1", port))
        except OSError:
            continue
        print(candidate.getsockname()[1])
        break
PYTHON
}

# stop PID…: ends processes, politely first, and waits until they are gone.
stop() {
    local pid tries
    for pid in "$@"; do
        kill "$pid" 2>/dev/null || continue
        for ((tries = 0; tries < 150; tries++)); do
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.1
        done
        kill -9 "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
}
