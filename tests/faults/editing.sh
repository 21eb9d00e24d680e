# Edits that are kept in a journal, and what is recovered of them. Sourced, not run.
# shellcheck shell=bash

: "${work:?source lib.sh first}" "${saver:?}"
need awk
article='' state=''

# Since 1970.
now_ms() {
    local microseconds="${EPOCHREALTIME/[.,]/}"
    echo "${microseconds%???}"
}
begin_count() { n_edits=0 n_lost=0 oldest_ms=0; }

# start_editing ARGUMENTS: a program that edits and says when.
start_editing() {
    : >"$work/edits"
    # shellcheck disable=SC2154 # what lib.sh sets
    "${run_as[@]}" "$saver" edit "$article" --state "$state" "$@" >"$work/edits" 2>&1 &
    # shellcheck disable=SC2034 # for the rows
    editing=$!
    wait_ms "$(between 100 "${longest_ms:-2500}")"
}

# check_recovery END_MS: all edits that are older than a second at that time are there, and all that were saved.
check_recovery() {
    local answer recovered lost age acked
    answer="$("$saver" recover "$article" --state "$state" 2>&1)" || true
    if [[ $answer != recovered* ]]; then
        violation "${answer:-no answer}"
        return
    fi
    read -r _ recovered _ <<<"$answer"
    read -r lost age < <(awk -v recovered="$recovered" -v end="$1" '
        $1 == "edit" && $2 > recovered { lost++; if (end - $3 > age) age = end - $3 }
        END { print lost + 0, age + 0 }' "$work/edits")
    acked="$(last_ack "$work/edits")"
    if ((age > 1000)); then violation "an edit was lost that was accepted $age ms before"; fi
    if ((recovered < acked)); then violation "saved $acked, recovered $recovered"; fi
    n_edits=$((n_edits + $(grep -c '^edit' "$work/edits" || true))) n_lost=$((n_lost + lost))
    oldest_ms=$((age > oldest_ms ? age : oldest_ms))
}
tell() { note "edits $n_edits, lost $n_lost, the oldest of them accepted $oldest_ms ms before"; }
