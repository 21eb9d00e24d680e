# A disk of its own in a file, whose power can be cut. Sourced, not run.
# shellcheck shell=bash

: "${work:?source lib.sh first}"
need_root
need_own_mounts
need cc mkfs.ext4
disk="$work/disk"
mkdir -p "$disk"
cc -Wall -Wextra -o "$work/power_cut" "$FAULTS_HERE/power_cut.c"
truncate -s 64M "$work/empty"
mkfs.ext4 -q -F "$work/empty"
if ! mount -o loop "$work/empty" "$disk" 2>/dev/null; then skip_row 'no loop devices here'; fi
umount "$disk"

# new_disk OPTIONS: an empty one, mounted with these.
new_disk() {
    cp --sparse=always "$work/empty" "$work/image"
    mount -o "loop,$1" "$work/image" "$disk"
}

shut_down() { "$work/power_cut" "$disk"; }

# Mounting replays the file system's journal, as after a power cut. A copy that was taken stands for the disk.
switched_on() {
    umount "$disk"
    if [[ -e $work/copy ]]; then mv "$work/copy" "$work/image"; fi
    mount -o loop "$work/image" "$disk"
}
