#!/usr/bin/env bash
# Nothing leaves the machine: opens the real window, works in it for a while, and looks at every socket it
# opened. Only local ones are allowed, and of those only the display's, the message bus's (accessibility and file
# dialogs) and ones without a name.
#
#   tests/smoke/sockets.sh BINARY
#
# Needs Xvfb, xdotool, ImageMagick and strace.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

article="$work/03-news-brief.md"
cp "$root/sample_docs/03-news-brief.md" "$article"
log="$work/sockets.log"

step "the window works under strace"
start_display
strace -f -qq -e trace=%network -o "$log" "$binary" "$article" >"$work/program.log" 2>&1 </dev/null &
program=$!
wait_for_window
sleep 2
eval "$(xdotool getwindowgeometry --shell "$window" | grep -E '^(WIDTH|HEIGHT)=[0-9]+$')"
xdotool mousemove --window "$window" $((WIDTH / 2)) $((HEIGHT / 2))
for keys in ctrl+a 1 ctrl+s F1 Escape ctrl+k Escape ctrl+comma Escape F5 ctrl+o Escape ctrl+q; do
    xdotool key --window "$window" "$keys"
    sleep 0.7
done
until_true 20 has_ended || fail "still running 20 seconds after Ctrl+Q"
program=''

step "no socket but local ones"
if ! grep -q 'connect(.*X11-unix' "$log"; then
    fail "not even the display's socket was seen: the test proves nothing"
fi
if strangers="$(grep -E 'socket\(' "$log" | grep -v 'AF_UNIX')"; then
    fail "sockets that are not local: $strangers"
fi
# Names in the abstract name space begin with @.
allowed='X11-unix/X|/at-spi/|/at-spi2-|dbus|/bus"|wayland-|/nscd/'
if strangers="$(grep -E '(connect|bind|sendto)\(.*sun_path=' "$log" | grep -vE "$allowed")"; then
    fail "local sockets nobody knows: $strangers"
fi
if grep -E 'listen\(' "$log"; then fail "the program listens"; fi

step "passed: $(grep -c 'socket(AF_UNIX' "$log") sockets, all local"
