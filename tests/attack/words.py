"""Merges random histories with `sourcemark merge` and counts the facts of both sides in what comes out.

The law: a fact of one side is missing from the outcome only if the other side had it at some time, that is, if a
person there saw it and took it away. Each version therefore carries all facts of its past.
"""

import copy
import pathlib
import re
import shutil

import ron
from editor import Editor, facts, new_file
from harness import (KEEP, Words, article_text, environment, family, fresh_rng, run_cases, shifted, sourcemark, times,
                     words_in)
from words_named import NAMED

SKEWS = (0, 0, -7200, 3 * 3600, -26 * 3600, 400 * 86400)
SIDES = ("ours", "theirs", "both", "1", "2")


class Version:
    """One state of the file: its bytes, the facts in it, all facts of its past, the versions it came from."""

    def __init__(self, data, parents):
        self.data, self.record = data, ron.load(data)
        self.facts = facts(data, self.record)
        self.past = set().union(self.facts, *(parent.past for parent in parents))
        self.before = {id(self): self}
        for parent in parents:
            self.before.update(parent.before)

    def conflicts(self):
        return {conflict["id"] for conflict in self.record.get("conflicts", [])}


class History:
    """Some people, each with a version of one annotation file, who edit it, send it and merge it."""

    def __init__(self, case, folder, rng, env):
        self.case, self.folder, self.rng, self.env = case, folder, rng, env
        self.words, self.text = Words(), article_text(rng, 1500)
        (folder / "news.txt").write_text(self.text)
        first = Version(ron.dump_file(new_file(rng, self.words, "news.txt", self.text)), [])
        self.people = [first] * rng.choice([2, 2, 3, 4])
        self.editors = [Editor(rng, self.words, self.text, rng.choice(SKEWS)) for _ in self.people]
        self.log = []

    def file(self, name, data):
        path = self.folder / f"{name}.annotations.ron"
        path.write_bytes(data)
        return path

    def step(self):
        who = self.rng.randrange(len(self.people))
        way = self.rng.random()
        if way < 0.50:
            self.edit(who)
        elif way < 0.58:
            self.untag(who)
        elif way < 0.72:
            self.settle(who)
        else:
            self.merge(who)

    def edit(self, who):
        head = self.people[who]
        record, editor = copy.deepcopy(head.record), self.editors[who]
        for other in self.editors:
            editor.now = max(editor.now, other.now - 3600)
        older = self.rng.choice(list(head.before.values())).record
        for _ in range(self.rng.choice([1, 1, 2, 4])):
            editor.edit(record, older)
        self.people[who] = Version(ron.dump_file(record), [head])
        self.log.append(f"{who} edits")

    def clock(self):
        return shifted(self.env, self.rng.choice(["+0", "+0", "-5h", "+9h"]))

    def untag(self, who):
        head = self.people[who]
        if not head.record.get("annotations"):
            return
        gone = self.rng.choice(head.record["annotations"])
        path = self.file("news.txt", head.data)
        done = sourcemark("untag", path, "--id", gone["id"], cwd=self.folder, env=self.clock())
        if not self.case.expect(done.code == 0, f"untag: {done}"):
            return
        after = Version(path.read_bytes(), [head])
        allowed = facts(ron.dump_file({"annotations": [gone]}), {"annotations": [gone]})
        self.only(head, after, allowed | self.of_conflicts(head, gone["id"]), f"untag {gone['id']}")
        self.people[who] = after
        self.log.append(f"{who} untags {gone['id']}")

    def of_conflicts(self, version, name):
        about_it = [c for c in version.record.get("conflicts", []) if c.get("record") == name]
        return facts(ron.dump_file({"conflicts": about_it}), {"conflicts": about_it})

    def only(self, before, after, allowed, what):
        lost = before.facts - after.facts - allowed
        self.case.expect(not lost, lambda: f"{what} also took away {sorted(lost)[:5]}; {self.keep(before=before, after=after)}")

    def settle(self, who):
        """A person is shown what is open, and answers."""
        head = self.people[who]
        conflicts = head.record.get("conflicts")
        if not conflicts:
            return
        one = self.rng.choice(conflicts)
        side = self.rng.choice(SIDES)
        path = self.file("settle", head.data)
        shown = sourcemark("conflicts", path, cwd=self.folder, env=self.env)
        asked = [conflict["sides"] for conflict in conflicts]
        unseen = [word.decode() for word in words_in(ron.dump_file({"sides": asked})) if word not in shown.out]
        self.case.expect(not unseen, lambda: f"`conflicts` does not show {unseen[:5]}; {self.keep(before=head)}")
        done = sourcemark("conflicts", path, one["id"], "--take", side, cwd=self.folder, env=self.clock())
        if done.code == 2 or done.code == 3 and b"only one" in done.err:
            return
        if not self.case.expect(done.code in (0, 1), lambda: f"conflicts --take {side}: {done}; {self.keep(before=head)}"):
            return
        after = Version(path.read_bytes(), [head])
        self.case.expect(one["id"] not in after.conflicts(), lambda: f"{one['id']} is still open; {self.keep(before=head)}")
        # What the conflict is about may go: its sides, and the record if one side removed it.
        items = [item for kind in ("annotations", "tags", "speakers", "claims", "links", "agents")
                 for item in head.record.get(kind, []) if item["id"] == one.get("record")]
        allowed = facts(ron.dump_file({"conflicts": [one]}), {"conflicts": [one]})
        allowed |= self.of_conflicts(head, one.get("record")) if one.get("field", "") == "" else set()
        allowed |= self.written_since(shown.out.decode(), one, head)
        if one.get("field", "") == "":
            gone = {"annotations": items if one["kind"] == "Annotation" else [], "others": items}
            allowed |= facts(ron.dump_file(gone), gone)
        self.only(head, after, allowed, f"taking {side} of {one['id']} ({one['kind']} {one.get('field', 'as a whole')})")
        self.people[who] = after
        self.log.append(f"{who} settles {one['id']} ({one['kind']} {one.get('field', 'as a whole')}): {side}")

    def written_since(self, shown, conflict, version):
        """What the list of conflicts says is in the file instead of what the sides have: it is a side too."""
        blocks = re.split(r"^(?=[0-9a-f]{8}  )", shown, flags=re.M)
        block = next((lines for lines in blocks if lines.startswith(conflict["id"][:8])), "")
        since = re.search(r"^    written since: (.*)", block, flags=re.M)
        if not since:
            return set()
        allowed = {word.decode() for word in words_in(since.group(1).encode())}
        if conflict.get("field") == "segments":
            items = [item for item in version.record.get("annotations", []) if item["id"] == conflict["record"]]
            allowed |= facts(b"", {"annotations": [{**item, "tags": []} for item in items]})
        return allowed

    def merge(self, who):
        others = [at for at in range(len(self.people)) if at != who]
        other = self.rng.choice(others)
        ours, theirs = self.people[who], self.people[other]
        if self.rng.random() < 0.35:
            sides = [ours, theirs]
            if len(others) > 1 and self.rng.random() < 0.3:
                sides.append(self.people[self.rng.choice([at for at in others if at != other])])
            outcome = self.merged(None, sides)
        else:
            outcome = self.merged(self.base(ours, theirs), [ours, theirs])
        if outcome is None:
            return
        self.log.append(f"{who} merges {other}")
        self.people[who] = outcome
        if self.rng.random() < 0.5:
            self.people[other] = outcome

    def base(self, ours, theirs):
        common = [version for key, version in ours.before.items() if key in theirs.before]
        if self.rng.random() < 0.2:
            return self.rng.choice(common)
        best = [one for one in common if not any(other is not one and id(one) in other.before for other in common)]
        return self.rng.choice(best)

    def merged(self, base, sides):
        paths = [self.file(f"side{at}", side.data) for at, side in enumerate(sides)]
        target = self.folder / "outcome.annotations.ron"
        target.unlink(missing_ok=True)
        first = ["--no-base"] if base is None else [self.file("base", base.data)]
        done = sourcemark("merge", *first, *paths, "-o", target, cwd=self.folder, env=self.env)
        case = self.case
        case.rounds += 1
        if not case.expect(done.code in (0, 1), lambda: f"merge: {done}; {self.keep(base, *sides)}"):
            return None
        outcome = Version(target.read_bytes(), sides)
        how = "without base" if base is None else "with base"
        for at, side in enumerate(sides):
            rest = set().union(*(other.past for place, other in enumerate(sides) if place != at))
            lost = side.facts - outcome.facts - rest
            if lost:
                kept = self.keep(base, *sides, outcome=outcome)
                case.violation(f"{how}, exit {done.code}: lost from side {at}, never seen by the others: "
                               f"{sorted(lost)[:5]}; {kept}")
                break
        known = set().union(*(side.conflicts() for side in sides))
        new = outcome.conflicts() - known
        case.expect(not new or done.code == 1, lambda: f"{how}: exit {done.code} with {len(new)} new conflicts; {self.keep(base, *sides)}")
        if base is not None and outcome.conflicts() and all(
                outcome.conflicts() <= one.conflicts() for one in [base, *sides]):
            case.expect(done.code == 0, lambda: f"1.5 {how}: exit {done.code} though every open conflict is an old one; {self.keep(base, *sides)}")
        return outcome

    n_kept = 0

    def keep(self, base=None, *sides, **named):
        """Keeps the files of a violation in $ATTACK_KEEP and returns where."""
        if not KEEP:
            return "set ATTACK_KEEP to a folder to keep the files"
        History.n_kept += 1
        if History.n_kept > 40:
            return ""
        folder = pathlib.Path(KEEP) / f"{family}-{History.n_kept}"
        folder.mkdir(parents=True, exist_ok=True)
        if base is not None:
            (folder / "base.annotations.ron").write_bytes(base.data)
        for at, side in enumerate(sides):
            (folder / f"side{at}.annotations.ron").write_bytes(side.data)
        for name, version in named.items():
            (folder / f"{name}.annotations.ron").write_bytes(version.data)
        shutil.copy(self.folder / "news.txt", folder)
        (folder / "log").write_text("\n".join(self.log))
        return str(folder)


def histories(case, folder):
    wanted = times(6000)
    env = environment(folder / "env")
    number = 0
    while case.rounds < wanted:
        number += 1
        here = folder / f"h{number}"
        here.mkdir()
        history = History(case, here, fresh_rng(f"words{number}"), env)
        for _ in range(28):
            history.step()
        shutil.rmtree(here)
    case.notes.append(f"{number} histories")


if __name__ == "__main__":
    run_cases([*NAMED, ("random histories: no fact lost unseen", histories)])
