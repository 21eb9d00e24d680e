#!/usr/bin/env bash
# Cuts the power of a disk in the middle of saving: what was acknowledged is there afterwards, and whole.
set -euo pipefail
# shellcheck source=tests/faults/lib.sh
source "${FAULTS_HERE:?start this with tests/faults/run}/lib.sh"

# shellcheck source=tests/faults/loop.sh
source "$FAULTS_HERE/loop.sh"

preloaded
file="$work/disk/news.txt.annotations.ron" state="$work/disk/state"

# What the device has at this moment. Nothing writes to it meanwhile but the kernel.
copy_image() {
    kill -STOP "$saving"
    cp --sparse=always "$work/image" "$work/copy"
}

n_lost=0 saves=1000000
# one_round OPTIONS CUT ARGUMENTS: saves on a fresh disk, mounted with these, until the power is CUT.
one_round() {
    local options="$1" cut="$2" last
    shift 2
    n_rounds=$((n_rounds + 1))
    new_disk "$options"
    mkdir -p "$state"
    "$saver" save "$file" --state "$state" >/dev/null
    sync
    : >"$work/acks"
    "${run_as[@]}" "$saver" save "$file" --saves "$saves" "$@" >"$work/acks" 2>&1 &
    saving=$!
    wait_ms "$(between 50 500)"
    if "$cut"; then n_injected=$((n_injected + 1)); fi
    kill_hard "$saving" || true
    last="$(last_ack "$work/acks")"
    if switched_on; then
        look_at "$file"
        if ((number < 0)); then n_invalid=$((n_invalid + 1)); fi
        if ((number >= 0 && number < last)); then n_lost=$((n_lost + last - number)); fi
        # The first generation was there before.
        if ((last == 0)); then last=1; fi
        check_file "$file" "$last" $((last + 1)) || true
        if [[ $* == *--state* ]]; then check_versions "$file" "$state"; fi
        n_acks=$((n_acks + last))
        # Of these the program says itself that they may not survive; whether they did is worth knowing.
        unsure="$(awk '$1 == "unsure" { print $2; exit }' "$work/acks")"
        if [[ -n $unsure ]]; then
            n_unsure=$((n_unsure + 1)) n_unsure_lost=$((n_unsure_lost + (number < unsure)))
        fi
        umount "$disk"
    else
        violation 'the disk cannot be mounted any more'
    fi
}

rounds="$(((${ROUNDS:-120} + 3) / 4))"
# each_round OPTIONS CUT COUNT ARGUMENTS
each_round() {
    local options="$1" cut="$2" count="$3"
    shift 3
    n_lost=0 n_acks=0 n_invalid=0 n_unsure=0 n_unsure_lost=0
    while ((n_rounds < count)); do one_round "$options" "$cut" "$@"; done
    finish
    note "acknowledged $n_acks, lost of these $n_lost, invalid files $n_invalid; said to be unsure $n_unsure, of these lost $n_unsure_lost"
}

begin 'the device stops'
each_round rw shut_down "$rounds" --state "$state"
begin 'a copy of the device is taken'
each_round rw copy_image "$rounds" --state "$state"
begin 'the device stops; noauto_da_alloc'
each_round noauto_da_alloc shut_down "$rounds"
begin 'the device stops; noauto_da_alloc, commit=1'
each_round noauto_da_alloc,commit=1 shut_down "$rounds" --state "$state"

# Zero-length files come about when the names are written a while before the content.
saves=1
begin 'a while after one save; noauto_da_alloc, commit=1'
later() {
    wait_ms 2200
    shut_down
}
each_round noauto_da_alloc,commit=1 later 5

begin_control 'control: the same, and nothing is synced'
each_round noauto_da_alloc,commit=1 later 5 --how unsynced
saves=1000000
begin_control 'control: nothing is synced'
each_round rw shut_down 6 --how unsynced
begin_control 'control: this program, but a sync does nothing'
run_as=(env "LD_PRELOAD=$preload" PRELOAD_NO_SYNC=1)
each_round rw shut_down 6
end_row
