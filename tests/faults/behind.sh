#!/usr/bin/env bash
# Changes the file behind the program's back, with the same length and the old time put back: it is noticed before
# the save, and even in the middle of it, and the other's version stays.
set -euo pipefail
# shellcheck source=tests/faults/lib.sh
source "${FAULTS_HERE:?start this with tests/faults/run}/lib.sh"

folder="$work/folder" file="$work/folder/news.txt.annotations.ron" state="$work/state" theirs="$work/theirs"
mkdir -p "$folder" "$state"

# Their version: another writer's, of the same length.
make_theirs() {
    rm -f "$file" "$theirs"
    "$saver" save "$theirs" --writer b "$@" >/dev/null
    "$saver" save "$file" --writer a "$@" >/dev/null
    # Both name the article of the file.
    sed -i 's/"theirs"/"news.txt"/' "$theirs"
}
# How others write, each with the length and the time of the file as they were.
over_it() { cat "$theirs" >"$file"; }
in_its_place() {
    cp "$theirs" "$folder/new"
    mv "$folder/new" "$file"
}
unnoticeable() {
    touch -r "$file" "$work/time"
    length="$(stat -c '%s %y' "$file")"
    "$1"
    touch -r "$work/time" "$file"
    # By length and time nobody could tell.
    if [[ $(stat -c '%s %y' "$file") == "$length" ]]; then n_injected=$((n_injected + 1)); fi
}
theirs_stays() {
    look_at "$file"
    if [[ $found != 'generation 00000001 by b' && $(sha256sum <"$file") != "$(sha256sum <"$theirs")" ]]; then
        violation "the other's version is gone: $found"
    fi
}
# Beside it, under the name that was told.
theirs_is_a_copy() {
    local copy
    copy="$(sed -n 's/^note 2 displaced: .*is kept in `\(.*conflicted copy.*\)`$/\1/p' "$work/out")"
    if [[ ! -f $copy ]] || ! cmp -s "$copy" "$theirs"; then violation "the other's version is gone: ${copy:-no copy}"; fi
    look_at "$file"
    if [[ $found != 'generation 00000002 by a' ]]; then violation "saved, and not there: $found"; fi
    rm -f "$folder/"*'conflicted copy'*
}

# noticed HOW ARGUMENTS: before a save.
noticed() {
    local how="$1"
    shift
    n_rounds=$((n_rounds + 1))
    make_theirs "$@"
    start_session "$file" --state "$state" "$@"
    unnoticeable "$how"
    order_save
    if ! grep -q '^look changed: Content' "$work/said"; then violation "$how: the look found nothing"; fi
    if [[ $outcome != *'another program changed the file'* ]]; then violation "$how: $outcome"; fi
    theirs_stays
    end_session
}

begin 'between opening and saving'
for how in over_it in_its_place; do noticed "$how"; done
finish

# Too large to be read before each save: only the time of change tells, which no program can set.
begin 'the same with a file of 23 MB'
for how in over_it in_its_place; do noticed "$how" --annotations 2000 --note-bytes 11000; done
if (($(stat -c %s "$file") <= 20 * 1024 * 1024)); then violation 'the file is not large enough'; fi
finish

# while_waiting CALL: the system holds the save up at that call for a while, in which the other one writes.
while_waiting() {
    local saving
    n_rounds=$((n_rounds + 1))
    make_theirs
    : >"$work/log"
    strace -qq -o "$work/log" -e trace="$1" -e inject="$1:delay_enter=1500000:when=$2" \
        "$saver" save "$file" --writer a >"$work/out" 2>&1 &
    saving=$!
    local try
    for ((try = 0; try < 400; try++)); do
        # The temporary name shows that the save is under way; the comparison is over then.
        if (($(n_leftovers "$folder") > 0)); then break; fi
        wait_ms 5
    done
    wait_ms 300
    unnoticeable "$3"
    wait "$saving" || true
    if ! grep -q '(DELAYED)' "$work/log"; then violation "$1: the save was not held up"; fi
    case "$1" in
    # Between the last comparison and the trade: it came out, and lies beside the file.
    renameat2)
        if ! grep -q '^ack 2' "$work/out"; then violation "$1, $3: $(tail -n 1 "$work/out")"; fi
        theirs_is_a_copy
        ;;
    *)
        if ! grep -q '^error 2: .*another program' "$work/out"; then violation "$1, $3: $(tail -n 1 "$work/out")"; fi
        theirs_stays
        ;;
    esac
    if (($(n_leftovers "$folder") > 0)); then violation 'a temporary name was left'; fi
}

begin 'in the middle of a save'
if command -v strace >/dev/null && strace -o /dev/null true 2>/dev/null; then
    for how in over_it in_its_place; do
        while_waiting renameat2 1 "$how"
        while_waiting fsync 1 "$how"
    done
    finish
else
    skip_case "$case_name" 'strace is not installed or may not trace'
fi

begin 'the file is removed, or appears'
n_rounds=2
make_theirs
start_session "$file"
rm "$file"
order_save
refused 'the file no longer exists' || true
if [[ -e $file ]]; then violation 'a removed file was made anew unasked'; fi
end_session
start_session "$file"
cp "$theirs" "$file"
order_save
refused 'a file of this name has appeared' || true
theirs_stays
end_session
finish

begin_control 'control: length and time are compared'
n_rounds=1
make_theirs
start_session "$file" --how unsynced
unnoticeable over_it
order_save
theirs_stays
end_session
finish
end_row
