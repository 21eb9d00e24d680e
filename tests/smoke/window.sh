#!/usr/bin/env bash
# Opens the real window on a display of its own, marks one word, saves and quits.
#
#   tests/smoke/window.sh BINARY
#
# Needs Xvfb, xdotool and ImageMagick. Screenshots are kept in $SMOKE_OUT when it is set.
set -euo pipefail

source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

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
start_display
"$binary" "$article" >"$work/program.log" 2>&1 </dev/null &
program=$!
wait_for_window
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
