# What the rows of tests/faults share: the table, the checks, sessions that wait. Sourced, not run.
#
# A row is a script of its own. It calls `begin CASE`, counts rounds and injected faults, calls `violation` for
# each broken promise, and `finish` or, for a case that must fail to show that the row can, `finish_control`.
# shellcheck shell=bash

: "${SAVER:?start this with tests/faults/run}" "${FAULTS_HERE:?}"
QUICK="${QUICK:-}"
row="$(basename "$0" .sh)"
readonly FAILED=1 SKIPPED=77
work="$(mktemp -d "${TMPDIR:-/tmp}/sourcemark-faults.XXXXXX")"
# Others than root run the program too.
chmod 755 "$work"
saver="$work/saver"
cp "$SAVER" "$saver"

session=''
clean_up() {
    local status=$?
    set +e
    local pids
    pids="$(jobs -p)"
    # shellcheck disable=SC2086 # one number a word
    if [[ -n $pids ]]; then kill -9 $pids 2>/dev/null; wait 2>/dev/null; fi
    # The innermost mounts first.
    awk -v work="$work/" 'index($2, work) == 1 { print $2 }' /proc/mounts | sort -r |
        while read -r mounted; do umount -l "$mounted" 2>/dev/null; done
    if command -v chattr >/dev/null; then chattr -R -i -a "$work" 2>/dev/null; fi
    chmod -R u+w "$work" 2>/dev/null
    rm -rf "$work" "${other_disk:-$work}"
    exit "$status"
}
trap clean_up EXIT

# --- the table -------------------------------------------------------------------------------------------

n_rounds=0 n_injected=0 n_violations=0 case_name='' is_control=''
# Where in a case the fault was, for messages.
spot=''
n_failed_cases=0 n_done_cases=0 n_skipped_cases=0

begin() { case_name="$1" n_rounds=0 n_injected=0 n_violations=0 is_control='' spot=''; }
begin_control() { begin "$1"; is_control=yes; }

violation() {
    n_violations=$((n_violations + 1))
    # A control is meant to fail, and of a hundred alike the first tell enough.
    if [[ -z $is_control && $n_violations -le ${FAULTS_TELL:-5} ]]; then
        printf '  VIOLATION %s: %s: %s%s\n' "$row" "$case_name" "${spot:+$spot: }" "$*" >&2
    fi
}

note() { printf '  %s\n' "$*"; }

# Ends a case: no promise may be broken, and something must have been injected.
finish() {
    local verdict=ok
    if [[ -n $is_control ]]; then
        verdict='fails, as it must'
        if [[ $n_violations -eq 0 ]]; then verdict='FAILED: a control that finds nothing'; fi
    elif [[ $n_violations -gt 0 ]]; then
        verdict=FAILED
    fi
    if [[ $n_injected -eq 0 ]]; then verdict='FAILED: nothing was injected'; fi
    if [[ $verdict == FAILED* ]]; then n_failed_cases=$((n_failed_cases + 1)); fi
    n_done_cases=$((n_done_cases + 1))
    printf '%-13s %-48s %6d %8d %10d  %s\n' \
        "$row" "$case_name" "$n_rounds" "$n_injected" "$n_violations" "$verdict"
}

# skip_case CASE REASON
skip_case() {
    n_skipped_cases=$((n_skipped_cases + 1))
    printf '%-13s %-48s %6s %8s %10s  SKIPPED: %s\n' "$row" "$1" - - - "$2"
}

# The row cannot be run at all.
skip_row() {
    skip_case 'all' "$1"
    exit "$SKIPPED"
}

end_row() {
    if [[ $n_failed_cases -gt 0 ]]; then exit "$FAILED"; fi
    if [[ $n_skipped_cases -gt 0 ]]; then exit "$SKIPPED"; fi
    if [[ $n_done_cases -eq 0 ]]; then exit "$FAILED"; fi
    exit 0
}

need() {
    local tool
    for tool in "$@"; do
        if ! command -v "$tool" >/dev/null; then skip_row "$tool is not installed"; fi
    done
}
need_root() {
    if [[ $(id -u) -ne 0 ]]; then skip_row 'only root can do this'; fi
}

# Mounts made from here on are seen by this row alone, and end with it.
need_own_mounts() {
    if [[ -z ${FAULTS_OWN_MOUNTS:-} ]]; then
        need unshare
        if ! unshare -m true 2>/dev/null; then skip_row 'mounts are not allowed here'; fi
        rm -rf "$work"
        FAULTS_OWN_MOUNTS=yes exec unshare -m --propagation private bash "$0"
    fi
}

# --- checks ----------------------------------------------------------------------------------------------

# last_ack LOG: the generation that was acknowledged last, 0 for none.
last_ack() { awk '$1 == "ack" { last = $2 } END { print last + 0 }' "$1"; }

# Sets `found` to what FILE holds and `number` to its generation, 0 for no file and -1 for a broken one.
look_at() {
    found="$("$saver" check "$1")" || found="the check ended with $?"
    case "$found" in
    'generation '*) number="${found#generation }" number=$((10#${number%% *})) ;;
    new) number=0 ;;
    *) number=-1 ;;
    esac
}

# check_file FILE LEAST MOST: it is whole, and its generation is one of these.
check_file() {
    look_at "$1"
    if ((number < $2 || number > $3)); then
        violation "expected generation $2 to $3, found: $found"
        return 1
    fi
}

# check_versions FILE STATE: every earlier version is whole. Leaves their list in `versions`.
check_versions() {
    versions="$("$saver" versions "$1" --state "$2" 2>&1)" || violation "the versions cannot be listed: $versions"
    if grep -q broken <<<"$versions"; then violation "$(grep -m1 broken <<<"$versions")"; fi
}
has_version() { grep -q "$(printf 'generation %08d ' "$1")" <<<"$versions"; }

n_leftovers() { find "$1" \( -name '.sourcemark-*.tmp' -o -name '.sourcemark-*.part' \) | wc -l; }

# Builds the library that is put before the C library.
preloaded() {
    need cc
    preload="$work/preload.so"
    cc -Wall -Wextra -O1 -shared -fPIC -o "$preload" "$FAULTS_HERE/preload.c" -ldl
}

# --- time ------------------------------------------------------------------------------------------------

# Nothing is ever written to this, so that waiting for it needs no process.
exec {never}<> <(:)
wait_ms() { read -r -t "$(printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)))" -u "$never" || true; }

# between LEAST MOST: a random number.
between() { echo $(($1 + (RANDOM * 32768 + RANDOM) % ($2 - $1 + 1))); }

# kill_hard PID: kills it and takes its end; fails when it had ended by itself.
kill_hard() {
    local status=0
    kill -9 "$1" 2>/dev/null || true
    { wait "$1" || status=$?; } 2>/dev/null
    [[ $status -eq 137 ]]
}

# --- sessions that wait ----------------------------------------------------------------------------------

run_as=()
# start_session ARGUMENTS: starts `saver save` on them, up to where it waits; what it says is in $work/said.
start_session() {
    rm -f "$work/orders"
    mkfifo "$work/orders"
    : >"$work/said"
    "${run_as[@]}" "$saver" save --wait --saves 1000 "$@" <"$work/orders" >>"$work/said" 2>&1 &
    session=$!
    exec {orders}>"$work/orders"
    said_until 'ready' 1 || violation "no session: $(cat "$work/said")"
}
# said_until WORD COUNT: waits until that many lines begin with it; fails after ten seconds or with the session.
said_until() {
    local try
    for ((try = 0; try < 2000; try++)); do
        if (($(grep -cE "^($1)" "$work/said") >= $2)); then return 0; fi
        if ! kill -0 "$session" 2>/dev/null; then return 1; fi
        wait_ms 5
    done
    return 1
}
# order_save: one more save; leaves its outcome in `outcome`.
order_save() {
    local n_before
    n_before="$(grep -cE '^(ack|unsure|error)' "$work/said")" || true
    echo >&"$orders"
    said_until 'ack|unsure|error' $((n_before + 1)) || true
    outcome="$(grep -E '^(ack|unsure|error)' "$work/said" | tail -n +$((n_before + 1)) | tail -n 1)"
}
end_session() {
    exec {orders}>&-
    wait "$session" || true
    session=''
}
# refused PATTERN: the last outcome is an error that says so.
refused() {
    if [[ $outcome == error* ]] && grep -qE "$1" <<<"$outcome"; then
        n_injected=$((n_injected + 1))
        return 0
    fi
    violation "expected an error with \"$1\": ${outcome:-nothing}"
    return 1
}
saved() { if [[ $outcome != ack* ]]; then violation "expected a save: ${outcome:-nothing}"; fi; }
