#!/usr/bin/env bash
# Lets each read and write do less than it is asked for, and interrupts calls: the files are whole all the same.
set -euo pipefail
# shellcheck source=tests/faults/lib.sh
source "${FAULTS_HERE:?start this with tests/faults/run}/lib.sh"

preloaded
folder="$work/short" file="$work/short/news.txt.annotations.ron" state="$work/state" out="$work/out"

# meddled SETTING… -- ARGUMENTS: a run of the program with that library before it.
meddled() {
    local -a settings=()
    while [[ $1 != -- ]]; do
        settings+=("$1")
        shift
    done
    shift
    code=0
    env "${settings[@]}" LD_PRELOAD="$preload" PRELOAD_COUNT="$work/count" "$saver" "$@" >"$out" 2>&1 || code=$?
    n_rounds=$((n_rounds + 1))
    if [[ -s $work/count && $(cat "$work/count") -gt 0 ]]; then n_injected=$((n_injected + 1)); fi
}
fresh() {
    rm -rf "$folder" "$state"
    mkdir -p "$folder" "$state"
    "$saver" save "$file" --state "$state" >/dev/null
}
all_saved() {
    if [[ $code -ne 0 ]]; then violation "$*: $(tail -n 1 "$out")"; fi
    check_file "$file" 6 6 || true
    check_versions "$file" "$state"
}

begin 'at most so many bytes a call'
for most in 1 7 511 4096 8191 30000; do
    fresh
    meddled PRELOAD_MAX="$most" -- save "$file" --state "$state" --saves 5
    all_saved "$most bytes a call"
done
finish

begin 'calls are interrupted'
for every in 2 3 5 7; do
    fresh
    meddled PRELOAD_EINTR="$every" -- save "$file" --state "$state" --saves 5
    all_saved "every ${every}th"
    fresh
    meddled PRELOAD_EINTR="$every" PRELOAD_MAX=1000 -- save "$file" --state "$state" --saves 5
    all_saved "every ${every}th, 1000 bytes a call"
done
finish

begin 'a write is cut short, and then the disk is full'
fresh
size="$(stat -c %s "$file")"
for ((room = 1; room < size; room += 1777)); do
    fresh
    meddled PRELOAD_ROOM="$room" -- save "$file" --state "$state"
    if ! grep -q '^error 2: .*disk is full' "$out"; then violation "after $room bytes: $(tail -n 1 "$out")"; fi
    check_file "$file" 1 1 || true
    check_versions "$file" "$state"
    if (($(n_leftovers "$folder") > 0)); then violation "after $room bytes a temporary name was left"; fi
done
finish

begin_control 'control: short writes are taken for whole ones'
fresh
meddled PRELOAD_MAX=4096 -- save "$file" --how one-write
check_file "$file" 2 2 || true
finish
end_row
