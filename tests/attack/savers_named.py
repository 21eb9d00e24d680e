"""The cases of saving that went wrong once, each by itself: permissions, paths, hard links, limits, clocks."""

import os
import re
import stat
import subprocess
import time

import ron
from editor import new_file
from harness import (FAKETIME, PROGRAM, Skip, Words, article_text, command, environment, fresh_rng, need, sourcemark)


class Corner:
    """A folder with a small annotated article and an environment of its own."""

    def __init__(self, folder, name="corner", annotate=True):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.env = folder, environment(folder.parent / f"{folder.name}-env")
        self.text = article_text(fresh_rng(name), 900)
        self.article = folder / "news.txt"
        self.article.write_text(self.text)
        self.file = folder / "news.txt.annotations.ron"
        self.words = Words()
        if annotate:
            self.file.write_bytes(ron.dump_file(new_file(fresh_rng(name), self.words, "news.txt", self.text)))

    def run(self, *arguments, **options):
        options.setdefault("cwd", self.folder)
        options.setdefault("env", self.env)
        return sourcemark(*arguments, **options)

    def tag(self, number=0, *more, **options):
        line = [line for line in self.text.splitlines() if len(line) > 20][number]
        return self.run("tag", self.article, "--quote", line, "--as", "denial" if not self.file.exists() else self.a_tag(),
                        "--creator", "Corner", *more, **options)

    def a_tag(self):
        return ron.load(self.file.read_bytes())["tags"][0]["id"]


def mode(path):
    return stat.S_IMODE(os.lstat(path).st_mode)


def private_stays_private(case, folder):
    """Nothing that is made from a private article can be read by others, at no moment."""
    commands = {
        "tag": ["tag", "--creator", "C", "news.txt", "--at", "0..9", "--as", "denial"],
        "render": ["render", "news.txt", "-o", "page.png"],
        "salvage": ["salvage", "news.txt", "-o", "copy.ron"],
        "reanchor": ["reanchor", "news.txt.annotations.ron", "--to", "other.txt", "-o", "moved.annotations.ron"],
        "merge": ["merge", "--no-base", "news.txt.annotations.ron", "b.annotations.ron", "-o", "both.annotations.ron"],
        "layers": ["merge", "--layers", "news.txt.annotations.ron", "b.annotations.ron", "-o", "both.annotations.ron"],
        "collection": ["collection", ".", "-o", "collection.ron"],
        "fmt": ["fmt", "news.txt.annotations.ron"],
        "untag": ["untag", "news.txt", "--at", "0..9"],
    }
    for turn, bits in enumerate((0o600, 0o640, 0o400, 0o660, 0o604)):
        for name, line in commands.items():
            corner = Corner(folder / f"{turn}{name}")
            made = [corner.article, corner.file, corner.folder / "other.txt", corner.folder / "b.annotations.ron"]
            (corner.folder / "other.txt").write_text("A line more.\n" + corner.text)
            (corner.folder / "b.annotations.ron").write_bytes(corner.file.read_bytes())
            if name == "tag":
                corner.file.unlink()
                made.remove(corner.file)
            for path in made:
                path.chmod(bits)
            log = folder / f"{turn}{name}.log"
            case.rounds += 1
            done = command(["strace", "-f", "-qq", "-o", log, "-e", "trace=openat,open,creat,mkdir,mkdirat", PROGRAM, *line],
                           cwd=corner.folder, env=corner.env, wrap=("sh", "-c", 'umask 000; exec "$@"', "sh"))
            new = [path for path in corner.folder.iterdir() if path not in made] + made[1:]
            for path in new:
                if path.is_file() and mode(path) & ~bits & 0o077:
                    case.violation(f"{name}: article {bits:04o}, {path.name} {mode(path):04o} ({done.code})")
            for path in (folder / f"{turn}{name}-env").rglob("*"):
                if path.is_file() and mode(path) & 0o077 and corner.text[:20].encode() in path.read_bytes():
                    case.violation(f"{name}: a private article's words in {path.name} with {mode(path):04o}")
            at_birth = re.findall(r'"([^"]*)", [A-Z_|]*O_CREAT[A-Z_|]*, 0(\d+)', log.read_text(errors="replace"))
            for path, created in at_birth:
                if (path.startswith(str(corner.folder)) or "/" not in path) and int(created, 8) & ~bits & 0o077:
                    case.violation(f"{name}: article {bits:04o}, {os.path.basename(path)} is created with {created}")
                    break


def access_lists(case, folder):
    """An access list that shuts the group out, or lets one person in, holds for the annotation file, too."""
    need("setfacl", "getfacl")
    for turn, rule in enumerate(("u:daemon:r", "g::-,m::rw", "u:daemon:rw,g:daemon:-")):
        corner = Corner(folder / f"acl{turn}", annotate=False)
        corner.article.chmod(0o640)
        if command(["setfacl", "-m", rule, corner.article]).code != 0:
            raise Skip("no access lists on this file system")
        case.rounds += 1
        done = corner.tag()
        rules = [command(["getfacl", "-cpE", path]).out.decode() for path in (corner.article, corner.file)]
        more = allowed(rules[1]) - allowed(rules[0])
        case.expect(done.code == 0 and not more, f"{rule}: the annotation file allows more: {sorted(more)} ({done.code})")
    # A default list of the folder must not open what the article keeps shut.
    corner = Corner(folder / "default", annotate=False)
    corner.article.chmod(0o600)
    command(["setfacl", "-d", "-m", "u:daemon:rwx,o::rwx,g::rwx", corner.folder])
    case.rounds += 1
    done = corner.tag()
    rules = [command(["getfacl", "-cpE", path]).out.decode() for path in (corner.article, corner.file)]
    more = allowed(rules[1]) - allowed(rules[0])
    case.expect(done.code == 0 and not more, f"default list of the folder: the annotation file allows more: {sorted(more)}")
    # A group that only the article has.
    if os.geteuid() == 0:
        corner = Corner(folder / "group", annotate=False)
        os.chown(corner.article, -1, 1)
        corner.article.chmod(0o640)
        case.rounds += 1
        corner.tag()
        found = os.stat(corner.file)
        case.expect(found.st_gid == 1 or not mode(corner.file) & 0o070,
                    f"the article is readable by group 1, the annotation file by group {found.st_gid} ({mode(corner.file):04o})")


def allowed(listing):
    """Who may do what by an access list, after its mask."""
    entries = dict(line.rsplit(":", 1) for line in listing.split() if ":" in line)
    mask = entries.get("mask:", "rwx")
    found = set()
    for who, what in entries.items():
        if who == "mask:" or who.startswith("user:") and who == "user:":
            continue
        for right in what:
            if right != "-" and (who == "other:" or right in mask):
                found.add(f"{who} {right}")
    return found


def hard_links(case, folder):
    """A file with two names is not split without a word."""
    for turn, line in enumerate((["tag"], ["untag"], ["fmt"])):
        corner = Corner(folder / f"{turn}")
        other = corner.folder / "same.annotations.ron"
        os.link(corner.file, other)
        case.rounds += 1
        if line == ["tag"]:
            done = corner.tag()
        elif line == ["untag"]:
            done = corner.run("untag", corner.article, "--id", ron.load(corner.file.read_bytes())["annotations"][0]["id"])
        else:
            done = corner.run("fmt", corner.file)
        is_one = corner.file.stat().st_ino == other.stat().st_ino
        told = re.search("link|name", done.text())
        case.expect(is_one or told or done.code == 3 and corner.file.read_bytes() == other.read_bytes(),
                    f"{line[0]}: split without a word: {done}")


def size_limit(case, folder):
    """A limit on the size of files ends in a message and the old file, not in a signal."""
    for turn, kib in enumerate((1, 2, 4)):
        corner = Corner(folder / f"{turn}")
        before = corner.file.read_bytes()
        for line in (["tag", "--creator", "C", "news.txt", "--at", "0..9", "--as", corner.a_tag(), "--note", "n" * 5000],
                     ["fmt", "news.txt.annotations.ron"], ["render", "news.txt", "-o", "page.png"],
                     ["merge", "--no-base", "news.txt.annotations.ron", "news.txt.annotations.ron", "-o", "m.annotations.ron"],
                     ["collection", ".", "-o", "collection.ron"], ["salvage", "news.txt", "-o", "copy.ron"]):
            case.rounds += 1
            done = command([PROGRAM, *line], cwd=corner.folder, env=corner.env,
                           wrap=("bash", "-c", f'ulimit -f {kib}; exec "$@"', "bash"))
            case.expect(done.code is not None and done.code >= 0 and "panicked" not in done.text(),
                        f"ulimit -f {kib}, {line[0]}: {done}")
            case.expect(corner.file.read_bytes() == before or done.code == 0, f"ulimit -f {kib}, {line[0]}: the file has changed: {done}")
            before = corner.file.read_bytes()
        left = [path.name for path in corner.folder.iterdir() if path.name.startswith(".sourcemark")]
        case.expect(not left, f"ulimit -f {kib}: left behind: {left}")


def leftovers(case, folder):
    """What a killed saver left behind is cleared away by the next command line, and adopted for the file it lies beside."""
    need("strace")
    corner = Corner(folder / "a")
    slow = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=renameat2", "-e", "inject=renameat2:signal=SIGKILL:when=1", PROGRAM,
            "tag", corner.article, "--creator", "C", "--at", "0..9", "--as", corner.a_tag(), "--note", "zq9999999"]
    command(slow, cwd=corner.folder, env=corner.env)
    left = [path for path in corner.folder.iterdir() if path.name.startswith(".")]
    case.rounds += 1
    if case.expect(left, "the killed saver left nothing behind: nothing to test"):
        done = corner.tag(1)
        still = [path.name for path in corner.folder.iterdir() if path.name.startswith(".")]
        case.expect(done.code == 0 and not still, f"`tag` does not clear leftovers away: {still}; {done}")
        state = b"".join(p.read_bytes() for p in (folder / "a-env").rglob("*") if p.is_file())
        case.expect(b"zq9999999" in state, "a whole leftover did not become an earlier version")
    # A stranger's file under such a name, whose own file_name leads elsewhere, must not touch that other file's versions.
    for name in ("../../victim.txt", "/etc/victim.txt", "other.txt"):
        corner = Corner(folder / f"b{len(name)}")
        left = killed_save(corner)
        if not left:
            continue
        record = ron.load(corner.file.read_bytes())
        record["article"]["file_name"] = name
        record["annotations"][0]["note"] = "zq8888888"
        left.write_bytes(ron.dump_file(record))
        (corner.folder / "other.txt").write_text("Another article.\n")
        case.rounds += 1
        corner.tag(1)
        listed = [str(p) for p in (folder / f"b{len(name)}-env").rglob("*") if p.is_file() and b"zq8888888" in p.read_bytes()]
        case.expect(not any("other" in os.path.basename(p) or "victim" in p for p in listed),
                    f"a leftover that says it is {name!r} was adopted for that: {listed}")
        beside = [path for path in corner.folder.iterdir() if b"zq8888888" in path.read_bytes()]
        case.expect(listed or beside, f"a leftover that says it is {name!r} is gone")


def killed_save(corner):
    command(["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=renameat2", "-e", "inject=renameat2:signal=SIGKILL:when=1", PROGRAM,
             "tag", corner.article, "--creator", "C", "--at", "0..9", "--as", corner.a_tag()], cwd=corner.folder, env=corner.env)
    left = [path for path in corner.folder.iterdir() if path.name.startswith(".")]
    return left[0] if left else None


def wrong_path(case, folder):
    """"Permission denied" names what was denied."""
    if os.geteuid() != 0:
        raise Skip("only root can become somebody else")
    need("setpriv")
    nobody = ("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups")
    os.chmod(folder, 0o755)
    for parent in (folder.parent, folder.parent.parent):
        try:
            os.chmod(parent, os.stat(parent).st_mode | 0o011)
        except OSError:
            pass
    cases = {
        "the folder": lambda c: c.folder.chmod(0o555),
        "the annotation file": lambda c: c.file.chmod(0o000),
        "the article": lambda c: c.article.chmod(0o000),
        "the state folder": lambda c: os.chmod(c.env["XDG_STATE_HOME"], 0o000),
    }
    for turn, (what, forbid) in enumerate(cases.items()):
        corner = Corner(folder / f"{turn}")
        if not os.access(PROGRAM, os.X_OK) or command(["test", "-x", PROGRAM], wrap=nobody).code != 0:
            raise Skip("nobody cannot reach the program")
        for path in [corner.folder, *corner.folder.rglob("*"), folder / f"{turn}-env", *(folder / f"{turn}-env").rglob("*")]:
            os.chown(path, 65534, 65534)
        before = corner.file.read_bytes()
        name = corner.a_tag()
        if what == "the folder":
            os.chown(corner.folder, 0, 0)
        if what == "the state folder":
            os.chown(corner.env["XDG_STATE_HOME"], 0, 0)
        forbid(corner)
        case.rounds += 1
        done = command([PROGRAM, "tag", corner.article, "--creator", "C", "--at", "0..9", "--as", name], cwd=corner.folder, env=corner.env, wrap=nobody)
        named = {"the folder": str(corner.folder), "the annotation file": corner.file.name, "the article": "news.txt",
                 "the state folder": corner.env["XDG_STATE_HOME"]}[what]
        if done.code == 0 and what == "the state folder":
            continue
        told = done.text()
        right = named in told and not (what in ("the article",) and corner.file.name in told)
        case.expect(done.code == 3 and right and ".tmp" not in told, f"{what} may not be touched: {done}")
        case.expect(corner.file.read_bytes() == before or what == "the annotation file", f"{what}: the file has changed")


def full_output(case, folder):
    """A mark that was saved though its report could not be printed is not made twice by trying again."""
    corner = Corner(folder / "a", annotate=False)
    first = corner.text.splitlines()[0]
    line = [PROGRAM, "tag", str(corner.article), "--quote", first, "--as", "denial", "--creator", "Corner"]
    with open("/dev/full", "wb") as full:
        code = subprocess.run(line, cwd=corner.folder, env=corner.env, stdout=full, stderr=subprocess.PIPE, check=False).returncode
    case.rounds += 1
    n_first = len(ron.load(corner.file.read_bytes())["annotations"]) if corner.file.exists() else 0
    case.expect(code != 0 or n_first == 1, f"exit {code} with {n_first} marks")
    again = corner.run(*line[1:])
    n_second = len(ron.load(corner.file.read_bytes())["annotations"])
    case.expect(n_second == 1, f"tried again after exit {code}: {n_second} marks of the same passage; {again}")
    case.rounds += 1
    third = corner.run(*line[1:])
    n_third = len(ron.load(corner.file.read_bytes())["annotations"])
    case.expect(n_third == 1 and third.text().strip(), f"the very same mark again: {n_third} marks, {third}")
    # Another annotator, another tag or another passage is another mark.
    other = corner.run(*line[1:-1], "Somebody Else")
    n_fourth = len(ron.load(corner.file.read_bytes())["annotations"])
    case.expect(n_fourth == 2, f"another annotator's mark: {n_fourth} marks, {other}")
    (corner.folder / "other.ron").write_bytes(ron.dump_file(new_file(fresh_rng("other"), Words(), "news.txt", corner.text)))
    for line in (["list", "news.txt"], ["list", "news.txt", "--json"], ["diff", "news.txt", "other.ron"]):
        case.rounds += 1
        with open("/dev/full", "wb") as full:
            ended = subprocess.run([PROGRAM, *line], cwd=corner.folder, env=corner.env, stdout=full, stderr=subprocess.PIPE, check=False)
        case.expect(ended.returncode not in (0, 101) and ended.returncode > 0 and b"panicked" not in ended.stderr,
                    f"{line[0]} >/dev/full: exit {ended.returncode}: {ended.stderr[-200:]!r}")


def odd_clocks(case, folder):
    """A clock before 1970 or after 9999 makes no panic and no file that cannot be read again."""
    if not os.path.exists(FAKETIME):
        raise Skip("libfaketime is not installed (package faketime)")
    for turn, when in enumerate(("1969-12-31 00:00:00", "1901-12-14 00:00:00", "0099-01-01 00:00:00", "1970-01-01 00:00:00",
                                 "2038-01-20 00:00:00", "9999-12-31 23:59:58", "10000-01-01 00:00:00", "99999-01-01 00:00:00")):
        corner = Corner(folder / f"{turn}")
        env = {**corner.env, "LD_PRELOAD": FAKETIME, "FAKETIME": f"@{when}"}
        for line in (["tag", "--creator", "C", "news.txt", "--at", "0..9", "--as", corner.a_tag()], ["untag", "news.txt", "--at", "0..9"],
                     ["list", "news.txt"], ["collection", ".", "-o", "collection.ron"], ["tombstones", "news.txt", "--clear-before", "2026-03-01"],
                     ["merge", "--no-base", "news.txt.annotations.ron", "news.txt.annotations.ron", "-o", "m.annotations.ron"]):
            case.rounds += 1
            done = corner.run(*line, env=env, timeout=20)
            case.expect(done.code in (0, 1, 3) and "panicked" not in done.text(), f"{when}, {line[0]}: {done}")
            again = corner.run("list", "news.txt", "--json")
            case.expect(again.code == 0, f"{when}, after {line[0]} the file cannot be read: {again}")
    for turn, zone in enumerate(("/dev/zero", "/dev/random", ":/dev/zero", "/dev/tty", "../../../../../../dev/zero", "x" * 100000, "Nowhere/Never", ":", "\x1b[31m")):
        corner = Corner(folder / f"tz{turn}")
        for line in (["tag", "--creator", "C", "news.txt", "--at", "0..9", "--as", corner.a_tag()], ["list", "news.txt"], ["tombstones", "news.txt"], ["check", "news.txt"]):
            case.rounds += 1
            began = time.monotonic()
            done = command([PROGRAM, *line], cwd=corner.folder, env={**corner.env, "TZ": zone}, timeout=20,
                           wrap=("bash", "-c", 'ulimit -v 4000000; exec "$@"', "bash"))
            case.expect(done.code in (0, 1, 3) and time.monotonic() - began < 15, f"TZ={zone[:30]!r}, {line[0]}: {done}")
            case.expect(b"\x1b" not in done.out + done.err, f"TZ={zone[:30]!r}, {line[0]}: escapes in {done}")


def nothing_but_nuls(case, folder):
    """A file of NULs is a damaged one, not an empty one."""
    for turn, size in enumerate((1, 4096, 50_000_000)):
        corner = Corner(folder / f"{turn}")
        corner.file.write_bytes(b"\0" * size)
        for line in (["check", "news.txt"], ["list", "news.txt"], ["tag", "--creator", "C", "news.txt", "--at", "0..9", "--as", "denial"]):
            case.rounds += 1
            done = corner.run(*line)
            case.expect(done.code == 3 or line[0] == "check" and done.code == 1, f"{size} NULs, {line[0]}: {done}")
            case.expect(not re.search(r"\bempty\b", done.text()), f"{size} NULs, {line[0]} calls it empty: {done}")
            case.expect(corner.file.stat().st_size == size, f"{size} NULs, {line[0]}: the file has changed")


def other_name(case, folder):
    """`-o NAME` writes NAME, or nothing and says so."""
    lines = {
        "merge": ["merge", "--no-base", "news.txt.annotations.ron", "b.annotations.ron"],
        "layers": ["merge", "--layers", "news.txt.annotations.ron", "b.annotations.ron"],
        "reanchor": ["reanchor", "news.txt.annotations.ron", "--to", "news.txt"],
        "salvage": ["salvage", "news.txt"],
        "collection": ["collection", "."],
        "render": ["render", "news.txt"],
    }
    for name, line in lines.items():
        for target in ("diary.txt", "diary", "diary.annotations.ron", "diary.json"):
            for exists in (False, True):
                corner = Corner(folder / f"{name}{target}{exists}")
                (corner.folder / "b.annotations.ron").write_bytes(corner.file.read_bytes())
                if exists:
                    (corner.folder / target).write_text("Dear diary.\n")
                before = {path.name: path.read_bytes() for path in corner.folder.iterdir()}
                case.rounds += 1
                done = corner.run(*line, "-o", target)
                after = {path.name: path.read_bytes() for path in corner.folder.iterdir()}
                changed = {each for each in after if after[each] != before.get(each)} - {target}
                silent = [each for each in changed if each not in done.text()]
                case.expect(not silent, f"{name} -o {target}{' (there)' if exists else ''}: writes {silent} without a word: {done}")
                case.expect(not exists or not target.startswith("diary.txt") or after[target] == before[target] or name == "render",
                            f"{name} -o {target}: a diary is overwritten: {done}")


NAMED = [
    ("2.4 private stays private", private_stays_private),
    ("2.4 access lists and groups", access_lists),
    ("2.7 hard links", hard_links),
    ("2.7 ulimit -f", size_limit),
    ("2.7 leftovers", leftovers),
    ("2.7 denied: which path", wrong_path),
    ("2.7 /dev/full and the same mark twice", full_output),
    ("2.7 clocks and time zones", odd_clocks),
    ("2.7 files of NULs", nothing_but_nuls),
    ("2.7 -o writes that name", other_name),
]
