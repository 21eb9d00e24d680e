#!/usr/bin/env bash
# Lets each single system call of opening and saving fail: what cannot be read is never written over, the old
# file stays until the new one is whole, only what is on the disk is acknowledged, and another try saves.
set -euo pipefail
# shellcheck source=tests/faults/lib.sh
source "${FAULTS_HERE:?start this with tests/faults/run}/lib.sh"
# shellcheck source=tests/faults/strace.sh
source "$FAULTS_HERE/strace.sh"

# errors_of CALL: what that call can fail with. Not "there is no such file": that is an answer.
errors_of() {
    case "$1" in
    openat) echo EACCES EIO EMFILE ENOSPC EDQUOT EROFS ENAMETOOLONG ENOTCONN EINTR ;;
    read) echo EIO ESTALE EINTR ;;
    write) echo ENOSPC EIO EDQUOT EFBIG EINTR ;;
    fsync) echo EIO ENOSPC EDQUOT EROFS EINTR ;;
    rename | renameat2) echo EIO ENOSPC EDQUOT EACCES EROFS EXDEV EBUSY EINTR ENAMETOOLONG EINVAL ;;
    close) echo EIO ENOSPC EINTR ;;
    unlink) echo EACCES EIO EBUSY EROFS ;;
    flock) echo EOPNOTSUPP ENOLCK EINTR ;;
    linkat) echo EPERM EMLINK EXDEV ENOSPC EIO ;;
    statx | newfstatat) echo EACCES EIO ENAMETOOLONG ENOTCONN ;;
    *) echo EIO EACCES ;;
    esac
}
# In a hurry, one of them each time, another one for the next call.
some_errors_of() {
    local -a errors
    read -r -a errors <<<"$(errors_of "$1")"
    if [[ -n $QUICK ]]; then echo "${errors[$(($2 % ${#errors[@]}))]}"; else echo "${errors[@]}"; fi
}

# --- reading ---------------------------------------------------------------------------------------------

begin 'the file cannot be read'
fresh 2 --state "$state"
bytes="$(sha256sum <"$file")"
for point in openat:1 read:1 read:2 statx:1 statx:2; do
    call="${point%:*}" at="${point#*:}"
    for error in $(errors_of "$call") ELOOP ENODEV EHOSTDOWN; do
        spot="$call $at $error"
        restore
        n_rounds=$((n_rounds + 1))
        traced "$call" -P "$file" -e inject="$call:error=$error:when=$at" -- \
            "$saver" save "$file" --state "$state"
        n_injected=$((n_injected + $(n_hits)))
        if grep -q '^found new' "$out"; then violation "taken for a new document"; fi
        if [[ $error == EINTR && $call != statx ]]; then
            # An interrupted call is made again, and all is well.
            if [[ $code -ne 0 ]]; then violation "$(tail -n 1 "$out")"; fi
            continue
        fi
        if ! grep -q '^found unreadable: cannot open' "$out"; then
            violation "not said that the file cannot be read: $(tail -n 1 "$out")"
        fi
        if grep -q '^ack' "$out" || [[ $(sha256sum <"$file") != "$bytes" ]]; then
            violation "the file was written"
        fi
    done
done
finish

# --- saving ----------------------------------------------------------------------------------------------

# What came out could not be read: it may be anybody's, so it is a conflict copy, and that was said.
is_beside() {
    local copy
    copy="$(sed -n 's/^note [0-9]* displaced: .*is kept in `\(.*\)`$/\1/p' "$out")"
    [[ -n $copy ]] && grep -q "$(printf 'generation %08d ' "$old")" <<<"$("$saver" check "$copy")"
}

# After a save that a fault met; `spot` names it.
check_save() {
    local acked
    acked="$(last_ack "$out")"
    # Saved for the living; nobody cuts the power here.
    if ((acked == 0)); then acked="$(awk '$1 == "unsure" { print $2 }' "$out")"; fi
    if ((acked > 0)); then
        check_file "$file" "$acked" "$acked" || true
    else
        check_file "$file" "$old" $((old + 1)) || true
        # The answers are written as well.
        if [[ $spot != write*+* ]] && ! grep -qE '^(error|found unreadable)' "$out"; then
            violation "neither saved nor said why not"
        fi
    fi
    case "$code:$spot" in
    0:* | 1:* | 3:* | 4:write*+*) ;;
    *) violation "the program ended with $code: $(tail -n 1 "$out")" ;;
    esac
    if [[ -n $with_versions ]]; then
        check_versions "$file" "$state"
        if ((acked > 0 && old > 0)) && ! has_version "$old" && ! is_beside && ! grep -q 'no earlier version' "$out"; then
            violation "generation $old was not kept, and nothing said"
        fi
    fi
}

# each_fails_once COMMAND: one fault at each call; the program tries once more.
each_fails_once() {
    local call at error
    restore
    plan "$@" >"$work/plan"
    while read -r call at; do
        for error in $(some_errors_of "$call" "$n_rounds"); do
            restore
            n_rounds=$((n_rounds + 1))
            spot="$call $at $error"
            traced "$call" -e inject="$call:error=$error:when=$at" -- "$@"
            n_injected=$((n_injected + $(n_hits)))
            check_save
            # Nothing stands in the way of the second try, unless there was nothing to begin with.
            if ((code != 0)) && ! grep -q '^found unreadable' "$out"; then
                violation "no save at the second try: $(tail -n 1 "$out")"
            fi
        done
    done <"$work/plan"
}

# each_fails_from COMMAND: from each call on, all of its name fail.
each_fails_from() {
    local call at error
    restore
    plan "$@" >"$work/plan"
    while read -r call at; do
        for error in $(some_errors_of "$call" "$n_rounds"); do
            # Interrupted calls are made again for ever, and folders are always closed well.
            if [[ $error == EINTR || $call == close ]]; then continue; fi
            restore
            n_rounds=$((n_rounds + 1))
            spot="$call $at+ $error"
            traced "$call" -e inject="$call:error=$error:when=$at+" -- "$@"
            n_injected=$((n_injected + ($(n_hits) > 0)))
            check_save
        done
    done <"$work/plan"
}

old=2 with_versions=yes
begin 'a save over the last file: one call fails'
fresh 2 --state "$state"
each_fails_once "$saver" save "$file" --state "$state" --tries 2
finish

old=0
begin 'the first save: one call fails'
fresh 0
each_fails_once "$saver" save "$file" --state "$state" --tries 2
finish

if [[ -z $QUICK ]]; then
    old=2
    begin 'a save over the last file: all calls fail from'
    fresh 2 --state "$state"
    each_fails_from "$saver" save "$file" --state "$state" --tries 2
    finish

    begin 'a disk without trading names: one call fails'
    fresh 2 --state "$state"
    failing_calls=renameat2 failing_error=EINVAL
    each_fails_once "$saver" save "$file" --state "$state" --tries 2
    failing_calls=''
    finish

    # Written where it stands, what cannot be written to its end is put back as it was.
    begin 'a file that is mounted by itself: one call fails'
    fresh 2 --state "$state"
    failing_calls=renameat2 failing_error=EBUSY
    each_fails_once "$saver" save "$file" --state "$state" --tries 2
    failing_calls=''
    finish
fi

# A write beyond the limit of the session ends a program that does not say otherwise.
old=2 with_versions=yes
begin 'the session allows no file of this size'
fresh 2 --state "$state"
for blocks in 0 1 8 40; do
    restore
    n_rounds=$((n_rounds + 1)) spot="$blocks blocks" code=0
    (ulimit -f "$blocks" && exec "$saver" save "$file" --state "$state" --annotations 10 --note-bytes 5000) 2>&1 |
        cat >"$out" || code="${PIPESTATUS[0]}"
    if grep -q '^error 3: .*larger than this session' "$out"; then n_injected=$((n_injected + 1)); fi
    check_save
    if (($(n_leftovers "$tree") > 0)); then violation 'a temporary name was left'; fi
done
if ((n_injected < 4)); then violation "only $n_injected of 4 were told"; fi
finish

# --- after a failed sync ---------------------------------------------------------------------------------

# A file that the disk could not take once may say next time that all is well, and be lost. So another one must
# be made: of another temporary name, never there before.
begin 'after a failed sync another file is used'
fresh 2 --state "$state"
restore
plan "$saver" save "$file" --state "$state" --tries 2 | grep '^fsync' >"$work/plan"
while read -r call at; do
    for error in EIO ENOSPC EDQUOT; do
        restore
        spot="fsync $at $error"
        traced openat,fsync,renameat2 -e inject="fsync:error=$error:when=$at" -- \
            "$saver" save "$file" --state "$state" --tries 2
        failed_on="$(sed -n 's/.*fsync([0-9]*<\(.*\)>).*INJECTED.*/\1/p' "$log")"
        # The folder has no content to lose; that it could not be synced is noted.
        if [[ $failed_on != *.part ]]; then continue; fi
        n_rounds=$((n_rounds + 1))
        n_injected=$((n_injected + $(n_hits)))
        if [[ $(grep -c "fsync([0-9]*<$failed_on>" "$log") -ne 1 ]]; then violation "$failed_on was synced again"; fi
        made="$(sed -n '/INJECTED/,$p' "$log" | sed -n 's/.*openat(.*O_CREAT|O_EXCL.* = [0-9]*<\(.*\.part\)>$/\1/p')"
        if [[ -z $made || $made == "$failed_on" ]]; then violation "no other file was made after $failed_on"; fi
        stem="${made##*/}" stem="${stem%.part}"
        if ! grep -q "renameat2(.*$stem.*RENAME_EXCHANGE) = 0" "$log"; then
            violation "it was not ${made##*/} that took the file's place"
        fi
        check_save
    done
done <"$work/plan"
finish

with_versions=''
begin_control 'control: the file is emptied and written'
fresh 2
each_fails_once "$saver" save "$file" --how in-place
finish
end_row
