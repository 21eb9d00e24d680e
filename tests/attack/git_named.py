"""The cases of git that lost something, or showed too little, each by itself."""

import pathlib
import re
import shutil

import ron
from git_repo import Repo, Stuck
from harness import PROGRAM, command, fresh_rng, need, segment, words_in


def pair(case, folder, name, **options):
    """A repository in which `ana` and `ben` changed the same note, and other notes besides."""
    repo = Repo(folder, fresh_rng(name), case, **options)
    repo.add_article("news.txt")
    repo.commit("first")
    repo.git("branch", "ben")
    for branch, word in (("main", "aaaa"), ("ben", "bbbb")):
        repo.git("checkout", "-q", branch)
        record = repo.read("news.txt.annotations.ron")
        record["annotations"][0]["note"] = f"{word} {repo.words.new()}"
        record["annotations"][1 if branch == "main" else 2]["note"] = f"only {word} {repo.words.new()}"
        repo.write("news.txt.annotations.ron", record)
        repo.commit(branch)
    repo.git("checkout", "-q", "main")
    return repo


def both_there(repo):
    data = (repo.folder / "news.txt.annotations.ron").read_bytes()
    missing = [word for word in ("aaaa", "bbbb", "only aaaa", "only bbbb") if word.encode() not in data]
    return missing, data


def program_moved(case, folder):
    """The program was moved after `git install`: no side may be lost silently."""
    need("git")
    for way in ("moved", "not executable", "crashes"):
        for action in ("merge", "rebase", "cherry-pick", "stash"):
            home = folder / f"{way.replace(' ', '-')}-{action}"
            bin_folder = home / "bin"
            bin_folder.mkdir(parents=True)
            copied = bin_folder / "sourcemark"
            shutil.copy(PROGRAM, copied)
            repo = pair(case, home / "repo", f"moved{way}{action}", program=str(copied))
            if way == "moved":
                copied.rename(folder / f"elsewhere-{action}")
            elif way == "not executable":
                copied.chmod(0o644)
            else:
                copied.unlink()
                copied.write_text("#!/bin/sh\nkill -9 $$\n")
                copied.chmod(0o755)
            case.rounds += 1
            if action == "merge":
                done = repo.git("merge", "--no-edit", "ben", ok=None)
            elif action == "rebase":
                done = repo.git("rebase", "ben", ok=None)
            elif action == "cherry-pick":
                done = repo.git("cherry-pick", "ben", ok=None)
            else:
                repo.git("checkout", "-q", "main~1")
                data = repo.git("show", "--no-textconv", "ben:news.txt.annotations.ron").out
                (repo.folder / "news.txt.annotations.ron").write_bytes(data)
                repo.git("stash", "-q")
                repo.git("checkout", "-q", "main")
                done = repo.git("stash", "pop", ok=None)
            missing, data = both_there(repo)
            checked = command([PROGRAM, "check", "news.txt.annotations.ron"], cwd=repo.folder, env=repo.env)
            if missing:
                case.violation(f"{way}, {action}: exit {done.code}, the file lacks {missing}, git says {done.err[-300:]!r};"
                               f" check says {checked}")
            elif done.code != 0:
                told = checked.code != 0 and re.search("conflict|merge|git", checked.text())
                case.expect(told, f"{way}, {action}: `check` says nothing of an unfinished merge: {checked}")
            else:
                case.expect(b"conflicts:" in data, f"{way}, {action}: exit 0 without a conflict in the file")


def unmerged_is_noticed(case, folder):
    """The file has ours alone, and the index both sides: `check` must say so, and what to do."""
    need("git")
    repo = pair(case, folder / "r", "unmerged")
    repo.git("config", "merge.sourcemark.driver", "/nowhere/sourcemark git merge -- %O %A %B %P")
    repo.git("merge", "--no-edit", "ben", ok=None)
    repo.git("show", "--no-textconv", "HEAD:news.txt.annotations.ron")
    (repo.folder / "news.txt.annotations.ron").write_bytes(
        repo.git("show", "--no-textconv", "HEAD:news.txt.annotations.ron").out)
    for where, name in ((repo.folder, "news.txt.annotations.ron"), (folder, "r/news.txt.annotations.ron"),
                        (repo.folder, "news.txt")):
        case.rounds += 1
        checked = command([PROGRAM, "check", name], cwd=where, env=repo.env)
        case.expect(checked.code != 0 and re.search("git|merge", checked.text()),
                    f"check {name}: unmerged entries in the index are not noticed: {checked}")
    case.rounds += 1
    checked = command([PROGRAM, "check", "news.txt.annotations.ron"], cwd=repo.folder,
                      env={**repo.env, "GIT_DIR": "/nonexistent"})
    case.expect(checked.code is not None, f"check with a wrong GIT_DIR does not end: {checked}")


def documented_recovery(case, folder):
    """A merge in a clone without the driver is done again as the guide says; every word must come back."""
    need("git")
    lost_files = 0
    for turn in range(14):
        rng = fresh_rng(f"recovery{turn}")
        repo = Repo(folder / f"r{turn}", rng, case, install=False)
        (repo.folder / ".gitattributes").write_text(
            "*.annotations.ron merge=sourcemark diff=sourcemark\ncollection.ron merge=sourcemark diff=sourcemark\n")
        names = [f"n{at}.txt" for at in range(4)]
        for name in names:
            repo.add_article(name)
        repo.commit("first")
        repo.git("branch", "ben")

        def change(branch, n_edits=2):
            repo.git("checkout", "-q", branch)
            for name in names:
                record = repo.read(f"{name}.annotations.ron")
                for _ in range(n_edits):
                    item = rng.choice(record["annotations"])
                    item["note"] = f"{branch} {repo.words.new()}"
                repo.write(f"{name}.annotations.ron", record)
            repo.commit(f"{branch} works")

        def settle_by_hand(branch):
            """Somebody without the program takes one whole side of each file, and says so in a commit."""
            for name in repo.unmerged():
                repo.git("checkout", "--ours" if branch == "main" else "--theirs", "--", name)
            repo.commit("merged by hand")

        change("main")
        change("ben")
        if turn % 2:
            # Criss-cross: each merges the other's first work, then both go on.
            repo.git("branch", "old", "main")
            repo.git("checkout", "-q", "main")
            if repo.git("merge", "-q", "--no-edit", "ben", ok=None).code:
                settle_by_hand("main")
            repo.remember()
            repo.git("checkout", "-q", "ben")
            if repo.git("merge", "-q", "--no-edit", "old", ok=None).code:
                settle_by_hand("ben")
            repo.remember()
            change("main")
            change("ben")
        repo.git("checkout", "-q", "main")
        ours, theirs = repo.head(), repo.say("rev-parse", "ben")
        if repo.git("merge", "-q", "--no-edit", "ben", ok=None).code == 0:
            continue
        unmerged = repo.unmerged()
        if turn % 4 < 2:
            repo.install()
        for name in unmerged:
            case.rounds += 1
            done = recover(repo, name)
            data = (repo.folder / name).read_bytes()
            words = {word.decode() for word in words_in(data)}
            wanted = set()
            for side, other in ((ours, "ben"), (theirs, "main")):
                blob = repo.git("show", "--no-textconv", f"{side}:{name}").out
                past = repo.past[repo.say("rev-parse", other)]
                wanted |= {word.decode() for word in words_in(blob)} - past
            try:
                ron.load(data)
                readable = True
            except (ron.RonError, ValueError):
                readable = False
            if not readable or wanted - words:
                lost_files += 1
                case.violation(f"{name} ({'criss-cross' if turn % 2 else 'simple'}): {'lost ' + str(sorted(wanted - words)[:4]) if readable else 'cannot be read'} after {done}")
    case.notes.append(f"{lost_files} files not restored")


def recover(repo, name):
    """What docs/guide/merging.md says for a merge that git could not do."""
    guide = (pathlib.Path(__file__).resolve().parents[2] / "docs/guide/merging.md").read_text()
    if not re.search(r"^sourcemark git resolve news\.txt\b", guide, re.M):
        raise Stuck("docs/guide/merging.md no longer says how to do such a merge again")
    article = name[: -len(".annotations.ron")]
    return f"git resolve {article}: {repo.sourcemark('git', 'resolve', article)}"[-700:]


def history_shows_changes(case, folder):
    """`log -p`, `show`, `diff` and `blame` show the words that changed and the ends that moved."""
    need("git")
    repo = Repo(folder / "r", fresh_rng("shows"), case)
    repo.add_article("news.txt", length=1500)
    repo.commit("first")
    name = "news.txt.annotations.ron"
    text = repo.texts["news.txt"]
    filler = "a long note that begins in the same way every time it is written, so that only its end differs: "
    record = repo.read(name)
    record["annotations"][0]["note"] = filler + "oldwordzero"
    start = text.index(" ") + 1
    record["annotations"][0]["segments"] = [segment(text, 10, 120)]
    repo.write(name, record)
    repo.commit("a long note")

    def expect_shown(what, *words):
        commit = repo.head()
        for arguments in (("log", "-p", "-1"), ("show",), ("diff", "HEAD~1", "HEAD"), ("log", "-p", "-1", "--word-diff"),
                          ("show", "--no-ext-diff"), ("diff", "--no-ext-diff", "HEAD~1", "HEAD")):
            case.rounds += 1
            shown = repo.git("-c", "color.ui=never", *arguments).out.decode("utf-8", "replace")
            body = shown.split("\n\n", 1)[-1] if arguments[0] in ("log", "show") else shown
            missing = [word for word in words if word not in body]
            case.expect(not missing, f"{what}: git {' '.join(arguments)} does not show {missing}: {body[-500:]!r}")
        return commit

    record["annotations"][0]["note"] = filler + "newwordone"
    repo.write(name, record)
    repo.commit("change the end of the note")
    expect_shown("a changed note", "oldwordzero", "newwordone")
    gained = text[120:150].split(" ")[1]
    record["annotations"][0]["segments"] = [segment(text, 10, 150)]
    repo.write(name, record)
    repo.commit("move the end")
    expect_shown("a moved end", gained)
    lost = text[10:40].split(" ")[1]
    record["annotations"][0]["segments"] = [segment(text, 40, 150)]
    repo.write(name, record)
    repo.commit("move the start")
    expect_shown("a moved start", lost)
    record["annotations"][0].setdefault("comments", []).append(
        {"id": "01939f3a-7b1c-7000-8000-00000000c001", "author": record["agents"][0]["id"],
         "created": "2026-06-01T12:00:00Z", "text": filler + "commentwordtwo"})
    repo.write(name, record)
    repo.commit("comment")
    expect_shown("a comment", "commentwordtwo")
    record["tags"][0]["guideline"] = filler + "guidewordthree"
    repo.write(name, record)
    repo.commit("guideline")
    expect_shown("a guideline", "guidewordthree")
    record["article"]["title"] = filler + "titlewordfour"
    repo.write(name, record)
    repo.commit("title")
    expect_shown("a title", "titlewordfour")
    for arguments in (("blame", name), ("blame", "--textconv", name)):
        case.rounds += 1
        blamed = repo.git(*arguments).out.decode("utf-8", "replace")
        missing = [word for word in ("newwordone", "commentwordtwo", "guidewordthree", "titlewordfour") if word not in blamed]
        case.expect(not missing, f"git {' '.join(arguments)} does not show {missing}")
    # What cannot be read must be shown as it is, and never stop git.
    (repo.folder / name).write_bytes(b"<<<<<<< ours\n(\n=======\nbrokenwordfive\n>>>>>>> theirs\n")
    repo.commit("broken")
    for arguments in (("log", "-p", "-1"), ("show",), ("blame", name)):
        case.rounds += 1
        done = repo.git(*arguments, ok=None)
        case.expect(done.code == 0 and b"brokenwordfive" in done.out, f"git {' '.join(arguments)} on a broken file: {done}")


def two_renames(case, folder):
    """Two clones rename one article differently: two files with the same ids, which `check` and `collection` must see."""
    need("git")
    for turn in range(3):
        repo = pair(case, folder / f"r{turn}", f"renames{turn}")
        for branch, new in (("main", "left.txt"), ("ben", "right.txt")):
            repo.git("checkout", "-q", branch)
            repo.git("mv", "news.txt", new)
            repo.git("mv", "news.txt.annotations.ron", f"{new}.annotations.ron")
            if turn == 1:
                record = repo.read(f"{new}.annotations.ron")
                record["article"]["file_name"] = new
                repo.write(f"{new}.annotations.ron", record)
            repo.commit(f"rename to {new}")
        repo.git("checkout", "-q", "main")
        repo.git("merge", "--no-edit", "ben", ok=None)
        if turn == 2:
            shutil.copy(repo.folder / "left.txt.annotations.ron", repo.folder / "right.txt.annotations.ron")
            shutil.copy(repo.folder / "left.txt", repo.folder / "right.txt")
        repo.git("add", "-A")
        repo.git("commit", "-q", "-m", "both names", ok=(0, 1))
        names = repo.files()
        if len(names) < 2:
            case.expect(False, f"expected two files, git left {names}")
            continue
        case.rounds += 1
        checked = repo.sourcemark("check", *names)
        case.expect(checked.code != 0 and re.search("same|twice|both|also", checked.text()),
                    f"check {' '.join(names)}: the same marks in two files go unnoticed: {checked}")
        case.rounds += 1
        made = repo.sourcemark("collection", ".", "-o", "collection.ron")
        case.expect(re.search("same|twice|both|also", made.text()), f"collection: the same marks in two files go unnoticed: {made}")


def same_person_twice(case, folder):
    """One person on two machines is two annotators: `unify` joins them, and `check` is content."""
    need("git")
    repo = Repo(folder / "r", fresh_rng("person"), case)
    repo.add_article("news.txt")
    name = "news.txt.annotations.ron"
    record = repo.read(name)
    second = "01939f3a-7b1c-7000-8000-0000000000aa"
    record["agents"].append({"id": second, "name": record["agents"][0]["name"], "kind": ron.Word("Person")})
    record["annotations"][1]["creator"] = second
    first = record["agents"][0]["id"]
    repo.write(name, record)
    case.rounds += 1
    joined = repo.sourcemark("unify", name, first, second)
    case.expect(joined.code == 0, f"unify of two annotators: {joined}")
    after = repo.read(name)
    case.expect(len(after["agents"]) == 1 and all(a["creator"] == first for a in after["annotations"]),
                f"after unify: {after['agents']}")
    checked = repo.sourcemark("check", name)
    case.expect(checked.code == 0, f"check after unify: {checked}")
    repo.write(name, record)
    case.rounds += 1
    joined = repo.sourcemark("unify", name, "--same-names")
    case.expect(joined.code == 0 and len(repo.read(name)["agents"]) == 1, f"unify --same-names: {joined}")


def odd_paths(case, folder):
    """Names of files and branches that a shell or git could take for something else."""
    need("git")
    for turn, odd in enumerate(("with blank.txt", "-dash.txt", "quote'\"$(x).txt", "ünï çödé.txt", "news\nline.txt", "a;b&c.txt", "per%cent%A.txt")):
        rng = fresh_rng(f"odd{turn}")
        repo = Repo(folder / f"dir {turn} $(y)'", rng, case)
        repo.add_article(odd)
        repo.commit("first")
        branch = f"b-{turn}'$(touch${{IFS}}pwned)"
        repo.git("branch", branch)
        for one in ("main", branch):
            repo.git("checkout", "-q", one)
            record = repo.read(f"{odd}.annotations.ron")
            record["annotations"][0]["note"] = f"{'aaaa' if one == 'main' else 'bbbb'}"
            repo.write(f"{odd}.annotations.ron", record)
            repo.commit(one)
        repo.git("checkout", "-q", "main")
        case.rounds += 1
        done = repo.git("merge", "--no-edit", branch, ok=None)
        data = (repo.folder / f"{odd}.annotations.ron").read_bytes()
        case.expect(done.code != 0 and b"aaaa" in data and b"bbbb" in data and b"conflicts:" in data,
                    f"{odd!r}: merge: {done}: {data[-200:]!r}")
        case.expect(not list(folder.rglob("pwned")), f"{odd!r}: a name was run as a command")


def git_stops_half_way(case, folder):
    """git or the driver is killed in the middle of a merge: afterwards `merge --abort` gives ours back, and it can be done again."""
    need("git")
    repo = pair(case, folder / "r", "killed")
    before = (repo.folder / "news.txt.annotations.ron").read_bytes()
    wrapper = folder / "slow.sh"
    line = repo.say("config", "merge.sourcemark.driver")
    for how in ("exit 3", "kill -9 $$", "exit 255", ": > \"$4\"; kill -9 $$"):
        wrapper.write_text(f"#!/bin/sh\n{how}\n")
        wrapper.chmod(0o755)
        repo.git("config", "merge.sourcemark.driver", f"{wrapper} %O %A %B %P")
        case.rounds += 1
        merged = repo.git("merge", "--no-edit", "ben", ok=None)
        repo.git("config", "merge.sourcemark.driver", line)
        checked = repo.sourcemark("check", "news.txt.annotations.ron")
        # After some ends of the driver git gives up at once, says so, and leaves everything as it was.
        given_up = merged.code not in (0, 1) and not repo.unmerged() and not (repo.folder / ".git/MERGE_HEAD").exists()
        untouched = (repo.folder / "news.txt.annotations.ron").read_bytes() == before
        case.expect(given_up and untouched or checked.code != 0, f"driver ends with `{how}`: check finds nothing: {checked}")
        repo.git("merge", "--abort", ok=None)
        repo.git("reset", "-q", "--hard", ok=None)
        case.expect((repo.folder / "news.txt.annotations.ron").read_bytes() == before, f"`{how}`: ours is not restored")
    done = repo.git("merge", "--no-edit", "ben", ok=None)
    missing, _ = both_there(repo)
    case.expect(done.code == 1 and not missing, f"the merge cannot be done again: {done}")


NAMED = [
    ("1.4 the program was moved or breaks", program_moved),
    ("1.4 unmerged entries in the index", unmerged_is_noticed),
    ("1.7 the documented recovery", documented_recovery),
    ("1.6 log -p, show and blame show the change", history_shows_changes),
    ("1.8 two clones rename one article", two_renames),
    ("1.8 one person on two machines", same_person_twice),
    ("odd names of files, folders and branches", odd_paths),
    ("the driver dies in the middle", git_stops_half_way),
]
