#!/usr/bin/env bash
# Fills the disk, its list of files, a person's share of it: the old file stays, the message says what is missing,
# and there is a save as soon as there is room, or at another place.
set -euo pipefail
# shellcheck source=tests/faults/lib.sh
source "${FAULTS_HERE:?start this with tests/faults/run}/lib.sh"

need_root
need_own_mounts
disk="$work/disk" file="$work/disk/news.txt.annotations.ron" elsewhere="$work/elsewhere.txt.annotations.ron"
state="$work/state"

# fresh_disk OPTIONS: an empty disk in memory with one file on it.
fresh_disk() {
    umount "$disk" 2>/dev/null || true
    mkdir -p "$disk" "$state"
    find "$state" -mindepth 1 -delete
    rm -f "$elsewhere"
    mount -t tmpfs -o "mode=777,$1" faults "$disk"
    "$saver" save "$file" --state "$state" >/dev/null
}
free_kb() { df -k --output=avail "$disk" | tail -n 1; }

# refused_then_saved PATTERN MAKE_ROOM…: a session meets the full disk, makes room, and saves.
refused_then_saved() {
    local pattern="$1"
    shift
    n_rounds=$((n_rounds + 1))
    order_save
    refused "$pattern" || true
    check_file "$file" 1 1 || true
    if (($(n_leftovers "$disk") > 0)); then violation 'a temporary name was left on the full disk'; fi
    cp "$file" "$elsewhere"
    "$saver" save "$elsewhere" >/dev/null || violation 'no save to another place'
    "$@"
    order_save
    saved
    check_file "$file" 2 2 || true
    check_versions "$file" "$state"
    if ! has_version 1; then violation 'the version before was not kept'; fi
}

begin 'no blocks left, from none to almost enough'
fresh_disk size=400k
needed_kb=$(($(stat -c %s "$file") / 1024))
for ((left_kb = 0; left_kb < needed_kb; left_kb += 4)); do
    fresh_disk size=400k
    start_session "$file" --state "$state"
    head -c $((($(free_kb) - left_kb) * 1024)) /dev/zero >"$disk/filler"
    refused_then_saved 'disk is full: .* needed' rm "$disk/filler"
    end_session
done
finish

begin 'no room for one more file'
fresh_disk size=400k,nr_inodes=20
start_session "$file" --state "$state"
n_fillers=0
while touch "$disk/filler-$n_fillers" 2>/dev/null; do n_fillers=$((n_fillers + 1)); done
refused_then_saved 'disk is full' find "$disk" -name 'filler-*' -delete
end_session
finish

# What cannot be kept is said, and the save is made.
begin 'no room for the earlier versions'
for options in size=16k nr_inodes=3; do
    fresh_disk size=400k
    mkdir -p "$work/versions"
    mount -t tmpfs -o "$options" faults "$work/versions"
    head -c 16k /dev/zero >"$work/versions/filler" 2>/dev/null || true
    touch "$work/versions/another" 2>/dev/null || true
    n_rounds=$((n_rounds + 1))
    "$saver" save "$file" --state "$work/versions" >"$work/out" 2>&1 || violation "$options: $(tail -n 1 "$work/out")"
    if grep -q '^note 2 no earlier version: .*disk is full' "$work/out"; then n_injected=$((n_injected + 1)); else
        violation "$options: nothing said of the version that was not kept: $(cat "$work/out")"
    fi
    check_file "$file" 2 2 || true
    umount "$work/versions"
done
finish

begin 'a real disk, where room is found missing late'
if truncate -s 8M "$work/image" && mkfs.ext4 -q -F -m 0 "$work/image" 2>/dev/null; then
    umount "$disk"
    if mount -o loop "$work/image" "$disk" 2>/dev/null; then
        for ((left_kb = 0; left_kb < needed_kb; left_kb += 8)); do
            find "$disk" -mindepth 1 -delete 2>/dev/null || true
            find "$state" -mindepth 1 -delete
            "$saver" save "$file" --state "$state" >/dev/null
            sync
            start_session "$file" --state "$state"
            # To the last block: a large piece is refused while there is room for a small one, and what was
            # set aside for writing it is free again afterwards.
            for _ in 1 2 3; do
                dd if=/dev/zero bs=1k status=none >>"$disk/filler" 2>/dev/null || true
                sync
            done
            truncate -s -$((left_kb * 1024)) "$disk/filler"
            sync
            refused_then_saved 'disk is full: .* needed' rm "$disk/filler"
            end_session
        done
        finish
    else
        skip_case "$case_name" 'no loop device'
    fi
else
    skip_case "$case_name" 'no mkfs.ext4'
fi

begin 'the share of one person is used up'
umount "$disk" 2>/dev/null || true
rm -f "$work/image"
truncate -s 16M "$work/image"
if ! command -v setquota >/dev/null || ! command -v setpriv >/dev/null; then
    skip_case "$case_name" 'setquota or setpriv is not installed (Debian: quota, util-linux)'
elif ! mkfs.ext4 -q -F -O quota "$work/image" || ! mount -o loop,usrquota "$work/image" "$disk" 2>/dev/null; then
    skip_case "$case_name" 'this kernel knows no shares on ext4'
else
    run_as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
    chmod 777 "$disk"
    mkdir -p "$work/own-state"
    chmod 777 "$work/own-state"
    state="$work/own-state"
    "${run_as[@]}" "$saver" save "$file" --state "$state" >/dev/null
    start_session "$file" --state "$state"
    setquota -u 65534 0 48 0 0 "$disk"
    refused_then_saved 'disk quota is used up: .* needed' setquota -u 65534 0 0 0 0 "$disk"
    end_session
    run_as=()
    finish
fi

# Written where it stands, the file is gone when there is no room for the larger one.
begin_control 'control: the file is emptied and written'
state="$work/state"
fresh_disk size=400k
head -c $(($(free_kb) * 1024)) /dev/zero >"$disk/filler"
n_rounds=1 n_injected=1
"$saver" save "$file" --how in-place --annotations 200 >/dev/null 2>&1 || true
check_file "$file" 1 2 || true
finish
end_row
