#!/usr/bin/env python3
"""Edits texts in many scripts, so that what became of every character is known and needs no diff.

    editor.py FOLDER OUT VERSIONS [LANGUAGE…]    edits each FOLDER/LANGUAGE.txt or .html that many times into OUT/,
                                                 and prints the cases for judge.py

Words are replaced, put in and taken out, in scripts without blanks single letters; paragraphs are moved, stretches
taken out, and copies of paragraphs put in, never beside their originals. Written on its own: it shares no code with
the program, nor with the editor in tests/bench/anchoring.
"""

import html
import json
import os
import random
import re
import sys
import unicodedata

PASSAGES = 40
TORN = 64


def plain(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if path.endswith(".html"):
        text = re.sub(r"(?s)<(head|header|script|style).*?</\1>", "", text)
        text = re.sub(r"(?i)</(p|h\d|li|ol|ul|article|section|div)>", "\n", text)
        text = html.unescape(re.sub(r"<[^>]+>", "", text))
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line) + "\n"


def clusters(text):
    """Letters with what joins them: (start, end)."""
    found, start = [], 0
    for at in range(1, len(text)):
        joins = unicodedata.category(text[at]) in ("Mn", "Mc", "Me", "Cf") or unicodedata.category(text[at - 1]) == "Cf"
        # Thai and Lao vowels that stand after their consonant, and the conjuncts of India.
        joins = joins or text[at] in "\u0e33\u0eb3" or unicodedata.combining(text[at - 1]) == 9
        if not joins:
            found.append((start, at))
            start = at
    return found + [(start, len(text))]


def units(text, parts):
    """What an editor replaces: words with the blank after them, or letters."""
    words = [(m.start(), m.end()) for m in re.finditer(r"\S+\s*", text)]
    if len(parts) / max(1, len(words)) > 12:
        return parts
    return words


def edit(text, parts, numbers):
    """Pieces of the new text: (start, end, is original) of the old one, or a string that was put in."""
    lines, at = [], 0
    for line in text.splitlines(keepends=True):
        lines.append((at, at + len(line), True))
        at += len(line)
    long_lines = [line for line in lines if line[1] - line[0] > 40]
    for line in numbers.sample(long_lines, 2):
        lines.remove(line)
        lines.insert(numbers.randrange(len(lines) + 1), line)
    for line in numbers.sample(long_lines, 3):
        here = lines.index(line)
        far = [i for i in range(len(lines) + 1) if not here - 2 <= i <= here + 3]
        lines.insert(numbers.choice(far), (line[0], line[1], False))
    words = units(text, parts)
    starts = [s for s, _ in words]
    pieces = []
    gone = set()
    for _ in range(2):
        first = numbers.randrange(len(words))
        gone |= set(range(first, first + numbers.randint(3, 25)))
    rate = numbers.choice((20, 40, 80))
    number = {s: i for i, s in enumerate(starts)}
    for start, end, original in lines:
        at = start
        for i in range(len(words)):
            s, e = words[i]
            if s < start or e > end:
                continue
            if original and i in gone:
                pieces.append((at, s, original))
                at = e
            elif original and numbers.randrange(rate) == 0:
                pieces.append((at, s, original))
                other = text[slice(*numbers.choice(words))].replace("\n", "")
                how = numbers.randrange(3)
                if how == 0:
                    pieces.append(other)
                    at = s
                else:
                    at = e if text[s:e].endswith("\n") is False else e - 1
                    if how == 1:
                        pieces.append(other)
        pieces.append((at, end, original))
    return pieces


def main(folder, out, n_versions, languages):
    names = sorted(os.listdir(folder))
    for name in names:
        language = name.split(".")[0]
        if not name.endswith((".txt", ".html")) or languages and language not in languages:
            continue
        old = plain(os.path.join(folder, name))
        if len(old) < 4000:
            continue
        parts = clusters(old)
        os.makedirs(out, exist_ok=True)
        old_path = os.path.join(out, f"{language}.txt")
        with open(old_path, "w", encoding="utf-8") as file:
            file.write(old)
        for version in range(n_versions):
            numbers = random.Random(f"{language} {version}")
            text, place = [], {}
            at = 0
            for piece in edit(old, parts, numbers):
                added = piece if isinstance(piece, str) else old[piece[0] : piece[1]]
                if not isinstance(piece, str) and piece[2]:
                    for i in range(len(added)):
                        place[piece[0] + i] = at + i
                text.append(added)
                at += len(added)
            new = "".join(text)
            new_path = os.path.join(out, f"{language}.{version}.txt")
            with open(new_path, "w", encoding="utf-8") as file:
                file.write(new)
            for _ in range(PASSAGES):
                n = numbers.randint(4, 120)
                first = numbers.randrange(len(parts) - n)
                start, end = parts[first][0], parts[first + n - 1][1]
                piece = old[start:end]
                start, end = start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())
                wanted = [i for i in range(start, end) if not old[i].isspace()]
                there = [place[i] for i in wanted if i in place]
                if not wanted or there != sorted(there):
                    continue
                share = len(there) / len(wanted)
                hull = (there[0], there[-1] + 1) if there else None
                wording = old[start:end]
                if hull and new[hull[0] : hull[1]] == wording and share == 1:
                    kind = "unchanged"
                elif share < 0.15:
                    kind = "elsewhere" if wording in new else "deleted"
                else:
                    kind = "torn" if hull[1] - hull[0] > 2 * (end - start) + TORN else "changed"
                places = [hull] if hull and share >= 0.15 else []
                n_there = new.count(wording) - (kind == "unchanged")
                what = "copied" if kind != "deleted" and n_there >= old.count(wording) else "single"
                case = [old_path, new_path, start, end, what, kind, places, [round(share, 3)] * 2]
                print("\t".join(x if isinstance(x, str) else json.dumps(x) for x in case))


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:])
