#!/usr/bin/env python3
"""Judges where marks are found again in the next version of a text, without one line of the program's code.

    judge.py cases FOLDER tune|report OUT     makes passages and their truth from the revisions FOLDER/edits-*
    judge.py tables OUT ANSWERS               holds the program's answers against the truth
    judge.py read OUT ANSWERS N [SEED]        prints N random cases for a person to read

The rule is in README.md. Needs nothing but Python 3.9 or later.
"""

import bisect
import hashlib
import json
import os
import random
import re
import sys
from collections import Counter
from difflib import SequenceMatcher

RANDOM_PASSAGES = 40
SENTENCES = 15
# A passage of which less than this is left, blanks not counted, was deleted.
DELETED = 0.15
# Ends that are wrong by no more than this many characters still show the right passage.
NEAR = 12
# So does a stretch that has this share of its characters in common with the right one.
NEAR_SHARE = 0.8
# A passage that has grown to more than twice its length and this was torn apart.
TORN = 64

WORD = re.compile(r"[^\W_]+|[^\w\s]|_")
SENTENCE_END = re.compile(r"(?<=[.!?;:])[\"')\]]*\s+|\n+")


# --- the two diffs ---------------------------------------------------------------------------------------------------


def words_of(text):
    return [(m.start(), m.end()) for m in WORD.finditer(text)]


def lines_of(text):
    found, start = [], 0
    for line in text.splitlines(keepends=True):
        found.append((start, start + len(line)))
        start += len(line)
    return found


def gaps(old, new):
    """The long lines that stand once in both texts and did not change places, and what lies between them."""
    a, b = lines_of(old), lines_of(new)
    la, lb = [old[s:e] for s, e in a], [new[s:e] for s, e in b]
    n_a, n_b = Counter(la), Counter(lb)
    where = {line: j for j, line in enumerate(lb)}
    pairs = [(i, where[line]) for i, line in enumerate(la) if n_a[line] == n_b[line] == 1 and len(line.strip()) >= 40]
    ends, back = [], {}
    for pair in pairs:
        at = bisect.bisect_left([other[1] for other in ends], pair[1])
        back[pair] = ends[at - 1] if at else None
        ends[at : at + 1] = [pair]
    chain, pair = [], ends[-1] if ends else None
    while pair:
        chain.append(pair)
        pair = back[pair]
    at, found = (0, 0), []
    for i, j in reversed(chain):
        found.append(((at[0], a[i][0]), (at[1], b[j][0]), (a[i][0], b[j][0], len(la[i]))))
        at = (a[i][1], b[j][1])
    found.append(((at[0], len(old)), (at[1], len(new)), None))
    return found


def in_gaps(old, new, diff):
    """Pairs (old, new, length) of characters that are kept, ascending: `diff` says what is in the gaps."""
    counts = Counter(old[s:e] for s, e in words_of(old)), Counter(new[s:e] for s, e in words_of(new))
    kept = []
    for (s, e), (t, f), line in gaps(old, new):
        kept += [(s + x, t + y, n) for x, y, n in diff(old[s:e], new[t:f], *counts)]
        if line:
            kept.append(line)
    return kept


def by_words(old, new, count_a, count_b):
    """Diff A: all the words at once."""
    a, b = words_of(old), words_of(new)
    wa, wb = [old[s:e] for s, e in a], [new[s:e] for s, e in b]

    def says_something(run):
        n_letters = [word for word in run if word[0].isalnum()]
        if len(n_letters) >= 3:
            return True
        return any(count_a[w] <= 3 and count_b[w] <= 3 and len(w) > 1 for w in n_letters)

    blocks = [m for m in SequenceMatcher(None, wa, wb, autojunk=False).get_matching_blocks() if m.size]
    counts = [says_something(wa[m.a : m.a + m.size]) for m in blocks]
    # A run of common words alone says nothing, unless it is beside one that does, in both texts.
    for order in (range(1, len(blocks)), range(len(blocks) - 2, -1, -1)):
        for i in order:
            other = i - 1 if order.step > 0 else i + 1
            if counts[i] or not counts[other]:
                continue
            first, last = blocks[min(i, other)], blocks[max(i, other)]
            gap_a, gap_b = last.a - first.a - first.size, last.b - first.b - first.size
            counts[i] = gap_a <= 4 and gap_b <= 4
    kept = []
    for m, good in zip(blocks, counts):
        if not good:
            continue
        for i in range(m.size):
            (s, e), (t, _) = a[m.a + i], b[m.b + i]
            kept.append((s, t, e - s))
    return kept


def sentences_of(text):
    found, start = [], 0
    for end in SENTENCE_END.finditer(text):
        found.append((start, end.start()))
        start = end.end()
    found.append((start, len(text)))
    return [(s, e) for s, e in found if text[s:e].strip()]


def by_sentences(old, new, count_a, count_b):
    """Diff B: sentences are aligned by the words they share, rare words counting most; then characters inside."""
    a, b = sentences_of(old), sentences_of(new)

    def bag(text, part):
        return Counter(text[s:e].lower() for s, e in ((part[0] + x, part[0] + y) for x, y in words_of(text[part[0] : part[1]])))

    bags_a, bags_b = [bag(old, s) for s in a], [bag(new, s) for s in b]
    total = Counter()
    for counts in (count_a, count_b):
        for word, count in counts.items():
            total[word.lower()] += count
    weight = {w: (1.0 / (1 + max(0, n - 2)) ** 0.5 if w[0].isalnum() else 0.1) for w, n in total.items()}

    def mass(words):
        return sum(weight[w] * n for w, n in words.items())

    mass_a, mass_b = [mass(x) for x in bags_a], [mass(x) for x in bags_b]

    def gain(i, n_i, j, n_j):
        x = bags_a[i] if n_i == 1 else sum(bags_a[i : i + n_i], Counter())
        y = bags_b[j] if n_j == 1 else sum(bags_b[j : j + n_j], Counter())
        if len(y) < len(x):
            shared = sum(weight[w] * min(n, x[w]) for w, n in y.items() if w in x)
        else:
            shared = sum(weight[w] * min(n, y[w]) for w, n in x.items() if w in y)
        if shared <= 0:
            return -1.0
        mx, my = sum(mass_a[i : i + n_i]), sum(mass_b[j : j + n_j])
        lost = min(mx, my) - shared
        return shared - 0.45 * lost - 0.06 * abs(mx - my) - 0.2 * (n_i + n_j - 2)

    n, m = len(a), len(b)
    beads = [(1, 1), (1, 2), (2, 1), (2, 2), (1, 3), (3, 1)]
    best = [[0.0] * (m + 1) for _ in range(n + 1)]
    step = [[None] * (m + 1) for _ in range(n + 1)]
    index = {}
    for j, words in enumerate(bags_b):
        for w in words:
            index.setdefault(w, set()).add(j)
    alike = [set() for _ in range(n)]
    for i, words in enumerate(bags_a):
        for w in words:
            # Sentences that share only common words are no candidates.
            if len(index.get(w, ())) <= 8 or len(words) <= 3:
                alike[i] |= index.get(w, set())
    for i in range(n, -1, -1):
        for j in range(m, -1, -1):
            value, how = 0.0, None
            if i < n and best[i + 1][j] >= value:
                value, how = best[i + 1][j], (1, 0)
            if j < m and best[i][j + 1] >= value:
                value, how = best[i][j + 1], (0, 1)
            for n_i, n_j in beads:
                if i + n_i > n or j + n_j > m:
                    continue
                if not any(y in alike[x] for x in range(i, i + n_i) for y in range(j, j + n_j)):
                    continue
                got = gain(i, n_i, j, n_j)
                if got > 0 and got + best[i + n_i][j + n_j] > value:
                    value, how = got + best[i + n_i][j + n_j], (n_i, n_j)
            best[i][j], step[i][j] = value, how
    kept, i, j = [], 0, 0
    while i < n or j < m:
        n_i, n_j = step[i][j] or ((1, 0) if i < n else (0, 1))
        if n_i and n_j:
            kept += by_characters(old, (a[i][0], a[i + n_i - 1][1]), new, (b[j][0], b[j + n_j - 1][1]))
        i, j = i + n_i, j + n_j
    return kept


def by_characters(old, was, new, there):
    """What two aligned stretches have in common, character by character, without letters that agree by chance."""
    one, other = old[was[0] : was[1]], new[there[0] : there[1]]
    if one == other:
        return [(was[0], there[0], len(one))]
    if len(one) > 2000 or len(other) > 2000:
        counts = Counter(one.split()), Counter(other.split())
        return [(was[0] + x, there[0] + y, n) for x, y, n in by_words(one, other, *counts)]
    blocks = [m for m in SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks() if m.size]

    def is_long(m):
        return len(one[m.a : m.a + m.size].strip()) >= 4

    good = [is_long(m) for m in blocks]
    for order in (range(1, len(blocks)), range(len(blocks) - 2, -1, -1)):
        for i in order:
            near = i - 1 if order.step > 0 else i + 1
            if good[i] or not good[near]:
                continue
            first, last = blocks[min(i, near)], blocks[max(i, near)]
            good[i] = last.a - first.a - first.size <= 2 and last.b - first.b - first.size <= 2
    return [(was[0] + m.a, there[0] + m.b, m.size) for m, g in zip(blocks, good) if g]


# --- what became of a passage ----------------------------------------------------------------------------------------


def fate(kept, old, new, start, end):
    """(share of the passage that is kept, first and last place of it in the new text), by one diff."""
    n_kept, first, last = 0, None, None
    for s, t, n in kept:
        lo, hi = max(s, start), min(s + n, end)
        if lo >= hi:
            continue
        # Blanks at the ends of what is kept are not part of it.
        piece = old[lo:hi]
        if not piece.strip():
            continue
        lo += len(piece) - len(piece.lstrip())
        hi -= len(piece) - len(piece.rstrip())
        n_kept += len("".join(old[lo:hi].split()))
        first = t + lo - s if first is None else first
        last = t + hi - s
    ink = len("".join(old[start:end].split()))
    return n_kept / max(ink, 1), first, last


def is_near(one, other):
    (a, b), (c, d) = one, other
    if abs(a - c) <= NEAR and abs(b - d) <= NEAR:
        return True
    common, hull = min(b, d) - max(a, c), max(b, d) - min(a, c)
    return hull > 0 and common >= NEAR_SHARE * hull


def trimmed(text, start, end):
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))


def verdict(old, new, start, end, fates):
    """The kind of a passage, and the places that are right for it."""
    start, end = trimmed(old, start, end)
    wording = old[start:end]
    places = [(first, last) for _, first, last in fates if first is not None]
    same = [new[s:e] == wording for s, e in places]
    shares = [share for share, _, _ in fates]
    if len(same) == 2 and all(same):
        return ("unchanged" if places[0] == places[1] else "undecided"), places[:1]
    n_here = new.count(wording)
    if all(share < DELETED for share in shares):
        return ("elsewhere" if n_here else "deleted"), []
    if any(share < DELETED for share in shares):
        return "undecided", places
    if any(same):
        return "undecided", places
    if not is_near(places[0], places[1]):
        return "undecided", places
    if n_here:
        # Its very words stand somewhere, and both diffs see it elsewhere and changed.
        return "elsewhere", places
    length = min(e - s for s, e in places)
    return ("torn" if length > 2 * (end - start) + TORN else "changed"), places


# --- cases -----------------------------------------------------------------------------------------------------------


def half(name):
    return "tune" if hashlib.sha256(name.encode()).digest()[0] % 2 == 0 else "report"


def revisions(folder, wanted):
    for corpus in sorted(os.listdir(folder)):
        if not corpus.startswith("edits-"):
            continue
        for article in sorted(os.listdir(os.path.join(folder, corpus))):
            base = os.path.join(folder, corpus, article)
            if not os.path.isdir(base) or half(article) != wanted:
                continue
            names = [name for name in os.listdir(base) if name.endswith(".txt")]
            names.sort(key=lambda name: int(name.split(".")[0]))
            for one, other in zip(names, names[1:]):
                yield os.path.join(base, one), os.path.join(base, other)


def read(path):
    with open(path, encoding="utf-8", errors="replace", newline="") as file:
        return file.read()


def passages(text, numbers):
    found = []
    for _ in range(RANDOM_PASSAGES):
        length = numbers.randint(12, 240)
        if length >= len(text):
            continue
        start = numbers.randrange(len(text) - length)
        if text[start : start + length].strip():
            found.append(("random", start, start + length))
    whole = [(s, e) for s, e in sentences_of(text) if 12 <= e - s <= 400]
    for start, end in numbers.sample(whole, min(SENTENCES, len(whole))):
        found.append(("sentence", start, end))
    return found


def make_cases(folder, wanted, out):
    n = 0
    with open(out, "w", encoding="utf-8") as file:
        for old_path, new_path in revisions(folder, wanted):
            old, new = read(old_path), read(new_path)
            if old == new:
                continue
            diffs = [in_gaps(old, new, by_words), in_gaps(old, new, by_sentences)]
            numbers = random.Random(old_path[-60:])
            for what, start, end in passages(old, numbers):
                fates = [fate(kept, old, new, start, end) for kept in diffs]
                kind, places = verdict(old, new, start, end, fates)
                case = [old_path, new_path, start, end, what, kind, places, [round(f[0], 3) for f in fates]]
                file.write("\t".join(x if isinstance(x, str) else json.dumps(x) for x in case) + "\n")
                n += 1
    print(f"{n} passages", file=sys.stderr)


# --- judging ---------------------------------------------------------------------------------------------------------


def load(cases, answers):
    with open(cases, encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file]
    with open(answers, encoding="utf-8") as file:
        said = [json.loads(line) for line in file]
    assert len(rows) == len(said), (len(rows), len(said))
    for row, answer in zip(rows, said):
        old, new, start, end, what, kind, places, shares = row
        yield {
            "old": old, "new": new, "start": int(start), "end": int(end), "what": what, "kind": kind,
            "places": [tuple(p) for p in json.loads(places)], "shares": json.loads(shares), "answer": answer,
        }


def outcome(case, answer):
    """`taken` or `offered` with right or wrong, or `asked`."""
    word, ranges = answer["result"], answer["places"]
    if word not in ("exact", "moved", "changed"):
        return "asked"
    what = "offered" if word == "changed" else "taken"
    there = tuple(ranges[0])
    if case["kind"] == "unchanged":
        right = trimmed(NEW[0], *there) == case["places"][0]
    elif case["kind"] == "deleted":
        right = False
    else:
        right = any(is_near(there, place) for place in case["places"])
    return f"{what} {'right' if right else 'wrong'}"


NEW = [""]


def with_texts(cases):
    last = None
    for case in cases:
        if case["new"] != last:
            NEW[0], last = read(case["new"]), case["new"]
        yield case


COLUMNS = ["taken right", "taken wrong", "offered right", "offered wrong", "asked"]


def tables(cases, answers):
    counted = {}
    for case in with_texts(load(cases, answers)):
        for mode in ("withheld", "given"):
            got = outcome(case, case["answer"][mode])
            for what in (case["what"], "all"):
                kinds = [case["kind"]] + (["changed + torn"] if case["kind"] in ("changed", "torn") else [])
                for kind in kinds:
                    counted.setdefault((mode, what, kind), Counter())[got] += 1
    for mode in ("withheld", "given"):
        print(f"\nold text {mode}\n")
        print("| passages | kind | n | " + " | ".join(COLUMNS) + " | right | wrong |")
        print("|---|---|" + "---|" * (len(COLUMNS) + 3))
        for what in ("random", "sentence", "all"):
            for kind in ("unchanged", "changed", "torn", "changed + torn", "deleted", "elsewhere", "undecided"):
                c = counted.get((mode, what, kind), Counter())
                n = sum(c.values())
                if not n:
                    continue
                right, wrong = (c["taken right"] + c["offered right"]), (c["taken wrong"] + c["offered wrong"])
                print(
                    f"| {what} | {kind} | {n} | " + " | ".join(str(c[x]) for x in COLUMNS)
                    + f" | {100 * right / n:.2f} % | {100 * wrong / n:.2f} % |"
                )
    for what in ("random", "sentence", "all"):
        c = counted.get(("given", what, "changed + torn"), Counter())
        d = counted.get(("given", what, "deleted"), Counter())
        right = c["taken right"] + c["offered right"]
        wrong = c["taken wrong"] + c["offered wrong"] + d["taken wrong"] + d["offered wrong"]
        if right:
            print(f"\n{what}: of {right + wrong} shown for changed, torn and deleted passages, old text given, "
                  f"{right} are confirmed ({100 * right / (right + wrong):.2f} %)")


def show(text, start, end, around=100):
    part = lambda s: s.replace("\n", "⏎")
    return f"{part(text[max(0, start - around):start])}⟦{part(text[start:end])}⟧{part(text[end:end + around])}"


def read_cases(cases, answers, n, seed, only):
    chosen = [case for case in with_texts(load(cases, answers))]
    def fits(case):
        if not only:
            return True
        NEW[0] = read(case["new"])
        return all(x in (case["kind"], case["what"], *(f"{m}: {outcome(case, case['answer'][m])}" for m in ("withheld", "given"))) for x in only)
    random.Random(seed).shuffle(chosen)
    shown = 0
    for case in chosen:
        if shown == n or not fits(case):
            if shown == n:
                break
            continue
        shown += 1
        old, new = read(case["old"]), read(case["new"])
        NEW[0] = new
        print(f"\n=== {'/'.join(case['new'].split('/')[-2:])} {case['what']} {case['kind']} shares {case['shares']}")
        print("  old      ", show(old, case["start"], case["end"]))
        for place in case["places"]:
            print("  judge    ", show(new, *place, 40))
        for mode in ("withheld", "given"):
            answer = case["answer"][mode]
            print(f"  {mode}: {answer['result']} {outcome(case, answer)} {answer.get('why', '')}")
            for place in answer["places"][:2]:
                print("           ", show(new, *place, 40))


def main(args):
    if args[:1] == ["cases"] and len(args) == 4 and args[2] in ("tune", "report"):
        make_cases(*args[1:])
    elif args[:1] == ["tables"] and len(args) == 3:
        tables(args[1], args[2])
    elif args[:1] == ["read"] and len(args) >= 4:
        read_cases(args[1], args[2], int(args[3]), args[4] if len(args) > 4 else "1", args[5:])
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
