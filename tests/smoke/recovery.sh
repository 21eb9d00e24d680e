#!/usr/bin/env bash
# Ends the real window suddenly with an unsaved mark in it, by kill -9 a second later and by SIGTERM at once, and
# recovers the mark by keyboard alone.
#
#   tests/smoke/recovery.sh BINARY
#
# Needs Xvfb, xdotool and ImageMagick. Screenshots are kept in $SMOKE_OUT when it is set.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

article="$work/03-news-brief.md"
annotations="$article.annotations.ron"
cp "$root/sample_docs/03-news-brief.md" "$article"
journals() { find "$work/state" -name '*.jnl' | grep -q .; }
no_journals() { ! journals; }
open_article() {
    "$binary" "$article" >"$work/program.log" 2>&1 </dev/null &
    program=$!
    wait_for_window
    sleep 2
}
# The first word of the article, by keyboard alone.
mark_with() {
    xdotool key --window "$window" ctrl+Home ctrl+shift+Right
    sleep 0.5
    xdotool key --window "$window" "$1"
}
recover() {
    local tag="$1" tried
    open_article
    screenshot "offered-$tag"
    for tried in 1 2 3; do
        # Look, then Recover, then save: each is where the keyboard goes first.
        xdotool key --window "$window" Tab Return
        sleep 1.5
        screenshot "shown-$tag-$tried"
        xdotool key --window "$window" Tab Return
        sleep 1.5
        xdotool key --window "$window" ctrl+s
        if until_true 15 has_tag "$tag"; then break; fi
    done
    has_tag "$tag" || fail "the mark \"$tag\" was not recovered"
    until_true 5 no_journals || fail "a journal stays though everything is saved"
    xdotool key --window "$window" ctrl+q
    until_true 10 has_ended || fail "still running 10 seconds after Ctrl+Q"
    wait "$program" || fail "the program ended with an error"
    program=''
}
has_tag() { [[ -s $annotations ]] && grep -q "\"$1\"\]" "$annotations"; }

start_display
step "kill -9 a second after a mark"
open_article
mark_with 1
until_true 5 journals || fail "the mark is not written down"
sleep 1.2
kill -9 "$program"
wait "$program" 2>/dev/null || true
program=''
[[ ! -e $annotations ]] || fail "something was saved by itself"
recover allegation

step "SIGTERM at once after a mark"
open_article
mark_with 4
sleep 0.3
kill -TERM "$program"
until_true 10 has_ended || fail "still running 10 seconds after SIGTERM"
program=''
journals || fail "SIGTERM lost the mark"
recover precedent

step "passed"
