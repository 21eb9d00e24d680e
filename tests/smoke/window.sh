#!/usr/bin/env bash
# Opens the real window on a display of its own, marks one word, saves and quits.
#
#   tests/smoke/window.sh BINARY
#
# Needs Xvfb, xdotool and ImageMagick. Screenshots are kept in $SMOKE_OUT when it is set.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)"
if [[ $# -ne 1 || ! -x ${1:-} ]]; then
    echo "usage: tests/smoke/window.sh BINARY" >&2
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
article="$work/03-news-brief.md"
annotations="$article.annotations.ron"
cp "$root/sample_docs/03-news-brief.md" "$article"

step "without a display: one message and no panic"
status=0
timeout 20 "$binary" "$article" >"$work/no-display.log" 2>&1 </dev/null || status=$?
if [[ $status -eq 0 ]]; then fail "without a display the program ended with 0"; fi
if [[ $status -eq 124 ]]; then fail "without a display the program did not end"; fi
if grep -q panicked "$work/no-display.log"; then
    fail "without a display the program panicked: $(cat "$work/no-display.log")"
fi
if [[ $(grep -c 'no window can be opened' "$work/no-display.log") -ne 1 ]]; then
    fail "without a display one message is expected, not: $(cat "$work/no-display.log")"
fi

step "the window opens"
Xvfb -displayfd 3 -screen 0 1280x800x24 -nolisten tcp 3>"$work/display" >"$work/xvfb.log" 2>&1 &
server=$!
until_true 20 test -s "$work/display" || fail "Xvfb does not start: $(cat "$work/xvfb.log")"
DISPLAY=":$(cat "$work/display")"
export DISPLAY LIBGL_ALWAYS_SOFTWARE=1

"$binary" "$article" >"$work/program.log" 2>&1 </dev/null &
program=$!
find_window() {
    # The search prints all windows of that name: the last one is the innermost.
    window="$(xdotool search --onlyvisible --name Sourcemark 2>/dev/null | tail -n 1)" || true
    [[ -n $window ]] || has_ended
}
window=''
until_true 60 find_window || fail "no window after 60 seconds"
if has_ended; then fail "the program ended before its window opened"; fi

# Without a window manager nobody else gives the keyboard to the window.
xdotool windowfocus --sync "$window"
is_painted() {
    screenshot opened && [[ $(identify -format '%k' "$work/opened.png") -gt 50 ]]
}
until_true 20 is_painted || fail "the window stays empty: at most 50 colours"

step "a double click, the key 1 and Ctrl+S save an allegation"
eval "$(xdotool getwindowgeometry --shell "$window" | grep -E '^(WIDTH|HEIGHT)=[0-9]+$')"
is_saved() { [[ -s $annotations ]] && grep -q '"allegation"' "$annotations"; }
mark_word_at() {
    xdotool mousemove --window "$window" "$1" "$2"
    sleep 0.3
    xdotool click --repeat 2 --delay 60 1
    sleep 0.5
    xdotool key 1
    sleep 0.3
    xdotool key ctrl+s
}
# The middle may fall between two lines or past the end of one: then the next place holds a word.
for shift_px in 0 12 -20 40 -60 90; do
    mark_word_at $((WIDTH / 2 - shift_px)) $((HEIGHT / 2 + shift_px))
    if until_true 10 is_saved; then break; fi
    if has_ended; then fail "the program ended while a word was marked"; fi
done
screenshot marked
if ! is_saved; then
    fail "no \"allegation\" in $(basename "$annotations"): $(cat "$annotations" 2>/dev/null || echo 'no such file')"
fi

step "Ctrl+Q ends the program with 0"
xdotool key ctrl+q
until_true 10 has_ended || fail "still running 10 seconds after Ctrl+Q"
status=0
wait "$program" || status=$?
program=''
if [[ $status -ne 0 ]]; then fail "the program ended with $status"; fi
if grep -q panicked "$work/program.log"; then fail "the program panicked"; fi

step "passed"
