#!/usr/bin/env bash
# Saves a file that is mounted by itself, and files whose disk or share goes away: nothing is written to the wrong
# place, nothing is taken for a new document, and the save is made when the disk is back.
set -euo pipefail
# shellcheck source=tests/faults/lib.sh
source "${FAULTS_HERE:?start this with tests/faults/run}/lib.sh"

need_root
need_own_mounts
disk="$work/disk" mounted="$work/mounted" state="$work/state"
mkdir -p "$disk/folder" "$mounted" "$state"

begin 'a file that is mounted by itself'
own="$disk/own.txt.annotations.ron"
"$saver" save "$own" --state "$state" >/dev/null
file="$work/alone/news.txt.annotations.ron"
mkdir -p "$work/alone"
touch "$file"
mount --bind "$own" "$file"
for n_rounds in 1 2 3 4 5 6 7 8 9 10; do
    inode="$(stat -c %i "$own")"
    "$saver" save "$file" --state "$state" --annotations $((80 - n_rounds * 5)) >"$work/out" 2>&1 ||
        violation "no save: $(tail -n 1 "$work/out")"
    if grep -q '^note .* in place' "$work/out"; then n_injected=$((n_injected + 1)); fi
    if [[ $(stat -c %i "$own") != "$inode" ]]; then violation 'it was replaced after all'; fi
    check_file "$own" $((n_rounds + 1)) $((n_rounds + 1)) || true
    check_versions "$file" "$state"
    if ! has_version "$n_rounds"; then violation "generation $n_rounds was not kept"; fi
done
if (($(n_leftovers "$work/alone") > 0)); then violation 'a temporary name was left'; fi
finish

begin 'the same, killed at random'
n_torn=0
for ((n_rounds = 0; n_rounds < ${MOUNT_ROUNDS:-60}; n_rounds++)); do
    look_at "$file"
    before="$number"
    : >"$work/acks"
    "$saver" save "$file" --saves 1000000 --state "$state" >"$work/acks" 2>&1 &
    saving=$!
    wait_ms "$(between 1 60)"
    if kill_hard "$saving" && [[ -s $work/acks ]]; then n_injected=$((n_injected + 1)); fi
    last="$(last_ack "$work/acks")"
    if ((last == 0)); then last="$before"; fi
    look_at "$file"
    if ((number < last)); then
        n_torn=$((n_torn + 1))
        # Opened once more, what it was is found beside it.
        "$saver" save "$file" --state "$state" >/dev/null 2>&1 || true
        check_versions "$file" "$state"
        if ! has_version "$last" && ! has_version $((last + 1)); then violation "generation $last is lost: $found"; fi
        rm -rf "$state"
        mkdir -p "$state"
        rm -f "$disk/fresh"
        "$saver" save "$disk/fresh" >/dev/null
        cat "$disk/fresh" >"$own"
    fi
done
umount "$file"
finish
note "torn, and the version before kept: $n_torn of $n_rounds"

# goes_away PATTERN LEAVE RETURN: the disk goes under an open file, and comes back.
goes_away() {
    local pattern="$1" leave="$2" return="$3"
    find "$disk" -mindepth 1 -delete
    rm -rf "$state"
    mkdir -p "$disk/folder" "$state"
    mount --bind "$disk" "$mounted"
    "$saver" save "$file" --state "$state" >/dev/null
    n_rounds=$((n_rounds + 1))
    start_session "$file" --state "$state"
    $leave
    order_save
    refused "$pattern" || true
    if grep -q '^look same' "$work/said"; then violation 'the look saw nothing'; fi
    $also_gone
    $return
    order_save
    saved
    end_session
    check_file "$file" 2 2 || true
    umount -l "$mounted"
    if [[ -n $(find "$mounted" -mindepth 1) ]]; then violation 'something was written where the disk should be'; fi
}
also_gone=:
come_back() { mount --bind "$disk" "$mounted"; }

begin 'the disk goes away during work'
file="$mounted/folder/news.txt.annotations.ron"
goes_away 'the folder no longer exists' "umount -l $mounted" come_back
file="$mounted/news.txt.annotations.ron"
goes_away 'the file no longer exists' "umount -l $mounted" come_back
finish

begin 'a share that no longer responds'
file="$mounted/news.txt.annotations.ron"
# A file system whose program has ended.
dead_share() {
    local share
    exec {share}<>/dev/fuse
    mount -i -t fuse -o "fd=$share,rootmode=40000,user_id=0,group_id=0" faults "$mounted"
    exec {share}>&-
}
not_new() {
    look_at "$file"
    if [[ $found != 'unreadable: '*'no longer responds'* ]]; then violation "it is taken for: $found"; fi
}
if [[ -w /dev/fuse ]] && dead_share 2>/dev/null; then
    umount -l "$mounted"
    also_gone=not_new
    goes_away 'no longer responds' dead_share "umount -l $mounted"
    also_gone=:
    finish
else
    skip_case "$case_name" 'no FUSE here'
fi

begin_control 'control: the file is renamed into its place'
rm -f "$file"
mount --bind "$disk" "$mounted"
"$saver" save "$file" >/dev/null
start_session "$file" --how unsynced
umount -l "$mounted"
n_rounds=1 n_injected=1
order_save
end_session
if [[ -n $(find "$mounted" -mindepth 1) ]]; then violation 'something was written where the disk should be'; fi
finish
end_row
