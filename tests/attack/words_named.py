"""The cases of merging that were lost once, each by itself."""

import copy

import ron
from editor import new_file
from harness import Words, article_text, environment, fresh_rng, sourcemark


class Desk:
    """A folder with one article and files on it that can be changed and merged."""

    def __init__(self, folder, name):
        self.folder, self.rng, self.words = folder, fresh_rng(name), Words()
        self.env = environment(folder / "env")
        text = article_text(self.rng, 1200)
        (folder / "news.txt").write_text(text)
        self.base = new_file(self.rng, self.words, "news.txt", text)
        self.mark = self.base["annotations"][0]["id"]
        self.write("base", self.base)

    def path(self, name):
        return self.folder / f"{name}.annotations.ron"

    def write(self, name, record):
        self.path(name).write_bytes(ron.dump_file(record))

    def read(self, name):
        return ron.load(self.path(name).read_bytes())

    def note(self, before, after, note, modified="2026-06-01T12:00:00Z"):
        """Writes file `after`: `before` with another note on the first mark."""
        record = self.read(before)
        for item in record["annotations"]:
            if item["id"] == self.mark:
                item["note"], item["modified"] = note, modified
        self.write(after, record)

    def without(self, before, after, when=None):
        record = copy.deepcopy(self.read(before))
        record["annotations"] = [item for item in record["annotations"] if item["id"] != self.mark]
        if when:
            record["version"] = (1, 1)
            record.setdefault("tombstones", []).append(
                {"kind": ron.Word("Annotation"), "id": self.mark, "when": when})
        self.write(after, record)

    def merge(self, target, *files):
        names = [name if name.startswith("--") else self.path(name) for name in files]
        return sourcemark("merge", *names, "-o", self.path(target), cwd=self.folder, env=self.env)

    def take(self, name, side, *which):
        return sourcemark("conflicts", self.path(name), *(which or ["--all"]), "--take", side, cwd=self.folder, env=self.env)

    def untag(self, name):
        """Removes the first mark with the program, in a folder in which the file lies beside the article."""
        beside = self.folder / "beside"
        beside.mkdir(exist_ok=True)
        (beside / "news.txt").write_bytes((self.folder / "news.txt").read_bytes())
        path = beside / "news.txt.annotations.ron"
        path.write_bytes(self.path(name).read_bytes())
        done = sourcemark("untag", path, "--id", self.mark, cwd=beside, env=self.env)
        self.path(name).write_bytes(path.read_bytes())
        return done

    def copy(self, before, after):
        self.path(after).write_bytes(self.path(before).read_bytes())

    def holds(self, name, word):
        return word.encode() in self.path(name).read_bytes()


def edited_while_open(case, folder):
    """A note that is edited while a conflict on it is open, and the other side settles the conflict."""
    for turn, side in enumerate(["theirs", "ours", "both"]):
        for order in (("x", "y"), ("y", "x")):
            for base in ("m", None):
                desk = Desk(folder / f"{turn}{order[0]}{base}", f"open{turn}")
                desk.note("base", "a", "first aaaa")
                desk.note("base", "b", "second bbbb")
                done = desk.merge("m", "base", "a", "b")
                case.expect(done.code == 1, f"two notes are no conflict: {done}")
                desk.copy("m", "x")
                desk.take("x", side)
                going_on = [i for i in desk.read("m")["annotations"] if i["id"] == desk.mark][0]["note"]
                desk.note("m", "y", going_on + " cccc", "2026-06-02T12:00:00Z")
                case.rounds += 1
                first = ["--no-base"] if base is None else [base]
                done = desk.merge("end", *first, *order)
                case.expect(done.code in (0, 1) and desk.holds("end", "cccc"),
                            f"take {side}, merge {base or '--no-base'} {' '.join(order)}: the note written meanwhile is gone: {done}")


def changed_after_answer(case, folder):
    """"Changed by one, removed by the other" is answered "removed"; a later change must be asked about anew."""
    for turn, order in enumerate((("x", "y"), ("y", "x"))):
        desk = Desk(folder / f"{turn}", f"answer{turn}")
        desk.note("base", "a", "changed aaaa")
        desk.without("base", "b", "2026-06-01T13:00:00Z")
        done = desk.merge("m", "base", "a", "b")
        case.expect(done.code == 1, f"changed and removed is no conflict: {done}")
        conflict = desk.read("m")["conflicts"][0]
        removed = [at for at, side in enumerate(conflict["sides"], 1) if set(side) <= {"name"}]
        desk.copy("m", "x")
        done = desk.take("x", str(removed[0]) if removed else "theirs")
        case.expect(not desk.holds("x", "aaaa"), f"taking the removal does not remove: {done}")
        # Another person, who never saw the question, goes on from `a` and from `base`.
        desk.note("a", "y", "changed more eeee", "2026-06-03T12:00:00Z")
        case.rounds += 1
        done = desk.merge("end", "a", *order)
        case.expect(desk.holds("end", "eeee"), f"merge a {' '.join(order)}: a later change is swallowed: {done}")
        desk.note("base", "z", "other change ffff", "2026-06-03T12:00:00Z")
        case.rounds += 1
        done = desk.merge("end2", "base", *(("x", "z") if turn else ("z", "x")))
        case.expect(desk.holds("end2", "ffff"), f"merge base x z: another change is swallowed: {done}")
        done = desk.merge("end3", "--no-base", *(("x", "z") if turn else ("z", "x")))
        case.rounds += 1
        case.expect(desk.holds("end3", "ffff"), f"merge --no-base x z: another change is swallowed: {done}")


def clocks_without_base(case, folder):
    """A change that the remover never saw, by a clock that says it was made earlier."""
    for hour in (0, 6, 11, 12, 13, 20):
        for by_program in (False, True):
            for order in (("a", "b"), ("b", "a")):
                desk = Desk(folder / f"{hour}{by_program}{order[0]}", f"clock{hour}")
                desk.note("base", "a", "unseen gggg", f"2026-06-01T{hour:02d}:00:00Z")
                if by_program:
                    desk.copy("base", "b")
                    done = desk.untag("b")
                    case.expect(done.code == 0, f"untag: {done}")
                else:
                    desk.without("base", "b", "2026-06-01T12:00:00Z")
                case.rounds += 1
                done = desk.merge("end", "--no-base", *order)
                case.expect(desk.holds("end", "gggg"),
                            f"changed {hour}:00, removed 12:00 ({'untag' if by_program else 'by hand'}),"
                            f" {' '.join(order)}: deleted unseen: {done}")


def seen_removal(case, folder):
    """What was removed as it was stays removed, with and without base: no merge brings it back or asks."""
    desk = Desk(folder / "r", "seen")
    word = desk.base["annotations"][0]["note"]
    desk.copy("base", "b")
    done = desk.untag("b")
    case.expect(done.code == 0, f"untag: {done}")
    for files in (("--no-base", "base", "b"), ("--no-base", "b", "base"), ("base", "base", "b"), ("base", "b", "base")):
        case.rounds += 1
        done = desk.merge("end", *files)
        case.expect(done.code == 0 and not desk.holds("end", word), f"{' '.join(files)}: removed and unchanged comes back: {done}")


def old_conflicts(case, folder):
    """An open conflict does not stop later merges of other things again, and they say that it is open."""
    for base in ("m", None):
        for turn in range(3):
            desk = Desk(folder / f"{base}{turn}", f"old{turn}")
            desk.note("base", "a", "first aaaa")
            desk.note("base", "b", "second bbbb")
            desk.merge("m", "base", "a", "b")
            desk.copy("m", "x")
            record = desk.read("m")
            record["article"]["title"] = "title hhhh"
            desk.write("y", record)
            record = desk.read("m")
            if turn == 1:
                record["article"]["author"] = "author iiii"
            if turn == 2:
                record["annotations"][1]["note"] = "other iiii"
            desk.write("x", record)
            case.rounds += 1
            done = desk.merge("end", *(["--no-base"] if base is None else [base]), "x", "y")
            case.expect(desk.holds("end", "hhhh") and desk.holds("end", "aaaa") and desk.holds("end", "bbbb"), f"words are gone: {done}")
            if base is not None:
                case.expect(done.code == 0, f"exit {done.code} though the only open conflict is an old one: {done}")
                case.expect("1" in done.text() or "one" in done.text().lower(), f"it is not said that one is open: {done}")


def answer_is_kept(case, folder):
    """Whoever merges an older copy after a settled conflict is not asked again, and nothing changes."""
    for side in ("ours", "theirs", "both"):
        desk = Desk(folder / side, f"kept{side}")
        desk.note("base", "a", "first aaaa")
        desk.note("base", "b", "second bbbb")
        desk.merge("m", "base", "a", "b")
        desk.copy("m", "x")
        case.expect(desk.take("x", side).code == 0, "the conflict is not settled")
        settled = {i["id"]: i for i in desk.read("x")["annotations"]}[desk.mark].get("note")
        for files in (("m", "m", "x"), ("m", "x", "m"), ("base", "x", "a"), ("a", "x", "a"), ("base", "b", "x"), ("--no-base", "x", "m")):
            case.rounds += 1
            done = desk.merge("end", *files)
            now = {i["id"]: i for i in desk.read("end")["annotations"]}[desk.mark].get("note")
            case.expect(done.code == 0 and now == settled, f"take {side}, merge {' '.join(files)}: asked again, or {now!r} for {settled!r}: {done}")


def twice(case, folder):
    """Merging the same file once more changes nothing."""
    desk = Desk(folder / "t", "twice")
    desk.note("base", "a", "first aaaa")
    desk.note("base", "b", "second bbbb")
    desk.without("base", "c", "2026-06-01T12:00:00Z")
    for one, other in (("a", "b"), ("a", "c"), ("c", "b")):
        for first in (["base"], ["--no-base"]):
            desk.merge("m", *first, one, other)
            before = desk.path("m").read_bytes()
            for again in (one, other):
                case.rounds += 1
                done = desk.merge("n", *first, "m", again)
                case.expect(done.code in (0, 1) and desk.path("n").read_bytes() == before,
                            f"{first[0]} {one} {other}, then {again} once more: not the same file: {done}")


def many_at_once(case, folder):
    """Five people's files of one article merged without base, in any order: every note is in one of them."""
    desk = Desk(folder / "many", "many")
    names = []
    for number in range(5):
        desk.note("base", f"p{number}", f"note {desk.words.new()} pp{number}pp", f"2026-06-0{number + 1}T12:00:00Z")
        names.append(f"p{number}")
    for turn in range(12):
        desk.rng.shuffle(names)
        case.rounds += 1
        done = desk.merge("end", "--no-base", *names)
        lost = [n for n in range(5) if not desk.holds("end", f"pp{n}pp")]
        case.expect(done.code == 1 and not lost, f"{' '.join(names)}: lost {lost}: {done}")


NAMED = [
    ("1.1 a note edited while its conflict is open", edited_while_open),
    ("1.2 changed again after the answer was \"removed\"", changed_after_answer),
    ("1.3 --no-base with clocks wrong by hours", clocks_without_base),
    ("1.3 what was removed unchanged stays removed", seen_removal),
    ("1.5 an old open conflict stops no later merge", old_conflicts),
    ("a settled conflict is not asked again", answer_is_kept),
    ("merging once more changes nothing", twice),
    ("five people without base, in any order", many_at_once),
]
