#!/usr/bin/env bash
# Cuts the power while edits are kept in a journal: of what was accepted more than a second before, everything can
# be recovered.
set -euo pipefail
# shellcheck source=tests/faults/lib.sh
source "${FAULTS_HERE:?start this with tests/faults/run}/lib.sh"
# shellcheck source=tests/faults/loop.sh
source "$FAULTS_HERE/loop.sh"
# shellcheck source=tests/faults/editing.sh
source "$FAULTS_HERE/editing.sh"

preloaded
rounds="${JOURNAL_ROUNDS:-30}"
article="$disk/folder/news.txt" state="$disk/state"

# cut COUNT OPTIONS ARGUMENTS
cut_off() {
    local count="$1" options="$2" end
    shift 2
    begin_count
    while ((n_rounds < count)); do
        n_rounds=$((n_rounds + 1))
        new_disk "$options"
        mkdir -p "$disk/folder" "$state"
        sync
        start_editing "$@"
        end="$(now_ms)"
        if shut_down; then n_injected=$((n_injected + 1)); fi
        kill_hard "$editing" || true
        if switched_on; then
            check_recovery "$end"
            umount "$disk"
        else
            violation 'the disk cannot be mounted any more'
        fi
    done
    finish
    tell
}

begin 'the power is cut while editing'
cut_off "$rounds" rw
begin 'the same; noauto_da_alloc, commit=1'
cut_off "$rounds" noauto_da_alloc,commit=1
begin 'the power is cut while editing and saving'
cut_off "$rounds" rw --save-every 41
begin_control 'control: a sync does nothing'
run_as=(env "LD_PRELOAD=$preload" PRELOAD_NO_SYNC=1)
longest_ms=3500
cut_off 6 rw
end_row
