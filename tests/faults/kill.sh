#!/usr/bin/env bash
# Kills the program at random moments of saving: the file is the last acknowledged generation or the next, whole.
set -euo pipefail
# shellcheck source=tests/faults/lib.sh
source "${FAULTS_HERE:?start this with tests/faults/run}/lib.sh"

rounds="${ROUNDS:-1000}"
folder="$work/kill" file="$work/kill/news.txt.annotations.ron" state="$work/state"
mkdir -p "$folder" "$state"

# one_round ARGUMENTS: lets the program save until it is killed.
one_round() {
    local pid
    n_rounds=$((n_rounds + 1))
    # A program that is killed before it has begun does not empty it.
    : >"$work/acks"
    "$saver" save "$file" --saves 1000000 "$@" >"$work/acks" 2>&1 &
    pid=$!
    wait_ms "$(between 1 "${longest_ms:-60}")"
    if kill_hard "$pid" && [[ -s $work/acks ]]; then n_injected=$((n_injected + 1)); fi
}
# The generation before counts where nothing was acknowledged.
check_round() {
    local last
    last="$(last_ack "$work/acks")"
    if ((last == 0)); then last="$1"; fi
    check_file "$file" "$last" $((last + 1)) || true
}

over_old_file() {
    local before=0
    begin "$1"
    shift
    rm -rf "$folder" "$state"
    mkdir -p "$folder" "$state"
    while ((n_rounds < rounds_each)); do
        one_round "$@"
        check_round "$before"
        before="$number"
        if [[ $* == *--state* ]] && ((n_rounds % 10 == 0)); then check_versions "$file" "$state"; fi
    done
}

rounds_each=$(((rounds + 2) / 3))
over_old_file 'over the last file, with earlier versions' --state "$state"
"$saver" save "$file" --state "$state" >/dev/null || violation 'no save after the last kill'
if (($(n_leftovers "$folder") + $(n_leftovers "$state") > 0)); then
    violation 'the next opening does not clear away what was left behind'
fi
n_saved="$number"
finish
note "generations saved: $n_saved; what killed saves left behind is gone after the next opening"

over_old_file 'over the last file, without earlier versions'
finish
note "generations saved: $number; temporary names at the end, where nothing clears them away: $(n_leftovers "$folder")"

begin 'the first save'
longest_ms=30
n_new=0
while ((n_rounds < rounds_each)); do
    rm -rf "$folder" "$state"
    mkdir -p "$folder" "$state"
    one_round --state "$state"
    check_round 0
    n_new=$((n_new + (number == 0)))
done
finish
note "killed before the file had its name: $n_new of $n_rounds"

begin_control 'control: the file is emptied and written'
longest_ms=60
rm -rf "$folder" && mkdir -p "$folder"
control_rounds=$((rounds < 450 ? (rounds + 2) / 3 : 150))
while ((n_rounds < control_rounds)); do
    rm -f "$file"
    "$saver" save "$file" >/dev/null
    one_round --how in-place
    check_round 1
done
finish
end_row
