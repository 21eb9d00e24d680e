#!/usr/bin/env bash
# What the scripts of this folder share: a folder and a display of their own, the program, waiting, failing.
# Sourced with the binary as the first argument.

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)"
if [[ $# -ne 1 || ! -x ${1:-} ]]; then
    echo "usage: $0 BINARY" >&2
    exit 2
fi
binary="$(cd "$(dirname "$1")" && pwd -P)/$(basename "$1")"

work="$(mktemp -d)"
server='' program=''
clean_up() {
    for pid in $program $server; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    rm -rf "$work"
}
trap clean_up EXIT

step() { printf 'smoke: %s\n' "$*"; }
fail() {
    printf 'smoke: FAILED: %s\n' "$*" >&2
    if [[ -n ${window:-} ]] && is_running; then screenshot failed || true; fi
    if [[ -s $work/program.log ]]; then sed 's/^/  program: /' "$work/program.log" >&2; fi
    exit 1
}
# until_true SECONDS COMMAND…: tries ten times a second.
until_true() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        if ((SECONDS >= deadline)); then return 1; fi
        sleep 0.1
    done
}
is_running() { [[ -n $program ]] && kill -0 "$program" 2>/dev/null; }
has_ended() { ! is_running; }
screenshot() {
    # Without its window, import would wait for a click.
    timeout 20 import -window "$window" "$work/$1.png"
    if [[ -n ${SMOKE_OUT:-} ]]; then
        mkdir -p "$SMOKE_OUT"
        cp "$work/$1.png" "$SMOKE_OUT/$1.png"
    fi
}

# Nothing of the user's settings, recent files or message bus plays a part.
mkdir -p "$work"/{home,config,data,state,cache,runtime}
chmod 700 "$work/runtime"
unset DISPLAY WAYLAND_DISPLAY WAYLAND_SOCKET DBUS_SESSION_BUS_ADDRESS
export HOME="$work/home" XDG_CONFIG_HOME="$work/config" XDG_DATA_HOME="$work/data" \
    XDG_STATE_HOME="$work/state" XDG_CACHE_HOME="$work/cache" XDG_RUNTIME_DIR="$work/runtime"

# A display of our own; what is started after it paints there.
start_display() {
    # Without -noreset it begins anew when its last client has gone, and turns away one that comes meanwhile.
    Xvfb -displayfd 3 -screen 0 1280x800x24 -nolisten tcp -noreset 3>"$work/display" >"$work/xvfb.log" 2>&1 &
    server=$!
    until_true 20 test -s "$work/display" || fail "Xvfb does not start: $(cat "$work/xvfb.log")"
    DISPLAY=":$(cat "$work/display")"
    export DISPLAY LIBGL_ALWAYS_SOFTWARE=1
}

window=''
find_window() {
    # The search prints all windows of that name: the last one is the innermost.
    window="$(xdotool search --onlyvisible --name Sourcemark 2>/dev/null | tail -n 1)" || true
    [[ -n $window ]] || has_ended
}
wait_for_window() {
    window=''
    until_true 60 find_window || fail "no window after 60 seconds"
    if has_ended; then fail "the program ended before its window opened"; fi
    # Without a window manager nobody else gives the keyboard to the window.
    xdotool windowfocus --sync "$window"
}
