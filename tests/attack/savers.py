"""Several savers on one file at once, slowed down, killed, and beside a colleague whose program knows no locks.

The law: a mark whose command ended with 0 is in the file; one whose command ended with another code is not. Where a
colleague writes over the file, or a saver is killed, every mark that was reported saved is at least in a file that
the program keeps, and every byte that the colleague wrote is.
"""

import ctypes
import os
import pathlib
import signal
import subprocess
import time

import ron
import savers_named
import window
from harness import (PROGRAM, Words, command, environment, fresh_rng, need, run_cases, started, times,
                     words_in)

N_PASSAGES = 400
# The call, which of its occurrences are held up, and by how many milliseconds.
RARE, OFTEN = ("1+", "1", "2", "3"), ("1+",)
CALLS = (
    ("renameat2", RARE, 60), ("rename,renameat", RARE, 60), ("link,linkat", RARE, 60), ("unlink,unlinkat", RARE, 60),
    ("flock", RARE, 60), ("fcntl", OFTEN, 4), ("fsync", RARE, 40), ("fdatasync", RARE, 40), ("openat", OFTEN, 2),
    ("read", OFTEN, 2), ("pread64", OFTEN, 2), ("write", OFTEN, 3), ("close", OFTEN, 2), ("fstat", OFTEN, 2),
    ("statx", OFTEN, 2), ("newfstatat", OFTEN, 2), ("ftruncate", OFTEN, 40), ("fchmod", OFTEN, 40),
    ("fchown", OFTEN, 40), ("getdents64", OFTEN, 10), ("copy_file_range", OFTEN, 40), ("mkdir", OFTEN, 20),
)


class Desk:
    """An article whose words are all different, its annotation file, and commands that mark one word each."""

    def __init__(self, folder, name):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.env, self.rng, self.words = folder, environment(folder.parent / f"{folder.name}-env"), fresh_rng(name), Words()
        self.article = folder / "news.txt"
        self.article.write_text("".join(f"passage{at:04d} stands here.\n" for at in range(N_PASSAGES)))
        self.file = folder / "news.txt.annotations.ron"
        self.next = 0
        self.state = pathlib.Path(self.env["XDG_STATE_HOME"])

    def line(self, word):
        self.next += 1
        return [PROGRAM, "tag", str(self.article), "--quote", f"passage{self.next % N_PASSAGES:04d}", "--as", "denial",
                "--note", word, "--creator", "Racer"]

    def start(self, wrap=(), env=None):
        """Starts one command in the background: `(word, process)`."""
        word = self.words.new()
        process = subprocess.Popen([*wrap, *self.line(word)], cwd=self.folder, env=env or self.env,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                   start_new_session=True)
        started.append(process)
        return word, process

    def first(self, case):
        word, process = self.start()
        process.wait()
        case.expect(process.returncode == 0, f"the first tag fails: {process.stderr.read()[-300:]}")
        return word

    def held(self):
        try:
            data = self.file.read_bytes()
        except FileNotFoundError:
            return set(), None
        try:
            ron.load(data)
        except (ron.RonError, ValueError) as error:
            return {w.decode() for w in words_in(data)}, error
        return {w.decode() for w in words_in(data)}, None

    def kept(self):
        """Words in any file of the folder and of the program's state."""
        found = set()
        for root in (self.folder, self.state):
            for path in root.rglob("*"):
                if path.is_file():
                    found |= {word.decode() for word in words_in(path.read_bytes())}
        return found

    def leftovers(self):
        return [path.name for path in self.folder.iterdir() if path.name.startswith(".")]


def wait_all(processes, timeout=120):
    deadline = time.monotonic() + timeout
    codes = {}
    for word, process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        codes[word] = process.returncode
        process.error = process.stderr.read()[-300:]
        process.stderr.close()
        started.remove(process)
    return codes


def judge(case, desk, codes, what):
    """Compares what the commands said with what is in the file."""
    held, broken = desk.held()
    case.expect(broken is None, f"{what}: the file cannot be read: {broken}")
    lost = [word for word, code in codes.items() if code == 0 and word not in held]
    kept = desk.kept() if lost else set()
    case.expect(not lost, f"{what}: {len(lost)} of {len(codes)} marks were reported saved and are gone"
                          f" ({len([w for w in lost if w in kept])} of them in some other file)")
    ghosts = [word for word, code in codes.items() if code != 0 and word in held]
    case.expect(not ghosts, f"{what}: {len(ghosts)} marks are there whose command ended with {[codes[w] for w in ghosts[:3]]}")
    odd = {code for code in codes.values() if code not in (0, 3)}
    case.expect(not odd, f"{what}: commands ended with {odd}")
    return held


def race(n_savers, rounds):
    def go(case, folder):
        desk, saved, refused = None, 0, 0
        for turn in range(times(rounds)):
            if turn % 10 == 0:
                desk = Desk(folder / f"r{turn}", f"race{n_savers}-{turn}")
                all_codes = {} if turn % 20 else {desk.first(case): 0}
            case.rounds += 1
            codes = wait_all([desk.start() for _ in range(n_savers)])
            saved += sum(1 for code in codes.values() if code == 0)
            refused += sum(1 for code in codes.values() if code != 0)
            all_codes.update(codes)
            before = case.violations
            judge(case, desk, all_codes, f"round {turn}")
            if case.violations > before:
                # What is lost once is counted once.
                desk = Desk(folder / f"again{turn}", f"race{n_savers}-{turn}-again")
                all_codes = {}
            case.expect(not desk.leftovers(), f"round {turn}: left behind: {desk.leftovers()[:3]}")
        case.notes.append(f"{saved} saved, {refused} refused")

    return go


def held_up(call, where, delay_ms, when="1+"):
    """Returns the words before a command that hold it up at its calls `call`."""
    return ("strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}",
            "-e", f"inject={call}:{where}={delay_ms * 1000}:when={when}")


def delayed(case, folder):
    """One saver is held up before or after each call while others save."""
    need("strace")
    turn = 0
    for call, whens, delay_ms in CALLS:
        for where in ("delay_enter", "delay_exit"):
            for when in whens:
                for _ in range(times(2)):
                    turn += 1
                    desk = Desk(folder / f"d{turn}", f"delay{turn}")
                    desk.first(case)
                    slow = held_up(call, where, delay_ms if when == "1+" else 3 * delay_ms, when)
                    racing = [desk.start(wrap=slow)]
                    for _ in range(3):
                        time.sleep(desk.rng.choice([0.0, 0.01, 0.04, 0.1]))
                        racing.append(desk.start(wrap=slow if desk.rng.random() < 0.4 else ()))
                        racing.append(desk.start())
                    case.rounds += 1
                    judge(case, desk, wait_all(racing), f"{call} {where} when={when}")


def killed(case, folder):
    """Some of the racing savers are killed at random; every mark that was reported saved is in the file."""
    n_killed = 0
    for turn in range(times(300)):
        desk = Desk(folder / f"k{turn}", f"kill{turn}")
        done = {desk.first(case): 0}
        for _ in range(2):
            racing = [desk.start() for _ in range(6)]
            time.sleep(desk.rng.random() * 0.08)
            for word, process in desk.rng.sample(racing, 3):
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
                    n_killed += 1
            done.update(wait_all(racing))
        case.rounds += 1
        # Another saver comes, who also tidies up.
        last = desk.start()
        done.update(wait_all([last]))
        held, broken = desk.held()
        case.expect(broken is None, f"round {turn}: the file cannot be read: {broken}")
        lost = [word for word, code in done.items() if code == 0 and word not in held]
        kept = desk.kept()
        case.expect(not lost, f"round {turn}: {len(lost)} marks reported saved are gone from the file, {len([w for w in lost if w not in kept])} from the disk")
        case.expect(done[last[0]] == 0, f"round {turn}: after the kills the file can no longer be saved: {last[1].error}")
    case.notes.append(f"{n_killed} killed")


def trade_names(one, other):
    """Lets two files trade their names in one step."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.renameat2(-100, os.fsencode(one), -100, os.fsencode(other), 2) != 0:
        raise OSError(ctypes.get_errno(), "renameat2", str(one))


def colleague(case, folder):
    """A colleague's program writes over the file by rename, knowing no locks, while two and four of ours save."""
    for turn in range(times(160)):
        desk = Desk(folder / f"c{turn}", f"colleague{turn}")
        done = {desk.first(case): 0}
        theirs = []
        racing = [desk.start() for _ in range(desk.rng.choice([1, 2, 4]))]
        for _ in range(4):
            time.sleep(desk.rng.random() * 0.03)
            try:
                record = ron.load(desk.file.read_bytes())
            except (OSError, ron.RonError, ValueError) as error:
                case.violation(f"round {turn}: the colleague cannot read the file: {error}")
                break
            word = desk.words.new()
            record["article"]["author"] = f"{record['article'].get('author', '')} {word}"
            # What the colleague takes out stays on the disk, so that nothing is lost by this script.
            other = desk.folder / f"colleague-{len(theirs)}.old"
            other.write_bytes(ron.dump_file(record))
            trade_names(other, desk.file)
            theirs.append(word)
            racing.append(desk.start())
        done.update(wait_all(racing))
        case.rounds += 1
        kept = desk.kept()
        held, broken = desk.held()
        case.expect(broken is None, f"round {turn}: the file cannot be read: {broken}")
        lost = [word for word in theirs if word not in kept]
        case.expect(not lost, f"round {turn}: {len(lost)} of {len(theirs)} versions of the colleague are nowhere on the disk")
        gone = [word for word, code in done.items() if code == 0 and word not in kept]
        case.expect(not gone, f"round {turn}: {len(gone)} marks reported saved are nowhere on the disk")


def unparsable(case, folder):
    """The colleague's version cannot be parsed, arrives in the middle of a save, and the saver is killed."""
    need("strace")
    contents = {
        "git's markers": "<<<<<<< ours\n(\n=======\n( zq9999999 )\n>>>>>>> theirs\n".encode(),
        "half a file": b'(\n  format: "sourcemark-annotations",\n  note: "zq9999999',
        "a newer version": b'(format: "sourcemark-annotations", version: (9, 0), zq: "zq9999999")',
        "another format": b"zq9999999: yaml\n",
        "bytes": b"\xff\xfe\0\0zq9999999\x80",
        "a note of nothing else": b"zq9999999",
    }
    turn = n_met = 0
    for what, content in contents.items():
        for follower in (["list"], ["tag"], ["check"], ["fmt"], ["window"]):
            for killed_at in ("exit", "enter"):
                for _ in range(times(1)):
                    turn += 1
                    desk = Desk(folder / f"u{turn}", f"unparsable{turn}")
                    desk.first(case)
                    number = exchange_number(desk)
                    slow = ("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=renameat2", "-e",
                            f"inject=renameat2:delay_enter=500000:delay_exit=900000:when={number}")
                    word, process = desk.start(wrap=slow)
                    deadline = time.monotonic() + 10
                    while not desk.leftovers() and time.monotonic() < deadline and process.poll() is None:
                        time.sleep(0.005)
                    n_met += bool(desk.leftovers())
                    time.sleep(0.2)
                    other = desk.folder / "colleague.tmp"
                    other.write_bytes(content)
                    os.replace(other, desk.file)
                    time.sleep(0.8 if killed_at == "exit" else 0.0)
                    if process.poll() is None:
                        os.killpg(process.pid, signal.SIGKILL)
                    wait_all([(word, process)])
                    case.rounds += 1
                    for _ in range(2):
                        if follower == ["window"]:
                            look(desk)
                        elif follower == ["tag"]:
                            wait_all([desk.start()])
                        else:
                            command([PROGRAM, *follower, str(desk.file)], cwd=desk.folder, env=desk.env)
                    case.expect("zq9999999" in desk.kept(),
                                f"{what}, killed at {killed_at}, then {follower[0]}: the colleague's version is nowhere on the disk")
    case.expect(2 * n_met > case.rounds, f"the saver was met in the middle {n_met} times of {case.rounds} only")


def look(desk):
    """Opens the article in the window for a moment."""
    place = desk.folder.parent / f"{desk.folder.name}-window"
    display = window.Display(place)
    try:
        shown = window.Window(display, place, desk.article, state=desk.env["XDG_STATE_HOME"])
        shown.settle(3)
        shown.kill()
    except window.Gone:
        pass
    display.close()


def exchange_number(desk):
    """Returns which of a save's renames trades the names."""
    log = desk.folder.parent / "renames.log"
    word, process = desk.start(wrap=("strace", "-f", "-qq", "-o", str(log), "-e", "trace=renameat2"))
    wait_all([(word, process)])
    lines = [line for line in log.read_text(errors="replace").splitlines() if "renameat2(" in line]
    for number, line in enumerate(lines, 1):
        if "RENAME_EXCHANGE" in line and desk.file.name in line:
            return number
    return 1


def three_and_a_delay(case, folder):
    """B's trade of names is held up, so that C reads B's version before B has looked at what came out."""
    need("strace")
    for turn in range(times(60)):
        desk = Desk(folder / f"t{turn}", f"three{turn}")
        done = {desk.first(case): 0}
        where = ("delay_exit", "delay_enter")[turn % 2]
        slow = held_up("renameat2", where, desk.rng.choice([40, 120, 250]))
        racing = [desk.start(wrap=slow)]
        time.sleep(0.05)
        racing.append(desk.start(wrap=slow if turn % 3 == 0 else ()))
        for _ in range(5):
            time.sleep(desk.rng.random() * 0.12)
            racing.append(desk.start())
        case.rounds += 1
        done.update(wait_all(racing))
        judge(case, desk, done, f"round {turn} ({where})")


if __name__ == "__main__":
    run_cases([
        ("2.1 races of 8", race(8, 200)),
        ("2.1 races of 32", race(32, 40)),
        ("2.1 three savers, one trade of names held up", three_and_a_delay),
        ("2.1 one saver held up at each call", delayed),
        ("2.1 racing savers killed at random", killed),
        ("2.1 a colleague without locks", colleague),
        ("2.2 an unparsable version in the moment of a save", unparsable),
        *savers_named.NAMED,
    ])
