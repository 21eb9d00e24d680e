#!/usr/bin/env bash
# Stops the real window, presses keys, lets it go on: all of them arrive in one frame, and each must act on what the
# one before has left.
#
#   tests/smoke/order.sh BINARY
#
# Needs Xvfb, xdotool and ImageMagick. Screenshots are kept in $SMOKE_OUT when it is set.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

article="$work/first.txt" second="$work/second.txt"
annotations="$article.annotations.ron"
printf 'The maker denies it.\n\nNobody has shown a single sample.\n' >"$article"
printf 'Another one.\n' >"$second"
has() { [[ -s $1 ]] && grep -qF -- "$2" "$1"; }
quotes() { grep -oE 'exact: "[^"]*"' "$1"; }
# Everything in between arrives at once when the window goes on.
stop() { kill -STOP "$program"; }
go_on() { kill -CONT "$program"; }
keys() { xdotool key --delay 2 "$@"; }

start_display
"$binary" "$article" >"$work/program.log" 2>&1 </dev/null &
program=$!
wait_for_window
sleep 2
keys ctrl+Home ctrl+shift+Right
sleep 0.5
keys 1 ctrl+s
until_true 10 has "$annotations" 'tags: ["allegation"]' || fail "the first mark was not saved"

step "a tag after Escape and a new selection goes to the new selection"
stop
keys Escape Escape ctrl+End Home shift+End
keys ctrl+Home ctrl+Down Home shift+End 2 ctrl+s
go_on
until_true 10 has "$annotations" 'tags: ["denial"]' || fail "the second mark was not saved"
screenshot tagged
has "$annotations" 'tags: ["allegation"]' || fail "the first mark was changed: $(cat "$annotations")"
has "$annotations" 'exact: "Nobody has shown a single sample."' || fail "another passage was marked: $(quotes "$annotations")"

step "Delete after Escape removes nothing"
stop
keys Escape Escape Escape Delete ctrl+Home ctrl+shift+Right ctrl+shift+Right 3 ctrl+s
go_on
until_true 10 has "$annotations" 'tags: ["expert-opinion"]' || fail "the third mark was not saved"
has "$annotations" 'tags: ["denial"]' || fail "the mark that was chosen before is gone"

step "digits after Enter are written into the note"
stop
keys Return
xdotool type --delay 2 hello12
keys ctrl+Return ctrl+s
go_on
until_true 10 has "$annotations" 'note: "hello12"' || fail "the note was not written: $(cat "$annotations")"

step "digits after Ctrl+K are written into the field, and the one after Escape is a tag"
stop
keys ctrl+k 1 2 3 Escape 4 ctrl+s
go_on
until_true 10 has "$annotations" '"precedent"]' || fail "the digit after Escape was not saved"
has "$annotations" 'tags: ["expert-opinion", "precedent"]' || fail "a digit of the field tagged a mark: $(cat "$annotations")"
before="$(cat "$annotations")"

step "keys behind a path wait for the article"
stop
keys ctrl+shift+o ctrl+a
xdotool type --delay 2 "$second"
keys Return ctrl+Home ctrl+shift+Right 2 ctrl+s
go_on
until_true 10 has "$second.annotations.ron" 'tags: ["denial"]' || fail "the second article was not marked"
[[ $(cat "$annotations") == "$before" ]] || fail "a key for the second article reached the first"
screenshot second

step "50 keys"
stop
for _ in $(seq 25); do keys shift+Right 2; done
keys ctrl+s
before="$(cat "$second.annotations.ron")"
is_new() { [[ $(cat "$second.annotations.ron") != "$before" ]]; }
started="$(date +%s%N)"
go_on
until_true 20 is_new || fail "50 keys were not carried out in 20 seconds"
step "50 keys took $((($(date +%s%N) - started) / 1000000)) ms at most"

keys ctrl+q
until_true 10 has_ended || fail "still running 10 seconds after Ctrl+Q"
status=0
wait "$program" || status=$?
program=''
if [[ $status -ne 0 ]]; then fail "the program ended with $status"; fi
if grep -q panicked "$work/program.log"; then fail "the program panicked"; fi

step "passed"
