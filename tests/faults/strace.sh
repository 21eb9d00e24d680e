# What `syscalls` and `errors` share: which system calls of a run touch our files, and faults at each of them.
# Sourced, not run.
#
# A filter of paths (strace -P) cannot name the file of the temporary name, whose name is random. So a run without
# faults is traced first; in it, the calls that touch anything below the folder of the case are found, each with
# its number among the calls of that name. A fault at the Nth call of that name is a fault at that very call:
# the runs are alike, and the log of each shows which file was hit. Faults at other calls would meet the dynamic
# loader, and prove nothing.
# shellcheck shell=bash

: "${work:?source lib.sh first}" "${saver:?}"
need strace awk
if ! strace -o /dev/null true 2>/dev/null; then skip_row 'strace may not trace here'; fi

tree="$work/tree" folder="$work/tree/folder" file="$work/tree/folder/news.txt.annotations.ron"
state="$work/tree/state" log="$work/log" out="$work/out"

# A folder of the case on another disk; empty before each run.
other_disk=''

# Remembers the folder of the case as it is, so that `restore` brings it back.
remember() {
    rm -rf "$work/template"
    cp -a "$tree" "$work/template"
}
restore() {
    rm -rf "$tree"
    if [[ -n $other_disk ]]; then find "$other_disk" -mindepth 1 -delete; fi
    cp -a "$work/template" "$tree"
}
# fresh GENERATIONS ARGUMENTS: a folder with a file of so many generations.
fresh() {
    local generations="$1"
    shift
    rm -rf "$tree"
    mkdir -p "$folder" "$state"
    if ((generations > 0)); then "$saver" save "$file" --saves "$generations" "$@" >/dev/null; fi
    remember
}

# What stands for a system of another kind: calls that always fail, and how. Set by a case.
failing_calls='' failing_error=''
# traced CALLS OPTIONS -- COMMAND: runs it under strace; leaves its exit code in `code`, its log in $log.
traced() {
    local calls="$1"
    local -a options=()
    shift
    if [[ -n $failing_calls ]]; then
        calls+=",$failing_calls"
        options+=(-e inject="$failing_calls:error=$failing_error")
    fi
    options+=(-e trace="$calls")
    while [[ $1 != -- ]]; do
        options+=("$1")
        shift
    done
    shift
    code=0
    rm -f "$log"
    # The shell reports its killed jobs on the error output.
    { timeout 60 strace -qq -f -y -o "$log" "${options[@]}" "$@" >"$out" 2>&1 || code=$?; } 2>/dev/null
}

# What both of these ask of a line of the log.
touches_us='
    function name_of(line) { sub(/^[0-9]+ +/, "", line); sub(/\(.*/, "", line); return line }
    function touches_us(line) {
        return index(line, ENVIRON["tree"] "/") || (ENVIRON["other_disk"] && index(line, ENVIRON["other_disk"] "/"))
    }
    function always_fails(call) { return index("," ENVIRON["failing_calls"] ",", "," call ",") }
'
export tree other_disk failing_calls

# plan COMMAND: prints `NAME NUMBER` for each call of a run that touches the folder of the case, in their order,
# except those that always fail, and the closing of listed folders: no file system of Linux can fail at that, and
# the standard library relies on it.
plan() {
    traced %file,%desc -- "$@"
    # Only the first thread goes to the disk; strace counts for each thread by itself.
    awk "$touches_us"'
        NR == 1 { first = $1 }
        $1 != first { next }
        {
            call = name_of($0)
            count[call]++
            number = $0
            if (call == "openat" && sub(/.*\) = /, "", number)) { is_listed[number + 0] = /O_DIRECTORY/ }
            sub(/^[^(]*\(/, "", number)
            if (call == "close" && is_listed[number + 0]) { next }
            if (touches_us($0) && !always_fails(call) && call !~ /^(execve|fcntl|lseek)$/) {
                print call, count[call]
            }
        }' "$log"
    # A plan of a run that failed would be one of too few calls.
    if ((code != 0)); then violation "the run without faults ended with $code: $(tail -n 1 "$out")"; fi
}

# n_hits: the injected faults of the last run that met our own files, besides those calls that always fail.
n_hits() {
    awk "$touches_us"'/INJECTED/ && touches_us($0) && !always_fails(name_of($0)) { n++ } END { print n + 0 }' "$log"
}
