"""Lets the real git merge annotation files through the installed driver, over random histories.

The law is that of `words`: a fact of one side is missing only if the other side had it at some time. Edges of
passages are left out.
"""

import shutil

import git_named
import ron
from git_repo import Repo, Stuck, person, tags_and_words
from harness import KEEP, need, fresh_rng, run_cases, times


class Walk:
    """One random history of one repository."""

    def __init__(self, case, folder, rng, driver, renames):
        self.case, self.rng, self.driver, self.renames = case, rng, driver, renames
        self.repo = Repo(folder, rng, case, install=driver)
        for name in ("news.txt", "other.txt")[: rng.choice([1, 2])]:
            self.repo.add_article(name)
        self.repo.commit("first")
        self.branches = ["main", "ana", "ben"]
        for branch in self.branches[1:]:
            self.repo.git("branch", branch)
        self.people = {branch: person(rng, self.repo.words) for branch in self.branches}
        self.branch = "main"
        self.turn = 0
        self.log = []

    def step(self):
        self.turn += 1
        actions = [(self.work, 8), (self.merge, 6), (self.criss_cross, 1), (self.cherry_pick, 2), (self.rebase, 1),
                   (self.stash, 1)]
        if self.renames:
            actions.append((self.rename, 1))
        doings, weights = zip(*actions)
        doing = self.rng.choices(doings, weights)[0]
        self.switch(self.rng.choice(self.branches))
        doing()

    def switch(self, branch):
        if branch != self.branch:
            self.repo.git("checkout", "-q", branch)
            self.branch = branch

    def work(self):
        for _ in range(self.rng.choice([1, 1, 2])):
            self.repo.edit(self.people[self.branch], self.rng.choice([1, 2, 3]))
            self.log.append(f"{self.branch}: work")
            self.repo.commit(f"work {self.turn}")

    def rename(self):
        if all(name.startswith("renamed") for name in self.repo.files()):
            return
        self.repo.rename(self.turn)
        self.log.append(f"{self.branch}: rename")

    def other(self):
        return self.rng.choice([branch for branch in self.branches if branch != self.branch])

    def merge(self, other=None):
        other = other or self.other()
        ours, theirs = self.repo.head(), self.repo.say("rev-parse", other)
        if self.repo.say("merge-base", ours, theirs) == theirs:
            return
        self.log.append(f"{self.branch}: merge {other}")
        done = self.repo.git("merge", "--no-edit", "-q", other, ok=None)
        self.check("merge", done, ours, theirs)
        self.conclude("merge", done, [])

    def criss_cross(self):
        one, other = self.branch, self.other()
        old = self.repo.head()
        self.repo.git("branch", "-f", "old", old)
        self.repo.past.setdefault(old, self.repo.past[self.repo.remember()])
        self.merge(other)
        self.switch(other)
        self.merge("old")
        self.work()
        self.switch(one)
        self.work()
        self.merge(other)

    def cherry_pick(self):
        other = self.other()
        picked = self.repo.say("rev-list", "--no-merges", "--max-count=6", other, f"^{self.branch}").split()
        if not picked:
            return
        commit = self.rng.choice(picked)
        parent = self.repo.say("rev-parse", f"{commit}^")
        ours = self.repo.head()
        self.log.append(f"{self.branch}: cherry-pick from {other}")
        done = self.repo.git("cherry-pick", "--allow-empty", "--keep-redundant-commits", commit, ok=None)
        self.check("cherry-pick", done, ours, commit, base=parent)
        self.conclude("cherry-pick", done, [commit])

    def rebase(self):
        other = self.other()
        ours, theirs = self.repo.head(), self.repo.say("rev-parse", other)
        merges = self.repo.say("rev-list", "--count", f"{other}..HEAD")
        if merges == "0" or int(merges) > 12:
            return
        self.log.append(f"{self.branch}: rebase on {other}")
        answered = set()
        done = self.repo.git("rebase", "-q", "--empty=drop", other, ok=None)
        self.case.rounds += int(merges)
        for _ in range(60):
            if done.code == 0:
                break
            answered |= self.repo.here() | self.repo.stages()
            self.settle("rebase")
            self.repo.git("add", "-A")
            done = self.repo.git("-c", "core.editor=true", "rebase", "--continue", ok=None)
            if done.code != 0 and not self.repo.unmerged():
                done = self.repo.git("rebase", "--skip", ok=None)
        else:
            raise Stuck(f"the rebase does not end: {done}")
        now = self.repo.here()
        for side, against in ((ours, theirs), (theirs, ours)):
            lost = self.repo.held[side] - self.repo.past[against] - now - answered
            self.case.expect(not lost, lambda: f"rebase: lost, and never shown: {sorted(lost)[:5]}; {self.keep()}")
        self.repo.remember([ours])

    def stash(self):
        ours = self.repo.head()
        self.repo.edit(self.people[self.branch], 2)
        mine = self.repo.here()
        if self.repo.git("stash", "push", "-q", "-u", ok=None).code != 0 or not self.repo.say("stash", "list"):
            return
        self.log.append(f"{self.branch}: stash")
        self.repo.edit(self.people[self.branch], 2)
        self.repo.commit("meanwhile")
        before = self.repo.here()
        done = self.repo.git("stash", "pop", "-q", ok=None)
        self.case.rounds += 1
        now = self.repo.here() | self.repo.stages()
        lost = (mine - self.repo.held[ours] - now) | (before - self.repo.past[ours] - now)
        self.case.expect(not lost, lambda: f"stash pop (exit {done.code}): lost {sorted(lost)[:5]}; {self.keep()}")
        self.settle("stash")
        self.repo.commit("stash popped")
        self.repo.git("stash", "drop", "-q", ok=None)

    def check(self, what, done, ours, theirs, base=None):
        """Everything of both sides is there now, in a file that can be read."""
        repo, case = self.repo, self.case
        case.rounds += 1
        now = repo.here() | repo.stages()
        new = repo.held[theirs] - (repo.past[base] if base else set())
        lost = (repo.held[ours] - repo.past[theirs] - now) | (new - repo.past[ours] - now)
        case.expect(not lost, lambda: f"{what} (exit {done.code}): lost {sorted(lost)[:5]}; {self.keep()}")
        open_now = set()
        for name in repo.files():
            data = (repo.folder / name).read_bytes()
            try:
                record = ron.load(data)
            except (ron.RonError, ValueError) as error:
                case.expect(not self.driver, lambda: f"{what}: {name} cannot be read: {error}; {self.keep()}")
                continue
            open_now |= {conflict["id"] for conflict in record.get("conflicts", [])}
        if done.code == 0:
            known = set()
            for commit in (ours, theirs):
                for name in repo.say("ls-tree", "--name-only", commit).splitlines():
                    if name.endswith(".annotations.ron"):
                        held = ron.load(repo.git("show", "--no-textconv", f"{commit}:{name}").out)
                        known |= {conflict["id"] for conflict in held.get("conflicts", [])}
            case.expect(open_now <= known, lambda: f"{what}: git went on with a new conflict; {self.keep()}")

    def settle(self, what):
        """A person answers some of the conflicts, or leaves them open in the file."""
        for name in self.repo.unmerged():
            path = self.repo.folder / name
            if not name.endswith(".annotations.ron"):
                self.repo.git("checkout", "--ours", "--", name, ok=None)
                continue
            if not path.exists():
                continue
            side = self.rng.choice(["ours", "theirs", "both", ""])
            if side:
                shown = self.repo.sourcemark("conflicts", name)
                self.case.expect(shown.code in (0, 1), lambda: f"conflicts {name}: {shown}; {self.keep()}")
                done = self.repo.sourcemark("conflicts", name, "--all", "--take", side)
                self.case.expect(done.code in (0, 1, 2) or b"only one" in done.err, lambda: f"conflicts --take {side}: {done}; {self.keep()}")

    def conclude(self, what, done, also):
        repo = self.repo
        if done.code != 0:
            self.settle(what)
            for name in repo.unmerged():
                repo.git("add", "-A", "--", name, ok=None)
            repo.git("add", "-A")
            repo.git("commit", "-q", "--allow-empty", "-m", f"{what} {self.turn}", ok=(0, 1))
        repo.remember(also)

    n_kept = 0

    def keep(self):
        if not KEEP:
            return "set ATTACK_KEEP to a folder to keep the repository"
        Walk.n_kept += 1
        if Walk.n_kept > 12:
            return ""
        target = f"{KEEP}/git-{Walk.n_kept}"
        shutil.copytree(self.repo.folder, target, dirs_exist_ok=True)
        with open(f"{target}/log", "w") as log:
            log.write("\n".join(self.log))
        return target


def walks(driver, renames, wanted):
    def go(case, folder):
        need("git")
        number = 0
        while case.rounds < times(wanted):
            number += 1
            here = folder / f"r{number}"
            walk = Walk(case, here, fresh_rng(f"git{driver}{renames}{number}"), driver, renames)
            try:
                for _ in range(24):
                    walk.step()
            except Stuck as error:
                case.violation(f"{error}; {walk.keep()}")
            walk.repo.take_away()
        case.notes.append(f"{number} repositories")

    return go


if __name__ == "__main__":
    run_cases([
        *git_named.NAMED,
        ("random histories through the driver", walks(True, False, 1600)),
        ("the same with renames", walks(True, True, 600)),
    ])
