#!/usr/bin/env bash
# Protects the file, its folder and its disk from writing: the file can be read, is not touched, and is saved as
# soon as the protection is off.
set -euo pipefail
# shellcheck source=tests/faults/lib.sh
source "${FAULTS_HERE:?start this with tests/faults/run}/lib.sh"

need_root
need_own_mounts
# Permissions mean nothing to root.
need setpriv
run_as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
folder="$work/folder" file="$work/folder/news.txt.annotations.ron" state="$work/state"

# protected PATTERN PROTECT UNPROTECT: both sessions opened before it and after it.
protected() {
    local bytes pattern="$1" protect="$2" unprotect="$3"
    rm -rf "$folder" "$state"
    mkdir -p "$folder" "$state"
    chmod 777 "$folder" "$state"
    "${run_as[@]}" "$saver" save "$file" --state "$state" >/dev/null
    bytes="$(sha256sum <"$file")"
    start_session "$file" --state "$state"
    $protect
    n_rounds=$((n_rounds + 2))
    order_save
    refused "$pattern" || true
    outcome="$("${run_as[@]}" "$saver" save "$file" --state "$state" | tail -n +1)" || true
    if [[ $outcome != "found generation 00000001"* ]]; then violation "cannot be read: $outcome"; fi
    outcome="$(tail -n 1 <<<"$outcome")"
    refused "$pattern" || true
    if [[ $(sha256sum <"$file") != "$bytes" ]]; then violation 'the file was touched'; fi
    $unprotect
    order_save
    saved
    end_session
    check_file "$file" 2 2 || true
    if [[ -z $may_leave ]] && (($(n_leftovers "$folder") > 0)); then violation 'a temporary name was left'; fi
    "${run_as[@]}" "$saver" save "$file" --state "$state" >/dev/null || violation 'no save afterwards'
    if (($(n_leftovers "$folder") > 0)); then violation 'the next opening did not clear away a temporary name'; fi
}
may_leave=''

begin 'a file without permission to write'
protected 'the file is read-only' "chmod 444 $file" "chmod 644 $file"
finish

begin 'a folder without permission to write'
protected 'permission denied' "chmod 555 $folder" "chmod 777 $folder"
finish

begin 'a disk mounted for reading only'
bind_read_only() {
    mount --bind "$folder" "$folder"
    mount -o remount,bind,ro "$folder"
}
protected 'disk is read-only' bind_read_only "umount $folder"
finish

begin 'a file that nobody may change'
if command -v chattr >/dev/null && touch "$work/probe" && chattr +i "$work/probe" 2>/dev/null; then
    chattr -i "$work/probe"
    protected 'permission denied|Operation not permitted' "chattr +i $file" "chattr -i $file"
    finish
else
    skip_case "$case_name" 'no chattr +i here'
fi

begin 'a folder in which nothing may be removed'
if command -v chattr >/dev/null && mkdir -p "$work/probes" && chattr +a "$work/probes" 2>/dev/null; then
    chattr -a "$work/probes"
    appending() { chattr +a "$folder"; }
    # A temporary name cannot be removed either: it stays until an opening after the protection is off.
    may_leave=yes
    protected 'permission denied|Operation not permitted' appending "chattr -a $folder"
    may_leave=''
    finish
else
    skip_case "$case_name" 'no chattr +a here'
fi

# Locked up altogether: not a new document.
begin 'a file that may not be read'
mkdir -p "$folder" "$state"
bytes="$(sha256sum <"$file")"
for what in "$file" "$folder"; do
    chmod 000 "$what"
    n_rounds=$((n_rounds + 1))
    outcome="$("${run_as[@]}" "$saver" save "$file" --state "$state" 2>&1)" || true
    if [[ $outcome == 'found unreadable: '*'permission denied'* && $outcome != *ack* ]]; then
        n_injected=$((n_injected + 1))
    else
        violation "$outcome"
    fi
    chmod 777 "$what"
    if [[ $(sha256sum <"$file") != "$bytes" ]]; then violation 'the file was touched'; fi
done
finish

# Whoever renames over a file is not asked for permission to write it.
begin_control 'control: renamed over a protected file'
n_rounds=1
chmod 444 "$file"
if "${run_as[@]}" "$saver" save "$file" --how unsynced >/dev/null; then n_injected=1; fi
check_file "$file" 2 2 || true
finish
end_row
