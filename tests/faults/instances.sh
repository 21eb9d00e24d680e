#!/usr/bin/env bash
# Opens and saves one file in several processes: the second is told who has it, a lock ends with its holder, and
# of two that save at once none takes the other's work away unnoticed.
set -euo pipefail
# shellcheck source=tests/faults/lib.sh
source "${FAULTS_HERE:?start this with tests/faults/run}/lib.sh"

need awk
folder="$work/folder" file="$work/folder/news.txt.annotations.ron" state="$work/state"
mkdir -p "$folder" "$state"

# hold PATH NAME: a process that locks; its number is in `holder`, and it holds until it is killed.
hold() {
    : >"$work/held"
    "$saver" lock "$1" --state "$state" --writer "$2" <"$work/never" >"$work/held" 2>&1 &
    holder=$!
    local try
    for ((try = 0; try < 1000; try++)); do
        if [[ -s $work/held ]]; then break; fi
        wait_ms 5
    done
    if [[ $(cat "$work/held") != held ]]; then violation "not locked: $(cat "$work/held")"; fi
}
ask() { answer="$("$saver" lock "$1" --state "$state" --writer asking </dev/null 2>&1)" || true; }

# Open at both ends and never written: whoever reads from it waits until it is killed.
mkfifo "$work/never"
exec 8<>"$work/never"
"$saver" save "$file" --state "$state" >/dev/null
ln -s "$file" "$folder/by-link.txt.annotations.ron"
ln "$file" "$folder/second-name.txt.annotations.ron"
paths=("$file" "$folder/by-link.txt.annotations.ron" "$folder/second-name.txt.annotations.ron"
    "$folder/../folder/news.txt.annotations.ron")

begin 'the second is told who has it open'
for first in "${paths[@]}"; do
    for second in "${paths[@]}"; do
        n_rounds=$((n_rounds + 1))
        hold "$first" "Ana Öz"
        ask "$second"
        if [[ $answer == "other Ana Öz $holder" ]]; then n_injected=$((n_injected + 1)); else
            violation "$first, then $second: $answer"
        fi
        kill_hard "$holder" || true
    done
done
finish

begin 'a lock ends with its holder, however it ends'
for ((n_rounds = 0; n_rounds < 20; n_rounds++)); do
    hold "$file" first
    if kill_hard "$holder"; then n_injected=$((n_injected + 1)); fi
    ask "$file"
    if [[ $answer != held ]]; then violation "after kill -9: $answer"; fi
done
finish

# race ARGUMENTS: two processes save the same file as fast as they can. A generation is read before the next is
# written, so that each number can be acknowledged once, and as many are in the file as were acknowledged.
race() {
    local writer before after n_acks doubles pids=()
    rm -rf "$folder" "$state"
    mkdir -p "$folder" "$state"
    "$saver" save "$file" --state "$state" >/dev/null
    look_at "$file"
    before="$number"
    for writer in a b; do
        "$saver" save "$file" --writer "$writer" --saves "${saves:-60}" --reload "$@" >"$work/race-$writer" 2>&1 &
        pids+=($!)
    done
    for writer in "${pids[@]}"; do wait "$writer" || violation "a writer ended with $?: $(tail -qn 1 "$work"/race-?)"; done
    look_at "$file"
    after="$number"
    n_rounds=$((n_rounds + 1))
    n_acks="$(cat "$work"/race-? | grep -c '^ack')" || true
    doubles="$(cat "$work"/race-? | awk '$1 == "ack" { n[$2]++ } END { for (g in n) m += n[g] - 1; print m + 0 }')"
    if ((after - before != n_acks)); then violation "$n_acks acknowledged, $((after - before)) in the file"; fi
    if ((doubles > 0)); then violation "$doubles generations were acknowledged twice"; fi
    # A race that met nobody else proves nothing.
    n_clashes="$(cat "$work"/race-? | grep -c '^error .*\(another program\|not there\|not that\)')" || true
    n_injected=$((n_injected + n_clashes))
}

begin 'two save at once'
for _ in 1 2 3 4 5; do race --state "$state"; done
check_versions "$file" "$state"
if (($(n_leftovers "$folder") > 0)); then violation 'temporary names were left'; fi
finish
note "$n_injected saves were refused because the other had been faster, and made again"

begin_control 'control: without looking'
for _ in 1 2 3; do race --how unsynced; done
n_injected="$n_rounds"
finish
end_row
