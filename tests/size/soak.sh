#!/usr/bin/env bash
# Types random keys into the real window for some minutes and watches the memory of its own (anonymous pages).
#
#   tests/size/soak.sh BINARY [MINUTES] [SEED]
#
# Passes when the memory at the end is within 10 % of what it was after one minute. Needs Xvfb and xdotool.
set -euo pipefail

minutes="${2:-20}" seed="${3:-1}"
set -- "$1"
source "$(dirname "${BASH_SOURCE[0]}")/../smoke/lib.sh"

for sample in "$root"/sample_docs/0*; do cp "$sample" "$work/"; done
articles=("$work"/0*.md "$work"/0*.txt)

# One line of keys for xdotool; what would close the window is left out, and files are saved and not closed for good.
random_keys() {
    awk -v seed="$1" 'BEGIN {
        srand(seed)
        n = split("a b c d e f g h i j k l m n o p r s t u v w x y z 1 2 3 4 5 6 7 8 9 0 space comma period " \
            "Return Return Escape Escape Escape Tab Tab shift+Tab Delete BackSpace Home End Prior Next Up Down Left Right " \
            "shift+Right shift+Right shift+Down shift+End ctrl+Right ctrl+shift+Right ctrl+a ctrl+c ctrl+v ctrl+v ctrl+x " \
            "ctrl+z ctrl+z ctrl+y ctrl+s ctrl+p ctrl+f ctrl+plus ctrl+minus ctrl+0 ctrl+Tab ctrl+Tab ctrl+shift+p " \
            "F1 F2 F3 F5 F6 F7 F8 shift+F7 shift+F8 alt+Left ctrl+Home ctrl+End ctrl+comma ctrl+k ctrl+l ctrl+b ctrl+e", key, " ")
        for (i = 0; i < 40; i++) printf "%s ", key[int(rand() * n) + 1]
    }'
}
# What is its own: how much of a library counts depends on who else uses it just then.
own_mb() { awk '/^RssAnon/ {print int($2 / 1024)}' "/proc/$program/status"; }
peak_mb() { awk '/^VmHWM/ {print int($2 / 1024)}' "/proc/$program/status"; }

start_display
"$binary" "${articles[@]}" >"$work/program.log" 2>&1 </dev/null &
program=$!
wait_for_window
step "random keys for $minutes minutes, seed $seed"
start=$SECONDS first='' round=0 next=60
while ((SECONDS - start < minutes * 60)); do
    round=$((round + 1))
    # shellcheck disable=SC2046
    xdotool key --delay 12 $(random_keys $((seed * 100000 + round))) || true
    # Somewhere else now and then.
    if ((round % 7 == 0)); then
        xdotool mousemove --window "$window" $((RANDOM % 1200 + 20)) $((RANDOM % 700 + 40)) click 1 || true
    fi
    is_running || fail "the program ended after $((SECONDS - start)) seconds"
    if ((SECONDS - start >= next)); then
        now=$(own_mb)
        first="${first:-$now}"
        step "minute $((next / 60)): $now MB, peak $(peak_mb) MB, $((round * 40)) keys"
        next=$((next + 60))
    fi
done
# What is being read or typed must not count: everything is left to rest.
xdotool key Escape Escape Escape || true
sleep 3
end=$(own_mb)
step "after one minute $first MB, at the end $end MB, at the peak $(peak_mb) MB, $((round * 40)) keys"
if ((end * 100 > first * 110)); then fail "more than 10 % beyond what it was after one minute"; fi
step "passed"
