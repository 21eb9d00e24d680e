#!/usr/bin/env bash
# Kills the program at each single system call of opening and saving that touches its files: what is there
# afterwards is the old or the new version, whole, and the next opening and save go well.
set -euo pipefail
# shellcheck source=tests/faults/lib.sh
source "${FAULTS_HERE:?start this with tests/faults/run}/lib.sh"
# shellcheck source=tests/faults/strace.sh
source "$FAULTS_HERE/strace.sh"

# at_every_call CHECK COMMAND: kills COMMAND at each call, calls CHECK with the last acknowledged generation.
at_every_call() {
    local check="$1" call at last
    shift
    restore
    plan "$@" >"$work/plan"
    while read -r call at; do
        restore
        n_rounds=$((n_rounds + 1))
        spot="$call $at"
        traced "$call" -e inject="$call:signal=KILL:when=$at" -- "$@"
        if [[ $code -eq 137 ]]; then n_injected=$((n_injected + 1)); else
            violation "not killed: the run ended with $code"
        fi
        last="$(last_ack "$out")"
        if ((last == 0)); then last="$old"; fi
        "$check" "$last"
    done <"$work/plan"
}

old_or_new() {
    check_file "$file" "$1" $((old + 1)) || true
    next_session
}
# What a person does next.
next_session() {
    local before="$number"
    "$saver" save "$file" --state "$state" --writer next >"$out" 2>&1 ||
        violation "no save: $(tail -n 1 "$out")"
    check_file "$file" $((before + 1)) $((before + 1)) || true
    check_versions "$file" "$state"
    # That one was replaced, so it must have been kept.
    if ((before > 0)) && ! has_version "$before"; then
        violation "generation $before is not among the versions"
    fi
    if (($(n_leftovers "$tree") > 0)); then violation "left behind: $(n_leftovers "$tree")"; fi
    # Nobody else wrote: whatever was left was known.
    if compgen -G "$folder/*conflicted copy*" >/dev/null; then violation 'a conflict copy of nobody'; fi
}

old=2
begin 'a save over the last file'
fresh 2 --state "$state"
at_every_call old_or_new "$saver" save "$file" --state "$state"
finish

old=0
begin 'the first save'
fresh 0
at_every_call old_or_new "$saver" save "$file" --state "$state"
finish

if [[ -z $QUICK ]]; then
    old=2
    begin 'a save without earlier versions'
    fresh 2
    at_every_call old_or_new "$saver" save "$file"
    finish

    # In place, there is a moment at which the file is neither: then the old one must be among the versions that
    # the next opening finds.
    in_place() {
        look_at "$file"
        if ((number >= $1)); then return; fi
        n_torn=$((n_torn + 1))
        "$saver" save "$file" --state "$state" >"$out" 2>&1 || true
        check_versions "$file" "$state"
        if ! has_version "$old"; then violation "generation $old is lost"; fi
    }
    old=2 n_torn=0
    begin 'a file that is mounted by itself'
    fresh 2 --state "$state"
    failing_calls=renameat2 failing_error=EBUSY
    at_every_call in_place "$saver" save "$file" --state "$state"
    failing_calls=''
    finish
    note "file torn and the version before kept: $n_torn of $n_rounds"

    begin 'a disk that cannot let two files trade names'
    fresh 2 --state "$state"
    failing_calls=renameat2 failing_error=EINVAL
    at_every_call old_or_new "$saver" save "$file" --state "$state"
    finish

    old=0
    begin 'the first save there'
    fresh 0
    at_every_call old_or_new "$saver" save "$file" --state "$state"
    finish

    # Where a name cannot be given only if it is free, it is claimed with an empty file first. Between the two
    # there is an empty file, and nothing was acknowledged.
    claimed() {
        local last="$1"
        if [[ -e $file && ! -s $file && $last -eq 0 ]]; then
            n_empty=$((n_empty + 1))
        else
            old_or_new "$last"
        fi
    }
    n_empty=0
    begin 'the first save on a disk without links too'
    failing_calls=renameat2,linkat failing_error=EOPNOTSUPP
    fresh 0
    at_every_call claimed "$saver" save "$file" --state "$state"
    failing_calls=''
    finish
    note "killed between claiming the name and filling it, an empty file: $n_empty of $n_rounds"

    old=2
    begin 'earlier versions on a disk of their own'
    if [[ -w /dev/shm && $(stat -c %d /dev/shm) != $(stat -c %d "$work") ]]; then
        fresh 2
        state="$(mktemp -d /dev/shm/sourcemark-faults.XXXXXX)"
        other_disk="$state"
        at_every_call old_or_new "$saver" save "$file" --state "$state"
        rm -rf "$other_disk"
        state="$work/tree/state" other_disk=''
        finish
    else
        skip_case "$case_name" 'no second disk at /dev/shm'
    fi

    # A save was killed when the last version but one had no name but the temporary one.
    still_there() {
        check_versions "$file" "$state"
        if ! has_version 2 && (($(n_leftovers "$folder") == 0)); then
            violation "generation 2 is lost"
        fi
        check_file "$file" 3 4 || true
    }
    old=3
    begin 'clearing away what a killed save left'
    fresh 2
    traced unlink -e inject=unlink:signal=KILL:when=1 -- "$saver" save "$file"
    if (($(n_leftovers "$folder") != 1)); then violation 'the kill left nothing behind'; fi
    remember
    at_every_call still_there "$saver" save "$file" --state "$state"
    finish
fi

torn() { check_file "$file" "$1" $((old + 1)) || true; }
old=2
begin_control 'control: the file is emptied and written'
fresh 2
at_every_call torn "$saver" save "$file" --how in-place
finish
end_row
