#!/usr/bin/env bash
# Kills the program while edits are kept in a journal: of what was accepted more than a second
# before, everything can be recovered.
set -euo pipefail
# shellcheck source=tests/faults/lib.sh
source "${FAULTS_HERE:?start this with tests/faults/run}/lib.sh"
# shellcheck source=tests/faults/editing.sh
source "$FAULTS_HERE/editing.sh"

rounds="${JOURNAL_ROUNDS:-60}"

# killed COUNT ARGUMENTS: one round is one program.
killed() {
    local count="$1" end
    shift
    begin_count
    while ((n_rounds < count)); do
        n_rounds=$((n_rounds + 1))
        rm -rf "$folder" "$state"
        mkdir -p "$folder" "$state"
        start_editing "$@"
        end="$(now_ms)"
        if kill_hard "$editing"; then n_injected=$((n_injected + 1)); fi
        check_recovery "$end"
    done
}

folder="$work/folder" article="$work/folder/news.txt" state="$work/state"
begin 'killed while editing'
killed "$rounds"
finish
tell
begin 'killed while editing and saving'
killed "$rounds" --save-every 17
finish
tell
begin_control 'control: without a journal'
longest_ms=3000
killed 6 --no-journal
finish

end_row
