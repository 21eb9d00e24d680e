#!/usr/bin/env bash
# Many commands tag one article at once, and single calls of one of them are held up: a command that says it is done
# has its mark in the file, or in a conflict copy beside it; one that was refused has it nowhere.
set -euo pipefail
# shellcheck source=tests/faults/lib.sh
source "${FAULTS_HERE:?start this with tests/faults/run}/lib.sh"
# shellcheck source=tests/faults/strace.sh
source "$FAULTS_HERE/strace.sh"

: "${PROGRAM:?start this with tests/faults/run}"
program="$work/sourcemark"
cp "$PROGRAM" "$program"
article="$folder/news.txt" file="$folder/news.txt.annotations.ron"
export XDG_CONFIG_HOME="$work/config"

# Words that can be told apart in the file.
word() { printf 'word%03dx' "$1"; }
mkdir -p "$folder" "$state"
for ((n = 0; n <= 40; n++)); do printf '%s ' "$(word "$n")"; done >"$article"
# The file is there already; the first save is another matter.
XDG_STATE_HOME="$state" "$program" tag "$article" --creator a --as denial --quote "$(word 40)" >/dev/null
remember

# tag N PREFIX…: the Nth person tags the Nth word. Every other person has another state folder.
tag() {
    local n="$1" code=0
    shift
    { XDG_STATE_HOME="$state/$((n % 2))" "$@" "$program" tag "$article" --creator "p$n" --as denial \
        --quote "$(word "$n")" >"$work/said-$n" 2>&1 || code=$?; } 2>/dev/null
    echo "$code" >"$work/code-$n"
}

n_copies=0 n_refused=0
# law COUNT: holds the law to what COUNT commands have said.
law() {
    local n code all
    all="$(cat "$file" "$folder/"*'conflicted copy'* 2>/dev/null)" || true
    n_copies=$((n_copies + $(find "$folder" -name '*conflicted copy*' | wc -l)))
    for ((n = 0; n < $1; n++)); do
        code="$(cat "$work/code-$n")"
        if [[ $code -eq 0 ]]; then
            if ! grep -qF "\"$(word "$n")\"" <<<"$all"; then violation "the mark of $n is lost"; fi
        else
            n_refused=$((n_refused + 1))
            if grep -qF "\"$(word "$n")\"" <<<"$all"; then violation "$n was refused and its mark is there"; fi
        fi
    done
    if ! "$program" list "$article" >"$out" 2>&1; then violation "the file cannot be read: $(tail -n 1 "$out")"; fi
    if ! grep -qF "\"$(word 40)\"" "$file"; then violation 'the first mark is lost'; fi
    if (($(n_leftovers "$folder") > 0)); then violation 'temporary files were left'; fi
}
# Between programs that take the lock, nobody is refused and nothing ends up in a copy.
nobody_refused() {
    if ((n_refused > 0)); then violation "$n_refused were refused: $(grep -lv '^0' "$work"/code-* | head -n 1)"; fi
    if ((n_copies > 0)); then violation "$n_copies conflict copies"; fi
}

# race COUNT PREFIX…: so many at once.
race() {
    local count="$1" n pids=()
    shift
    restore
    n_rounds=$((n_rounds + 1))
    for ((n = 0; n < count; n++)); do
        tag "$n" "$@" &
        pids+=($!)
    done
    wait "${pids[@]}"
    n_injected=$((n_injected + count))
    law "$count"
}

rounds="${RACE_ROUNDS:-200}"
if [[ -n $QUICK ]]; then rounds=3; fi
begin '8 commands at once'
n_copies=0 n_refused=0
for ((i = 0; i < rounds; i++)); do race 8; done
nobody_refused
finish
begin '32 commands at once'
n_copies=0 n_refused=0
for ((i = 0; i < (rounds + 3) / 4; i++)); do race 32; done
nobody_refused
finish

delayed() { strace -qq -f -o /dev/null -e trace="$1" -e inject="$1:delay_enter=$2" "${@:3}"; }
without_locks() { strace -qq -f -o /dev/null -e trace=flock -e inject=flock:error=EOPNOTSUPP "$@"; }

begin 'three at once, a call of all of them held up'
n_copies=0 n_refused=0
for call in renameat2 rename linkat unlink openat fsync flock; do race 3 delayed "$call" 20000; done
nobody_refused
finish

# one_delayed PREFIX…: one command is held up at each of its calls that touch the folder, in which two others go on.
one_delayed() {
    local call at pids
    restore
    failing_calls="$1" failing_error=EOPNOTSUPP
    shift
    XDG_STATE_HOME="$state/0" plan "$program" tag "$article" --creator p0 --as denial --quote "$(word 0)" >"$work/plan"
    if [[ -n $QUICK ]]; then
        grep -E '^(renameat2|flock|linkat) ' "$work/plan" >"$work/short"
        mv "$work/short" "$work/plan"
    fi
    while read -r call at; do
        restore
        spot="$call $at" n_rounds=$((n_rounds + 1)) pids=()
        {
            code=0
            XDG_STATE_HOME="$state/0" traced "$call" -e inject="$call:delay_enter=250000:when=$at" -- "$program" tag \
                "$article" --creator p0 --as denial --quote "$(word 0)"
            echo "$code" >"$work/code-0"
            grep -c DELAYED "$log" >"$work/hits" || true
        } &
        pids+=($!)
        # One that goes on at once, and one when that is done.
        for ((n = 1; n <= 2; n++)); do
            wait_ms 60
            tag "$n" "$@"
        done
        wait "${pids[@]}"
        # One that was overtaken before may not come to that call.
        if (($(cat "$work/hits") > 0)); then n_injected=$((n_injected + 1)); fi
        law 3
    done <"$work/plan"
    failing_calls='' failing_error='' spot=''
}
begin 'one held up at every call'
n_copies=0 n_refused=0
one_delayed '' env
nobody_refused
finish
begin 'the same where nothing can be locked'
n_copies=0 n_refused=0
one_delayed flock without_locks
finish
note "refused: $n_refused, kept as conflict copies: $n_copies"
end_row
