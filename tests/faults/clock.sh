#!/usr/bin/env bash
# Lets the clock stand in 1970 or 2100 and run backwards between two saves: nothing is lost, and the earlier
# versions keep their order.
set -euo pipefail
# shellcheck source=tests/faults/lib.sh
source "${FAULTS_HERE:?start this with tests/faults/run}/lib.sh"

library=''
for place in /usr/lib/*/faketime/libfaketime.so.1 /usr/lib*/faketime/libfaketime.so.1; do
    if [[ -e $place ]]; then library="$place"; fi
done
if [[ -z $library ]]; then skip_row 'libfaketime is not installed (Debian: faketime)'; fi
folder="$work/clock" file="$work/clock/news.txt.annotations.ron" state="$work/state"
mkdir -p "$folder" "$state"
export TZ=UTC

# At all these moments one after the other: back, forth, and over the changes of the signs of 32 and 31 bits.
moments=('2026-03-01 12:00:00' '1970-01-01 00:00:10' '2100-12-31 23:59:58' '2026-03-01 12:00:01'
    '2038-01-19 03:14:07' '1999-12-31 23:59:59' '2000-02-29 00:00:00' '1970-01-02 00:00:00')
# Twice, so that there are more versions than are kept in any case.
moments+=("${moments[@]}")

# check_history COUNT: the file is generation COUNT, and the versions are those before, the latest first.
check_history() {
    local expected shown
    check_file "$file" "$1" "$1" || true
    check_versions "$file" "$state"
    shown="$(sed -n 's/.*generation 0*\([0-9]*\) by .*/\1/p' <<<"$versions" | tr '\n' ' ')"
    expected="$(seq $(($1 - 1)) -1 $(($1 > 11 ? $1 - 10 : 1)) | tr '\n' ' ')"
    # More than the last ten are kept where days have passed, whatever their order.
    if [[ $shown != "$expected"* ]]; then violation "versions $shown, expected $expected"; fi
}

begin 'each session at another time'
for moment in "${moments[@]}"; do
    n_rounds=$((n_rounds + 1))
    FAKETIME="@$moment" LD_PRELOAD="$library" "$saver" save "$file" --state "$state" >"$work/out" 2>&1 || true
    # That the program believed it is seen by the time that it prints.
    if grep -q "^ack $n_rounds ${moment% *}T" "$work/out"; then n_injected=$((n_injected + 1)); else
        violation "at $moment: $(tail -n 1 "$work/out")"
    fi
    check_history "$n_rounds"
done
finish

begin 'the clock is set between two saves'
rm -rf "$folder" "$state"
mkdir -p "$folder" "$state"
set_clock() { printf '@%s\n' "$1" >"$work/clock-file"; }
set_clock "${moments[0]}"
export FAKETIME_TIMESTAMP_FILE="$work/clock-file" FAKETIME_NO_CACHE=1
run_as=(env "LD_PRELOAD=$library")
start_session "$file" --state "$state"
for moment in "${moments[@]}"; do
    n_rounds=$((n_rounds + 1))
    set_clock "$moment"
    order_save
    saved
    if [[ $outcome == "ack $n_rounds ${moment% *}T"* ]]; then n_injected=$((n_injected + 1)); else
        violation "at $moment: $outcome"
    fi
    check_history "$n_rounds"
done
end_session
run_as=()
unset FAKETIME_TIMESTAMP_FILE
finish

# The times of files are the system's, which that library does not reach: what a wrong clock would have written
# is set by hand.
begin 'the file has the time of a wrong clock'
rm -rf "$folder" "$state"
mkdir -p "$folder" "$state"
"$saver" save "$file" --state "$state" >/dev/null
for moment in "${moments[@]}" '1960-01-01 00:00:00' '2400-01-01 00:00:00'; do
    n_rounds=$((n_rounds + 1))
    touch -d "$moment" "$file"
    if [[ $(stat -c %y "$file") == "$moment"* ]]; then n_injected=$((n_injected + 1)); fi
    "$saver" save "$file" --state "$state" >"$work/out" 2>&1 || violation "at $moment: $(tail -n 1 "$work/out")"
    check_history $((n_rounds + 1))
done
finish
end_row
