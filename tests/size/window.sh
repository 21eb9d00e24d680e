#!/usr/bin/env bash
# Opens files that are huge in one field each in the real window, works in it, and measures the most memory it took.
#
#   tests/size/window.sh BINARY          CASES='tags|emoji' takes only cases of these names
#
# A case passes when the peak is at most that of a small article, the size of the files and 300 MB. Needs Xvfb, xdotool.
set -euo pipefail

source "$(dirname "${BASH_SOURCE[0]}")/../smoke/lib.sh"

readonly SLACK_MB=300
id='01939f3a-7b1c-7000-8000-00000000'
broken=0

# letters N: N letters without a blank.
letters() { head -c "$1" /dev/zero | tr '\0' x; }

# head_of_file ARTICLE: the beginning of an annotation file of the article.
head_of_file() {
    printf '(\n  format: "sourcemark-annotations",\n  version: (1, 0),\n  article: (\n    file_name: "%s",\n' "$(basename "$1")"
    printf '    hash: "blake3:%064d",\n' 0
}
# annotation N EXTRA: an annotation on the first word, with fields of its own.
annotation() {
    printf '    (id: "%s%04d", segments: [(position: (start: 0, end: 3), quote: (exact: "The", suffix: " maker denies it."))],\n' "$id" "$1"
    printf '     creator: "%s0001", created: "2026-03-01T12:00:00Z", tags: ["denial"],\n%s),\n' "$id" "$2"
}
tag() { printf '    (id: "%s", name: "%s"),\n' "$1" "$2"; }

article() {
    printf 'The maker denies it.\n\nIt has a back door, an official said.\n' >"$1"
}

case_name() {
    article "$1"
    {
        head_of_file "$1"
        printf '  ),\n  tags: [\n    (id: "denial", name: "'
        letters "$2"
        printf '"),\n  ],\n  annotations: [\n'
        annotation 100 ''
        printf '  ],\n)\n'
    } >"$1.annotations.ron"
}
case_title() {
    article "$1"
    {
        head_of_file "$1"
        printf '    title: "'
        letters "$2"
        printf '",\n  ),\n  tags: [\n'
        tag denial Denial
        printf '  ],\n  annotations: [\n'
        annotation 100 ''
        printf '  ],\n)\n'
    } >"$1.annotations.ron"
}
case_note() {
    article "$1"
    {
        head_of_file "$1"
        printf '  ),\n  tags: [\n'
        tag denial Denial
        printf '  ],\n  annotations: [\n    (id: "%s0100", segments: [(position: (start: 0, end: 3), quote: (exact: "The", suffix: " maker denies it."))],\n' "$id"
        printf '     creator: "%s0001", created: "2026-03-01T12:00:00Z", tags: ["denial"], note: "' "$id"
        letters "$2"
        printf '"),\n  ],\n)\n'
    } >"$1.annotations.ron"
}
case_tags() {
    article "$1"
    {
        head_of_file "$1"
        printf '  ),\n  tags: [\n'
        tag denial Denial
        seq "$2" | sed 's/.*/    (id: "t&", name: "tag &"),/'
        printf '  ],\n  annotations: [\n'
        annotation 100 ''
        printf '  ],\n)\n'
    } >"$1.annotations.ron"
}
case_text() { # case_text FILE WHAT: an article of one kind of letters
    case "$2" in
    emoji) for _ in $(seq 100); do printf '👩\u200d👩\u200d👧\u200d👦%.0s' $(seq 100); done ;;
    zero) head -c 3000000 /dev/zero | sed 's/\x00\x00\x00/\xe2\x80\x8b/g' ;;
    esac >"$1"
}

keys() { for key in "$@"; do xdotool key "$key"; sleep 0.15; done; }
peak_mb() { awk '/^VmHWM/ {printf "%d", $2 / 1024}' "/proc/$program/status"; }

# open FILE ACTION: the peak in MB while the file is open and worked in.
open() {
    "$binary" "$1" >"$work/program.log" 2>&1 </dev/null &
    program=$!
    wait_for_window
    sleep "${WAIT:-6}"
    "$2"
    is_running || fail "the program ended: $1"
    peak=$(peak_mb)
    kill "$program"
    wait "$program" 2>/dev/null || true
    program=''
}
work_in_it() {
    # The next annotation, its note, the palette, help, the details of the article, the filter, undo.
    keys n Return Escape ctrl+p Escape F1 Escape n Delete ctrl+z Tab Tab
    xdotool mousemove --window "$window" 60 420; sleep 0.6
    xdotool mousemove --window "$window" 640 300; sleep 0.6
    xdotool mousemove --window "$window" 1200 300; sleep 0.6
    keys Next Next Home
}
paste_into_a_field() {
    # The article is the megabyte that is pasted: all of it, into the note of its first word.
    keys ctrl+a ctrl+c Escape Home shift+Right shift+Right shift+Right 1 Return
    keys ctrl+v ctrl+v ctrl+v
    sleep 1
    keys Escape s ctrl+v
    sleep 1
    keys Escape
}

start_display
article "$work/small.txt"
open "$work/small.txt" work_in_it
base=$peak
printf '| %-34s | %9s | %9s | %9s |\n' case 'files, MB' 'peak, MB' 'limit, MB'
printf '|---|---|---|---|\n'
printf '| %-34s | %9d | %9d | %9s |\n' 'a small article' 0 "$base" ''

check() { # check NAME FILE ACTION
    local size limit mark=''
    [[ $1 =~ ${CASES:-.} ]] || return 0
    size=$(($(cat "$2"* | wc -c) / 1000000))
    limit=$((base + size + SLACK_MB))
    open "$2" "$3"
    if ((peak > limit)); then broken=1 mark=' **broken**'; fi
    printf '| %-34s | %9d | %9d | %9d |%s\n' "$1" "$size" "$peak" "$limit" "$mark"
}

case_name "$work/name16.txt" 16000000
check 'a tag name of 16 MB' "$work/name16.txt" work_in_it
case_name "$work/name5.txt" 5000000
check 'a tag name of 5 MB' "$work/name5.txt" work_in_it
case_title "$work/title.txt" 16000000
check 'a title of 16 MB' "$work/title.txt" work_in_it
case_note "$work/note.txt" 16000000
check 'a note of 16 MB' "$work/note.txt" work_in_it
case_tags "$work/tags10.txt" 9900
check '10,000 tags' "$work/tags10.txt" work_in_it
case_tags "$work/tags.txt" 999000
WAIT=25 check '999,000 tags' "$work/tags.txt" work_in_it
yes "The maker denies it, and an official said." | head -n 25000 | tr "\n" " " >"$work/paste.txt" || true # yes ends by a signal
check '1 MB pasted, four times' "$work/paste.txt" paste_into_a_field
case_text "$work/emoji.txt" emoji
check '10,000 joined emoji in one line' "$work/emoji.txt" work_in_it
case_text "$work/zero.txt" zero
check '1,000,000 zero-width spaces' "$work/zero.txt" work_in_it

exit "$broken"
