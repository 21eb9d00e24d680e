"""What the families share: the program under attack, the table of results, folders, articles, unique words.

Every family is a script that `run` starts with the program's path in ATTACK_PROGRAM. It opens cases, counts rounds
and violations, and ends with `finish()`: 0 when no promise was broken, 1 when one was, 77 when it could not run.
"""

import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from blake3 import blake3

SKIPPED = 77
PROGRAM = os.environ.get("ATTACK_PROGRAM", "")
SEED = int(os.environ.get("ATTACK_SEED", "1"))
SCALE = float(os.environ.get("ATTACK_SCALE", "1"))
TOLD = int(os.environ.get("ATTACK_TELL", "4"))
KEEP = os.environ.get("ATTACK_KEEP", "")
FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"
WORD = re.compile(rb"zq\d{7}")

family = os.environ.get("ATTACK_FAMILY") or pathlib.Path(sys.argv[0]).stem
work = pathlib.Path(tempfile.mkdtemp(prefix=f"sourcemark-attack-{family}."))
rows = []
skipped = []


def times(count):
    """Returns how often to do something that a full run does `count` times."""
    return max(1, round(count * SCALE))


def only():
    """Returns the cases asked for on the command line; empty for all."""
    return [name for name in os.environ.get("ATTACK_CASES", "").split(",") if name]


class Case:
    """One row of the table. A case in which nothing was done proves nothing and fails."""

    def __init__(self, name):
        self.name, self.rounds, self.violations, self.notes, self.kinds = name, 0, 0, [], {}
        self.began = time.monotonic()

    def __enter__(self):
        return self

    def violation(self, text):
        self.violations += 1
        # Of violations that begin alike, the first tell enough.
        kind = re.sub(r"\d+", "", str(text))[:24]
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        if self.kinds[kind] <= TOLD and len(self.kinds) <= 3 * TOLD:
            print(f"  VIOLATION {family}: {self.name}: {str(text)[:1500]}", flush=True)

    def expect(self, holds, text):
        """Counts a violation unless `holds`; `text` may be a function, called only then."""
        if not holds:
            self.violation(text() if callable(text) else text)
        return bool(holds)

    def __exit__(self, kind, error, trace):
        if isinstance(error, Skip):
            skipped.append(self.name)
            print(f"{family:<9} {self.name:<52} {'-':>7} {'-':>10}  SKIPPED: {error}", flush=True)
            return True
        if kind is not None:
            return False
        verdict = "ok" if self.violations == 0 else "FAILED"
        if self.rounds == 0:
            verdict = "FAILED: nothing was tried"
        rows.append((self.name, self.rounds, self.violations, verdict))
        took = time.monotonic() - self.began
        notes = "; ".join(self.notes)
        print(f"{family:<9} {self.name:<52} {self.rounds:>7} {self.violations:>10}  {verdict}"
              f" ({took:.0f} s{'; ' + notes if notes else ''})", flush=True)
        return None


class Skip(Exception):
    """The case cannot be run here."""


def case_wanted(name):
    asked = only()
    return not asked or any(part in name for part in asked)


def run_cases(cases):
    """Runs the functions `(name, function)` that were asked for, each in a case and a folder of its own."""
    for name, function in cases:
        if not case_wanted(name):
            continue
        folder = pathlib.Path(tempfile.mkdtemp(dir=work))
        with Case(name) as case:
            try:
                function(case, folder)
            except Skip:
                raise
            except Exception as error:  # A mistake of the script must not hide the other cases.
                import traceback

                case.rounds = max(case.rounds, 1)
                case.violation(f"the script stopped: {error!r}\n{traceback.format_exc()}")
        make_removable(folder)
        shutil.rmtree(folder, ignore_errors=True)
    finish()


def make_removable(folder):
    for parent, _, _ in os.walk(folder):
        try:
            os.chmod(parent, 0o700)
        except OSError:
            pass


def finish():
    end_all()
    shutil.rmtree(work, ignore_errors=True)
    if any(verdict != "ok" for _, _, _, verdict in rows):
        sys.exit(1)
    sys.exit(SKIPPED if skipped or not rows else 0)


def need(*tools):
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if missing:
        raise Skip(f"not installed: {', '.join(missing)}")


# --- the program -------------------------------------------------------------------------------------------

started = []


def end_all():
    for process in started:
        if process.poll() is None:
            try:
                process.send_signal(signal.SIGCONT)
                process.kill()
                process.wait(10)
            except (OSError, subprocess.TimeoutExpired):
                pass


def stop(*_):
    end_all()
    make_removable(work)
    shutil.rmtree(work, ignore_errors=True)
    os._exit(143)


signal.signal(signal.SIGTERM, stop)


def environment(home, **more):
    """Returns an environment in which nothing of the person's own settings plays a part."""
    home = pathlib.Path(home)
    kept = {key: os.environ[key] for key in ("PATH", "LANG", "LC_ALL", "TMPDIR") if key in os.environ}
    folders = {}
    for key, name in (("HOME", "home"), ("XDG_CONFIG_HOME", "config"), ("XDG_DATA_HOME", "data"),
                      ("XDG_STATE_HOME", "state"), ("XDG_CACHE_HOME", "cache"), ("XDG_RUNTIME_DIR", "runtime")):
        folders[key] = str(home / name)
        (home / name).mkdir(parents=True, exist_ok=True, mode=0o700)
    git = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "Attacker", "GIT_AUTHOR_EMAIL": "a@example.org",
           "GIT_COMMITTER_NAME": "Attacker", "GIT_COMMITTER_EMAIL": "a@example.org", "GIT_PAGER": "cat",
           "GIT_EDITOR": "true", "GIT_TERMINAL_PROMPT": "0"}
    return {**kept, **folders, **git, "PATH": kept.get("PATH", "/usr/bin:/bin"), **more}


def shifted(env, offset):
    """Returns `env` with a clock that is wrong by `offset`, such as `-3h`; the machine's clock stays."""
    if not os.path.exists(FAKETIME):
        return env
    return {**env, "LD_PRELOAD": FAKETIME, "FAKETIME": offset, "FAKETIME_DONT_RESET": "1"}


class Done:
    """What a command came to."""

    def __init__(self, code, out, err, took):
        self.code, self.out, self.err, self.took = code, out, err, took

    def text(self):
        return (self.out + self.err).decode("utf-8", "replace")

    def __repr__(self):
        return f"exit {self.code}: {self.text()[-600:]}"


def command(arguments, cwd=None, env=None, timeout=120, stdin=b"", wrap=()):
    """Runs `arguments` and returns what it came to; a command that does not end has the code `None`."""
    began = time.monotonic()
    process = subprocess.Popen([*wrap, *map(os.fspath, arguments)], cwd=cwd, env=env, stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    try:
        out, err = process.communicate(stdin, timeout)
        return Done(process.returncode, out, err, time.monotonic() - began)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        out, err = process.communicate()
        return Done(None, out, err, time.monotonic() - began)


def sourcemark(*arguments, **options):
    return command([PROGRAM, *arguments], **options)


# --- what is written ---------------------------------------------------------------------------------------

class Words:
    """Gives out words that occur nowhere else, and none of which is part of another."""

    def __init__(self):
        self.given = 0

    def new(self):
        self.given += 1
        return f"zq{self.given:07d}"


def words_in(data):
    return set(WORD.findall(data))


SYLLABLES = "ka lo mi ta ren dor vel sha ni pu qua es or um bri ton fa gel hu".split()


def article_text(rng, length=3000):
    """Returns prose of about `length` characters in which nearly every passage is unlike the others."""
    lines, size = [], 0
    while size < length:
        n_words = rng.randrange(6, 14)
        sentence = " ".join("".join(rng.choice(SYLLABLES) for _ in range(rng.randrange(1, 4))) for _ in range(n_words))
        line = sentence.capitalize() + rng.choice([".", ".", "?", ", she said.", "; “no”, he said."])
        lines.append(line)
        size += len(line) + 1
    return "\n".join(lines) + "\n"


def article_record(name, text):
    data = text.encode("utf-8")
    return {"file_name": name, "hash": "blake3:" + blake3(data), "length_code_points": len(text),
            "length_bytes": len(data), "encoding": "UTF-8", "newline": "LF"}


def new_id(rng, prefix="01939f3a-7b1c-7000-8000-"):
    return f"{prefix}{rng.randrange(16 ** 12):012x}"


def moment(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def segment(text, start, end):
    return {"position": {"start": start, "end": end},
            "quote": {"exact": text[start:end], "prefix": text[max(0, start - 32):start], "suffix": text[end:end + 32]}}


def fresh_rng(name):
    return random.Random(f"{SEED}/{name}")
