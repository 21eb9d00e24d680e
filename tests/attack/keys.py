"""Sends the same keys and clicks to two windows: to one slowly, to the other while it is stopped, all at once.

The law: what comes out is the same, ids and times aside. Both windows go on from round to round and are compared
after each; after a difference both begin anew.
"""

import time

import ron
from editor import unwrapped
from harness import article_text, fresh_rng, run_cases, times
from window import Display, Gone, Window

MOVES = ["Down", "Up", "Home", "End", "Right", "Left", "ctrl+Right", "ctrl+Left", "ctrl+Home", "Next", "Prior"]
SELECTS = ["shift+End", "shift+Right", "ctrl+shift+Right", "shift+Down", "alt+Up", "alt+Up", "alt+Down", "ctrl+shift+Left"]
TAGS = ["1", "2", "3", "4", "1", "2", "h"]
CHOICES = ["n", "p", "o", "b", "Escape"]
CHANGES = ["Delete", "BackSpace", "ctrl+z", "ctrl+z", "ctrl+y", "alt+Right", "alt+Left", "alt+shift+Right", "a"]
COMMANDS = ["highlight without", "undo", "next annotation", "remove annotation", "start one word on", "marker"]


def typed(text):
    names = {" ": "space", ".": "period", ",": "comma", "\n": "Return"}
    return [names.get(letter, letter) for letter in text]


def phrase(rng):
    """Returns a few keys that mean something together."""
    way = rng.randrange(14)
    mark = [rng.choice(["Escape", "Escape", "Home"]), rng.choice(MOVES), "Home", rng.choice(SELECTS), rng.choice(TAGS)]
    if way <= 3:
        return mark
    if way == 4:
        return [rng.choice(MOVES), rng.choice(SELECTS), rng.choice(TAGS), rng.choice(CHANGES)]
    if way == 5:
        return mark + ["Return"] + typed(rng.choice(["hello12", "a note 4", "no1 2 3 h n", "x"])) + ["Escape"]
    if way == 6:
        return [rng.choice(["n", "p"]), "Return"] + typed("more" + str(rng.randrange(10))) + [rng.choice(["Escape", "ctrl+s", "Tab", "F6"])]
    if way == 7:
        return [rng.choice(["n", "p"]), "s"] + typed("ann" + str(rng.randrange(3))) + [rng.choice(["Return", "Tab"]), "Escape"]
    if way == 8:
        return [rng.choice(CHOICES), rng.choice(CHANGES), rng.choice(CHOICES)]
    if way == 9:
        return ["ctrl+k"] + typed(rng.choice(COMMANDS)) + [rng.choice(["Return", "Return", "Escape"])]
    if way == 10:
        return [f"click {rng.randrange(330, 640)} {rng.randrange(160, 560)}", rng.choice(["alt+Up", "shift+End", "n", "Return"]), rng.choice(TAGS)]
    if way == 11:
        return [rng.choice(["F1", "ctrl+t", "ctrl+i", "ctrl+comma", "ctrl+f"])] + typed(rng.choice(["123", "12h", "n"])) + ["Escape", "Escape"]
    if way == 12:
        return ["n", rng.choice(TAGS), "n", rng.choice(TAGS), rng.choice(["ctrl+z", "Delete"])]
    return ["m", rng.choice(MOVES), "Home", rng.choice(SELECTS), "Escape", "F6", rng.choice(["Down", "Up"]), rng.choice(TAGS), "F6"]


def plain(path):
    """Returns the records of a file without ids and times, in an order that follows from their content."""
    try:
        record = ron.load(path.read_bytes())
    except FileNotFoundError:
        return []
    names = {item["id"]: item.get("name", "") for kind in ("agents", "speakers") for item in record.get(kind, [])}
    marks = []
    for mark in record.get("annotations", []):
        attribution = mark.get("attribution", {})
        marks.append({
            "at": [(one["position"]["start"], one["position"]["end"]) for one in mark["segments"]],
            "tags": list(mark.get("tags", [])), "note": mark.get("note", ""),
            "speaker": names.get(unwrapped(attribution.get("speaker")), ""), "cue": attribution.get("cue", ""),
            "by": names.get(mark["creator"], "?"),
        })
    tags = [(tag["id"], tag.get("name", "")) for tag in record.get("tags", [])]
    return sorted(map(repr, marks)) + [repr(tags)] + sorted(repr(("speaker", name)) for name in names.values())


class Pair:
    """Two windows on two copies of one article."""

    def __init__(self, folder, text):
        folder.mkdir(parents=True)
        self.displays, self.windows, self.files = [], [], []
        for name in ("slow", "fast"):
            here = folder / name
            here.mkdir()
            (here / "news.txt").write_text(text)
            self.files.append(here / "news.txt.annotations.ron")
            self.displays.append(Display(here))
            self.windows.append(Window(self.displays[-1], here, here / "news.txt"))
        for window in self.windows:
            # A click into the text, once; then the keyboard is there.
            window.slowly(["click 500 300", "ctrl+Home", "Escape"])

    def play(self, chunks):
        """Plays the groups of keys: slowly here, each group in one frame there. Returns what differs."""
        slow, fast = self.windows
        for chunk in chunks:
            fast.in_one_frame(chunk)
            slow.slowly(chunk)
            fast.settle(3)
        return self.difference()

    def difference(self):
        for window in self.windows:
            window.slowly(["ctrl+s"], 3)
        deadline = time.monotonic() + 5
        while True:
            try:
                here, there = plain(self.files[0]), plain(self.files[1])
                if here == there:
                    return ""
            except (ron.RonError, ValueError):
                here, there = ["?"], ["unreadable"]
            if time.monotonic() > deadline:
                only = lambda one, other: [line for line in one if line not in other][:3]
                return f"slowly {only(here, there)}, at once {only(there, here)}"
            time.sleep(0.2)

    def close(self):
        for window in self.windows:
            window.kill()
        for display in self.displays:
            display.close()


def cut(rng, keys):
    chunks = []
    while keys:
        size = rng.choice([1, 2, 3, 5, 8, 40])
        chunks.append(keys[:size])
        keys = keys[size:]
    return chunks


def random_bursts(case, folder):
    rng = fresh_rng("keys")
    text = article_text(rng, 2500)
    pair, number, since = None, 0, []
    for turn in range(times(240)):
        if pair is None:
            number += 1
            pair = Pair(folder / f"p{number}", text)
            since = []
        keys = [key for _ in range(rng.choice([1, 2, 3])) for key in phrase(rng)]
        chunks = cut(rng, list(keys))
        since.append(chunks)
        case.rounds += 1
        try:
            difference = pair.play(chunks)
        except Gone as error:
            difference = f"the window is gone: {error}"
        if difference:
            case.violation(f"round {turn}: {' | '.join(' '.join(chunk) for chunk in chunks)}: {difference}"
                           + (f"\n    before it: {since[-2]}" if len(since) > 1 else ""))
            pair.close()
            pair = None
    if pair:
        pair.close()


LISTED = [
    ("a mark, then another in one frame", ["Home", "shift+End", "1"], ["Escape", "Down", "Home", "shift+End", "2"]),
    ("a mark, then another is removed", ["Home", "shift+End", "1"], ["Escape", "Down", "Home", "shift+End", "2", "Delete"]),
    ("Delete acts on the new selection", ["Home", "shift+End", "1"], ["Escape", "Down", "Home", "shift+End", "Delete"]),
    ("digits after a field was opened", ["Home", "shift+End", "1"], ["ctrl+f", "1", "2", "3"]),
    ("digits after the palette was opened", ["Home", "shift+End", "1"], ["ctrl+k", "2", "3", "Escape"]),
    ("digits after the new tag was opened", ["Home", "shift+End", "1"], ["ctrl+t", "2", "3", "Escape"]),
    ("a note", ["Home", "shift+End", "1"], ["Return", *typed("hello12")]),
    ("a note and save", ["Home", "shift+End", "1"], ["Return", *typed("hello12"), "ctrl+s"]),
    ("a speaker", ["Home", "shift+End", "1"], ["s", *typed("ann12"), "Return"]),
    ("next, tag, next, tag", ["Home", "shift+End", "1", "Escape", "Down", "Home", "shift+End", "1"], ["n", "2", "n", "3"]),
    ("undo and mark", ["Home", "shift+End", "1"], ["ctrl+z", "Down", "Home", "shift+End", "3", "ctrl+z", "4"]),
    ("click and tag", ["Home", "shift+End", "1"], ["Escape", "click 480 330", "alt+Up", "2"]),
    ("click on another, Delete", ["Home", "shift+End", "1"], ["click 520 420", "Delete", "alt+Up", "4"]),
    ("Escape out of a note, then a tag", ["Home", "shift+End", "1"], ["Return", *typed("x1"), "Escape", "2"]),
    ("other pane", ["Home", "shift+End", "1", "Escape", "Down", "Home", "shift+End", "1"], ["F6", "Up", "2", "F6", "Down", "3"]),
    ("move an end twice", ["Home", "ctrl+shift+Right", "1"], ["alt+Right", "alt+Right", "alt+shift+Right"]),
    ("close and type", ["Home", "shift+End", "1", "ctrl+s"], ["F1", "Escape", "n", "4"]),
    ("marker", ["Home"], ["m", "Down", "Home", "shift+End", "m", "Down", "Home", "shift+End", "2"]),
]


def listed(case, folder):
    """The sequences that acted on the old selection once, each in one frame and one by one."""
    text = article_text(fresh_rng("listed"), 2500)
    pair = None
    for turn, (what, before, burst) in enumerate(LISTED):
        for chunks in ([burst], [burst[:2], burst[2:]]):
            if pair is None:
                pair = Pair(folder / f"l{turn}-{len(chunks)}", text)
            case.rounds += 1
            try:
                for window in pair.windows:
                    window.slowly(["Escape", "Escape", "ctrl+Home", "Down", *before])
                difference = pair.play(chunks)
            except Gone as error:
                difference = f"the window is gone: {error}"
            if difference:
                case.violation(f"{what}: {' | '.join(' '.join(chunk) for chunk in chunks)}: {difference}")
                pair.close()
                pair = None
    if pair:
        pair.close()


def same_twice(case, folder):
    """The control: keys sent slowly to both windows come to the same."""
    rng = fresh_rng("control")
    pair = Pair(folder / "c", article_text(rng, 2500))
    try:
        for _ in range(times(20)):
            keys = phrase(rng)
            case.rounds += 1
            for window in pair.windows:
                window.slowly(keys)
            case.expect(not pair.difference(), f"sent slowly to both: {' '.join(keys)}: {pair.difference()}")
    except Gone as error:
        case.violation(f"the window is gone: {error}")
    pair.close()


if __name__ == "__main__":
    run_cases([
        ("the same keys slowly in both windows", same_twice),
        ("2.3 listed sequences in one frame", listed),
        ("2.3 random bursts", random_bursts),
    ])
