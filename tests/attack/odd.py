"""What nobody thought of: odd names, odd files, damaged files, no room, orders and races of whole commands.

The laws: every command ends, in time, with 0, 1, 2 or 3; what it did not understand stays in the file; what it
refused is untouched; what it reported saved is there.
"""

import json
import os
import pathlib
import shutil
import socket
import stat
import subprocess

import hostile
import ron
from editor import new_file
from harness import PROGRAM, Skip, Words, article_text, command, environment, fresh_rng, need, run_cases, sourcemark, times, words_in

ENDS_S = 20


def fine(case, done, what):
    """The command came to an end of its own that the help describes."""
    return case.expect(done.code in (0, 1, 2, 3) and b"panicked" not in done.err and b"overflowed its stack" not in done.err,
                       lambda: f"{what() if callable(what) else what}: {done}")


def odd_names(case, folder):
    names = [b"-dash.txt", b"--help", b"-", b"new\nline.txt", b"tab\tand\x1b[31m.txt", b"\xff\xfe.txt", b"latin\xe9.txt", b"x" * 255, b"x" * 239,
             b"x" * 238, b"x" * 237 + b".", "é".encode() * 100 + b".txt", "e\u0301.txt".encode(), b" ", b"  lead.txt", b"trail.txt ", b"a.annotations.ron.txt",
             b"b.annotations.ron", b"collection.ron", b"~", b"$HOME", b"`x`", b"*", b"a:b", b"CON", b".hidden", b"...", b"%s%n", "\u202egnp.txt".encode(),
             b"\\", b"q'uote\".txt"]
    for turn, name in enumerate(names):
        here = os.fsencode(folder / f"n{turn}")
        os.mkdir(here)
        env = environment(folder / f"n{turn}-env")
        path = os.path.join(here, name)
        try:
            with open(path, "w") as out:
                out.write(article_text(fresh_rng(turn), 500))
        except OSError as error:
            case.notes.append(f"{name[:9]!r}: {error.strerror}")
            continue
        before = pathlib.Path(os.fsdecode(path)).read_bytes()
        for way in ("plain", "dashes"):
            first = [PROGRAM.encode(), b"tag"]
            rest = [b"--creator", b"C", b"--at", b"0..9", b"--as", b"denial", b"--note", way.encode()]
            line = first + rest + [b"--", name] if way == "dashes" else first + [os.path.join(b".", name)] + rest
            case.rounds += 1
            done = command(line, cwd=here, env=env, timeout=ENDS_S)
            fine(case, done, f"tag {name[:40]!r} ({way})")
            listed = command([PROGRAM.encode(), b"list", b"--json", b"--", os.path.join(here, name)], cwd=here, env=env, timeout=ENDS_S)
            fine(case, listed, f"list {name[:40]!r}")
            if done.code == 0:
                case.expect(listed.code == 0 and way in listed.text(), f"{name[:40]!r}: tagged and not listed: {listed}")
        for line in ([b"check"], [b"fmt"], [b"untag", b"--at", b"0..9"], [b"tombstones"], [b"conflicts"], [b"render", b"-o", b"page.png"]):
            case.rounds += 1
            done = command([PROGRAM.encode(), *line, b"--", name], cwd=here, env=env, timeout=60)
            fine(case, done, f"{line[0]} {name[:40]!r}")
        case.expect(pathlib.Path(os.fsdecode(path)).read_bytes() == before, f"{name[:40]!r}: the article was written")


def strange_files(case, folder):
    """FIFOs, sockets, devices, folders, loops and dangling links where a file should be."""

    def fifo(path):
        os.mkfifo(path)

    def sock(path):
        # The path of a socket is short: bind it from its folder.
        old = os.getcwd()
        os.chdir(path.parent)
        try:
            socket.socket(socket.AF_UNIX).bind(path.name)
        finally:
            os.chdir(old)

    def loop(path):
        path.symlink_to(path.name)

    makers = {"fifo": fifo, "socket": sock, "loop": loop, "folder": lambda path: path.mkdir(),
              "full folder": lambda path: (path.mkdir(), (path / "x").write_text("x")),
              "zero": lambda path: path.symlink_to("/dev/zero"), "null": lambda path: path.symlink_to("/dev/null"),
              "random": lambda path: path.symlink_to("/dev/urandom"), "dangling": lambda path: path.symlink_to("nowhere/at/all"),
              "tty": lambda path: path.symlink_to("/dev/tty"), "full": lambda path: path.symlink_to("/dev/full"),
              "proc": lambda path: path.symlink_to("/proc/self/mem"), "kmsg": lambda path: path.symlink_to("/proc/self/maps")}
    lines = [["tag", "--creator", "C", "news.txt", "--at", "0..9", "--as", "denial"], ["list", "news.txt"], ["check", "news.txt"], ["fmt", "news.txt"],
             ["untag", "news.txt", "--at", "0..9"], ["render", "news.txt", "-o", "out"], ["salvage", "news.txt", "-o", "out"],
             ["merge", "--no-base", "news.txt.annotations.ron", "b.annotations.ron", "-o", "out"],
             ["merge", "--no-base", "b.annotations.ron", "news.txt.annotations.ron", "-o", "news.txt.annotations.ron"],
             ["collection", ".", "-o", "out"], ["check", "collection.ron"], ["reanchor", "b.annotations.ron", "--to", "news.txt"],
             ["editions", "news.txt", "b.txt"], ["agree", "news.txt", "b.annotations.ron"], ["diff", "news.txt", "b.annotations.ron"],
             ["tombstones", "news.txt"], ["conflicts", "news.txt"], ["git", "install", "--repo", "out"], ["git", "textconv", "news.txt.annotations.ron"]]
    for what, make in makers.items():
        for where in ("news.txt", "news.txt.annotations.ron", "out", "collection.ron", "state"):
            here = folder / f"{what.replace(' ', '-')}-{where}"
            here.mkdir()
            env = environment(folder / f"{here.name}-env")
            text = article_text(fresh_rng("s"), 500)
            record = new_file(fresh_rng("s"), Words(), "news.txt", text)
            for name in ("news.txt", "b.txt"):
                (here / name).write_text(text)
            for name in ("news.txt", "b"):
                (here / f"{name}.annotations.ron").write_bytes(ron.dump_file(record))
            victim = pathlib.Path(env["XDG_STATE_HOME"]) / "sourcemark" if where == "state" else here / where
            if victim.exists():
                victim.unlink()
            make(victim)
            for line in lines:
                case.rounds += 1
                done = command([PROGRAM, *line], cwd=here, env=env, timeout=ENDS_S,
                               wrap=("bash", "-c", 'ulimit -v 3000000; exec "$@"', "bash"))
                fine(case, done, f"{what} as {where}: {line[0]}")
                if line[0] == "tag" and done.code == 0 and what in ("null", "zero", "full", "random") and where == "news.txt.annotations.ron":
                    case.violation(f"{what} as {where}: tag says it saved: {done}")


def mutated(rng, data):
    """Damages bytes as disks, mails and hands do."""
    data = bytearray(data)
    for _ in range(rng.choice([1, 1, 1, 3, 10])):
        at = rng.randrange(len(data) + 1)
        way = rng.randrange(9)
        if way == 0 and at < len(data):
            data[at] = rng.randrange(256)
        elif way == 1:
            del data[at:]
        elif way == 2:
            del data[at:at + rng.randrange(60)]
        elif way == 3:
            data[at:at] = data[at:at + rng.randrange(400)]
        elif way == 4:
            data[at:at] = rng.choice([b"\0" * 50, b"<<<<<<< HEAD\n", b"=======\n", b">>>>>>> x\n", b"(", b")", b"\"", b"[", b"Some(", b"/*", b"//", b"\xff", b"\xef\xbb\xbf"])
        elif way == 5:
            lines = bytes(data).split(b"\n")
            rng.shuffle(lines) if rng.random() < 0.05 else lines.insert(rng.randrange(len(lines)), rng.choice(lines))
            data = bytearray(b"\n".join(lines))
        elif way == 6:
            data = bytearray(bytes(data).replace(b"\n", b"\r\n"))
        elif way == 7:
            lines = bytes(data).split(b"\n")
            at = rng.randrange(len(lines))
            lines.insert(at, b"  unknown_" + str(rng.randrange(99)).encode() + b": \"kept zq7777777\",")
            data = bytearray(b"\n".join(lines))
        else:
            for old, new in ((b"start:", b"end:"), (b"Some(", b"("), (b"1,", b"99999999999999999999,"), (b"Person", b"Martian(x: 1)"), (b"\"", b"")):
                if rng.random() < 0.2:
                    data = bytearray(bytes(data).replace(old, new, 1))
    return bytes(data)


def damaged(case, folder):
    """Damaged files through every command: what is read is kept whole, what is not is untouched."""
    rng = fresh_rng("damaged")
    here = folder / "d"
    here.mkdir()
    env = environment(folder / "env")
    text = article_text(rng, 1200)
    (here / "news.txt").write_text(text)
    (here / "other.txt").write_text("Before.\n" + text)
    seeds = [ron.dump_file(new_file(rng, Words(), "news.txt", text, 4)), ron.dump_file(hostile.nasty_file("news.txt", text, "nasty"))]
    file = here / "news.txt.annotations.ron"
    (here / "good.annotations.ron").write_bytes(seeds[0])
    readers = [["list", "news.txt", "--json"], ["check", "news.txt"], ["salvage", "news.txt"], ["diff", "news.txt", "good.annotations.ron"],
               ["agree", "--each-file", "--no-gamma", "news.txt", "good.annotations.ron"], ["editions", "news.txt", "other.txt"], ["git", "textconv", "news.txt.annotations.ron"],
               ["reanchor", "news.txt.annotations.ron", "--to", "other.txt"], ["conflicts", "news.txt"], ["tombstones", "news.txt"]]
    writers = [["tag", "--creator", "C", "news.txt", "--at", "3..50", "--as", "fresh", "--new-tag"], ["fmt", "news.txt"], ["tombstones", "news.txt", "--clear-before", "1990-01-01"],
               ["merge", "--no-base", "news.txt.annotations.ron", "good.annotations.ron", "-o", "news.txt.annotations.ron"],
               ["merge", "good.annotations.ron", "good.annotations.ron", "news.txt.annotations.ron", "-o", "news.txt.annotations.ron"]]
    for turn in range(times(1500)):
        data = mutated(rng, rng.choice(seeds))
        file.write_bytes(data)
        for line in (rng.choice(readers), rng.choice(readers)):
            case.rounds += 1
            done = command([PROGRAM, *line], cwd=here, env=env, timeout=ENDS_S)
            if not fine(case, done, lambda: f"round {turn}: {line[0]} {keep(data, turn)}"):
                continue
            case.expect(file.read_bytes() == data, lambda: f"round {turn}: {line[0]} wrote the file {keep(data, turn)}")
        line = rng.choice(writers)
        case.rounds += 1
        done = command([PROGRAM, *line], cwd=here, env=env, timeout=ENDS_S)
        fine(case, done, lambda: f"round {turn}: {line[0]} {keep(data, turn)}")
        after = file.read_bytes()
        if line[0] == "merge" and "good.annotations.ron" == line[1]:
            # With a base, what is not in theirs was removed there.
            before = words_in(data) - words_in(seeds[0])
        else:
            before = words_in(data)
        if done.code in (0, 1):
            lost = before - words_in(after) - commented(data)
            case.expect(not lost, lambda: f"round {turn}: {' '.join(line[:3])}: exit {done.code}, trimmed {sorted(lost)[:4]} {keep(data, turn)}")
        else:
            case.expect(after == data, lambda: f"round {turn}: {line[0]} refused and wrote {keep(data, turn)}")


def commented(data):
    """Words in comments, which the format says are lost."""
    import re

    found = set()
    for part in re.findall(rb"//[^\n]*|/\*.*?\*/|/\*.*$", data, re.S):
        found |= words_in(part)
    return found


def keep(data, turn):
    folder = os.environ.get("ATTACK_KEEP")
    if not folder:
        return ""
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, f"odd-{turn}.ron")
    with open(path, "wb") as out:
        out.write(data)
    return path


def cut_off(case, folder):
    """Of a file that was cut off, `salvage` reads every annotation that is still whole."""
    env = environment(folder / "env")
    rng = fresh_rng("cut")
    text = article_text(rng, 1200)
    (folder / "news.txt").write_text(text)
    record = new_file(rng, Words(), "news.txt", text, 12)
    data = ron.dump_file(record)
    file, copy = folder / "news.txt.annotations.ron", folder / "copy.ron"
    for _ in range(times(200)):
        at = rng.randrange(200, len(data))
        file.write_bytes(data[:at])
        copy.unlink(missing_ok=True)
        case.rounds += 1
        done = sourcemark("salvage", "news.txt", "-o", "copy.ron", cwd=folder, env=env)
        whole = [m for m in record["annotations"] if m["id"].encode() in data[:at] and data.index(m["created"].encode() + b'",\n    )', data.index(m["id"].encode())) < at - 40]
        held = copy.read_bytes() if copy.exists() else b""
        lost = [m["id"] for m in whole if m["note"].encode() not in held]
        case.expect(done.code in (0, 1, 3) and not lost, f"cut at {at}: {len(lost)} whole annotations are not salvaged: {done}")
        case.expect(file.read_bytes() == data[:at], "salvage wrote the damaged file")


def strangers(case, folder):
    """Files of other programs, whatever they are, in every role."""
    source = os.environ.get("ATTACK_DATA")
    if not source or not os.path.isdir(source):
        raise Skip("ATTACK_DATA names no folder with files of other programs")
    rng = fresh_rng("strangers")
    found = [path for path in pathlib.Path(source).rglob("*") if path.is_file() and path.stat().st_size < 3_000_000]
    rng.shuffle(found)
    env = environment(folder / "env")
    for turn, path in enumerate(found[: times(300)]):
        here = folder / f"s{turn}"
        here.mkdir()
        for name in ("news.txt", "x.annotations.ron", "collection.ron", "y.txt.annotations.ron"):
            shutil.copy(path, here / name)
        (here / "y.txt").write_text("An article.\n")
        before = path.read_bytes()
        for line in (["tag", "--creator", "C", "news.txt", "--at", "0..5", "--as", "denial"], ["list", "news.txt", "--json"], ["check", "x.annotations.ron", "collection.ron"],
                     ["salvage", "x.annotations.ron", "-o", "copy.ron"], ["merge", "--no-base", "x.annotations.ron", "y.txt.annotations.ron", "-o", "m.annotations.ron"],
                     ["tag", "--creator", "C", "y.txt", "--at", "0..5", "--as", "denial"], ["fmt", "x.annotations.ron"], ["collection", ".", "-o", "collection.ron"],
                     ["agree", "x.annotations.ron", "y.txt"], ["git", "textconv", "x.annotations.ron"]):
            case.rounds += 1
            done = command([PROGRAM, *line], cwd=here, env=env, timeout=60)
            fine(case, done, f"{path}: {line[0]}")
            for name in ("news.txt", "x.annotations.ron", "y.txt.annotations.ron"):
                case.expect((here / name).read_bytes() == before or ron_file(before), f"{path}: {line[0]} wrote {name}")
        shutil.rmtree(here)


def ron_file(data):
    return b"sourcemark-annotations" in data[:200]


def no_room(case, folder):
    """A disk that is full: saved or refused, and every mark that was reported saved is there."""
    if os.geteuid() != 0:
        raise Skip("only root can mount")
    need("unshare", "mount")
    script = folder / "inside.py"
    script.write_text(INSIDE)
    for turn, (size, inodes) in enumerate((("32k", 0), ("64k", 0), ("256k", 0), ("1m", 9), ("1m", 6), ("512k", 0))):
        mounted = folder / f"m{turn}"
        mounted.mkdir()
        options = f"size={size}" + (f",nr_inodes={inodes}" if inodes else "")
        env = environment(folder / f"env{turn}", ATTACK_PROGRAM=PROGRAM)
        done = command(["unshare", "-m", "--propagation", "private", "sh", "-c",
                        f"mount -t tmpfs -o {options} none '{mounted}' && exec python3 '{script}' '{mounted}' {times(60)}"], env=env, timeout=300)
        if done.code == 32 or b"unshare" in done.err:
            raise Skip("mounts are not allowed here")
        try:
            result = json.loads(done.out)
        except ValueError:
            case.violation(f"{options}: {done}")
            continue
        case.rounds += result["rounds"]
        for violation in result["violations"]:
            case.violation(f"{options}: {violation}")


INSIDE = '''
import json, os, re, subprocess, sys
folder, rounds = sys.argv[1], int(sys.argv[2])
violations, saved, refused = [], [], 0
os.chdir(folder)
open("news.txt", "w").write("".join(f"passage{at:04d} stands here.\\n" for at in range(200)))
for at in range(rounds):
    word = f"zq{at:07d}"
    line = [os.environ["ATTACK_PROGRAM"], "tag", "news.txt", "--quote", f"passage{at:04d}", "--as", "denial", "--note", word + "x" * 700, "--creator", "F"]
    done = subprocess.run(line, capture_output=True)
    text = open("news.txt.annotations.ron").read() if os.path.exists("news.txt.annotations.ron") else ""
    if done.returncode == 0:
        saved.append(word)
    else:
        refused += 1
        if done.returncode != 3 or b"panicked" in done.stderr:
            violations.append(f"exit {done.returncode}: {done.stderr[-300:]!r}")
        if word in text:
            violations.append(f"{word} is there though its command ended with {done.returncode}: {done.stderr[-200:]!r}")
    lost = [each for each in saved if each not in text]
    if lost:
        violations.append(f"round {at}: {len(lost)} marks are gone")
        saved = [each for each in saved if each in text]
    left = [name for name in os.listdir(".") if name.startswith(".sourcemark")]
    if left:
        violations.append(f"round {at}: left behind: {left[:2]}")
        for name in left:
            os.unlink(name)
print(json.dumps({"rounds": rounds, "violations": violations[:20], "refused": refused}))
'''


def read_only(case, folder):
    """Folders and files that may not be written: refused, untouched, and read all the same."""
    if os.geteuid() != 0:
        raise Skip("only root can become somebody else")
    need("setpriv")
    nobody = ("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups")
    for path in (folder, *list(folder.parents)[:2]):
        path.chmod(stat.S_IMODE(path.stat().st_mode) | 0o011)
    if command(["test", "-x", PROGRAM], wrap=nobody).code != 0:
        os.chmod(os.path.dirname(PROGRAM), 0o755)
    for turn, (bits, file_bits) in enumerate(((0o555, 0o644), (0o755, 0o444), (0o555, 0o444), (0o311, 0o644), (0o000, 0o644))):
        here = folder / f"r{turn}"
        here.mkdir()
        env = environment(folder / f"r{turn}-env")
        text = article_text(fresh_rng("r"), 500)
        (here / "news.txt").write_text(text)
        record = new_file(fresh_rng("r"), Words(), "news.txt", text)
        (here / "news.txt.annotations.ron").write_bytes(ron.dump_file(record))
        for path in (here, *here.iterdir(), folder / f"r{turn}-env", *(folder / f"r{turn}-env").iterdir()):
            os.chown(path, 65534, 65534)
        for path in here.iterdir():
            path.chmod(file_bits)
        before = (here / "news.txt.annotations.ron").read_bytes()
        here.chmod(bits)
        for line in (["tag", "--creator", "C", here / "news.txt", "--at", "0..9", "--as", record["tags"][0]["id"]], ["list", here / "news.txt"], ["check", here / "news.txt"],
                     ["fmt", here / "news.txt"], ["render", here / "news.txt", "-o", here / "p.png"], ["collection", here, "-o", here / "collection.ron"],
                     ["untag", here / "news.txt", "--at", "0..9"]):
            case.rounds += 1
            done = command([PROGRAM, *line], cwd="/", env=env, wrap=nobody, timeout=ENDS_S)
            fine(case, done, f"{bits:o} {file_bits:o}: {line[0]}")
            now = (here / "news.txt.annotations.ron").read_bytes()
            case.expect(now == before or done.code in (0, 1), f"{bits:o} {file_bits:o}: {line[0]} refused and wrote: {done}")
            before = now


def with_themselves(case, folder):
    """Orders that make no sense: a file merged with itself, outputs over inputs, the same file by several names."""
    env = environment(folder / "env")
    text = article_text(fresh_rng("self"), 900)
    (folder / "news.txt").write_text(text)
    data = ron.dump_file(new_file(fresh_rng("self"), Words(), "news.txt", text))
    file = folder / "news.txt.annotations.ron"
    (folder / "sub").mkdir()
    (folder / "sub" / "link.annotations.ron").symlink_to("../news.txt.annotations.ron")
    (folder / "linked").symlink_to(".")
    names = ["news.txt.annotations.ron", "./news.txt.annotations.ron", "sub/../news.txt.annotations.ron", "sub/link.annotations.ron", "linked/linked/news.txt.annotations.ron"]
    for first in names:
        for second in names:
            for line in (["merge", "--no-base", first, second, "-o", first], ["merge", first, second, first, "-o", second], ["merge", "--layers", first, second, "-o", first],
                         ["diff", first, second], ["salvage", first, "-o", second], ["reanchor", first, "--to", "news.txt", "-o", second], ["reanchor", first, "--to", first],
                         ["render", first, "-o", second], ["collection", ".", "-o", first], ["agree", first, second], ["render", "news.txt", "-o", "news.txt"],
                         ["collection", ".", "-o", "news.txt"], ["merge", "--no-base", first, second, "-o", "news.txt"]):
                file.write_bytes(data)
                case.rounds += 1
                done = command([PROGRAM, *line], cwd=folder, env=env, timeout=60)
                fine(case, done, " ".join(line))
                lost = words_in(data) - words_in(file.read_bytes())
                case.expect(not lost, f"{' '.join(line)}: {len(lost)} words are gone from the file: {done}")
                case.expect((folder / "news.txt").read_text() == text, f"{' '.join(line)}: the article was written: {done}")
                (folder / "news.txt").write_text(text)
                if not (folder / "sub" / "link.annotations.ron").is_symlink():
                    case.violation(f"{' '.join(line)}: a link was replaced by a file")
                    (folder / "sub" / "link.annotations.ron").unlink()
                    (folder / "sub" / "link.annotations.ron").symlink_to("../news.txt.annotations.ron")


def line_ends_and_marks(case, folder):
    """CR LF, a byte order mark and comments: read, kept or reported, and the words with them."""
    env = environment(folder / "env")
    text = article_text(fresh_rng("crlf"), 900)
    data = ron.dump_file(new_file(fresh_rng("crlf"), Words(), "news.txt", text))
    variants = {"CR LF": data.replace(b"\n", b"\r\n"), "a byte order mark": b"\xef\xbb\xbf" + data, "both": b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n"),
                "no last line end": data.rstrip(b"\n"), "one line": b" ".join(data.split()), "blank lines": data.replace(b"\n", b"\n\n"),
                "a wrong trailer": data + b"// end blake3:" + b"0" * 64 + b"\n", "CR alone": data.replace(b"\n", b"\r"),
                "UTF-16": data.decode().encode("utf-16"), "Latin 1": data + "// é".encode("latin-1")}
    for what, content in variants.items():
        here = folder / what.replace(" ", "-")
        here.mkdir()
        (here / "news.txt").write_text(text)
        file = here / "news.txt.annotations.ron"
        for line in (["tag", "--creator", "C", "news.txt", "--at", "3..20", "--as", "fresh", "--new-tag"], ["fmt", "news.txt"], ["untag", "news.txt", "--at", "3..20"]):
            file.write_bytes(content)
            case.rounds += 1
            done = command([PROGRAM, *line], cwd=here, env=env, timeout=ENDS_S)
            fine(case, done, f"{what}: {line[0]}")
            after = file.read_bytes()
            if done.code == 0:
                case.expect(words_in(content) <= words_in(after), f"{what}: {line[0]} trims: {done}")
                case.expect((b"\r\n" in content) == (b"\r\n" in after) or what == "CR alone", f"{what}: {line[0]} changes the line ends")
            else:
                case.expect(after == content, f"{what}: {line[0]} refused and wrote")


def arguments(case, folder):
    """Random arguments from the words of the help: every command ends as the help says."""
    env = environment(folder / "env")
    rng = fresh_rng("arguments")
    text = article_text(rng, 600)
    data = ron.dump_file(new_file(rng, Words(), "news.txt", text))
    here = folder / "a"
    here.mkdir()
    top = sourcemark("--help", env=env, cwd=here).text()
    commands = [line.split()[0] for line in top.split("Commands:")[1].split("Arguments:")[0].splitlines() if line.startswith("  ") and line[2:3].isalpha()]
    commands.remove("open")
    options = {}
    for name in commands:
        shown = sourcemark(name, "--help", env=env, cwd=here).text()
        options[name] = sorted({word.strip(",.[]<>=") for word in shown.split() if word.startswith("--")} - {"--help"})
    values = ["news.txt", "news.txt.annotations.ron", "b.annotations.ron", "collection.ron", ".", "", "0..5", "5..0", "0..99999999999", "-1", "18446744073709551616",
              "denial", "\n", "x" * 70000, "ours", "9", "2026-03-01", "0000-00-00", "99999-01-01", "sourcemark", "/", "//", "..", "\u202e", "json", "--", "é", "NaN", "1e999"]
    for turn in range(times(2500)):
        for name in ("news.txt", "news.txt.annotations.ron", "b.annotations.ron"):
            (here / name).write_bytes(text.encode() if name == "news.txt" else data)
        name = rng.choice(commands)
        line = [name] + [rng.choice(values) if rng.random() < 0.65 or not options[name] else rng.choice(options[name]) for _ in range(rng.randrange(1, 7))]
        if name == "git" and "install" in line:
            continue
        case.rounds += 1
        done = command([PROGRAM, *line], cwd=here, env=env, timeout=60)
        fine(case, done, f"{[word[:40] for word in line]}")
        case.expect((here / "news.txt").read_text() == text, f"{[word[:40] for word in line]}: the article was written: {done}")


def agents_race(case, folder):
    """Different commands at once on one folder: every file stays readable, and what was reported saved is there."""
    for turn in range(times(60)):
        here = folder / f"w{turn}"
        here.mkdir()
        env = environment(folder / f"w{turn}-env")
        rng = fresh_rng(f"agents{turn}")
        text = "".join(f"passage{at:04d} stands here.\n" for at in range(100))
        (here / "news.txt").write_text(text)
        (here / "b.txt").write_text(text)
        record = new_file(rng, Words(), "news.txt", text)
        for name in ("news.txt", "b.txt"):
            (here / f"{name}.annotations.ron").write_bytes(ron.dump_file(record))
        lines, processes = [], []
        for at in range(12):
            note = f"zq88{turn % 100:02d}{at:03d}"
            lines.append(rng.choice([
                ["tag", "--creator", "C", "news.txt", "--quote", f"passage{at:04d}", "--as", record["tags"][0]["id"], "--note", note],
                ["tag", "--creator", "C", "b.txt", "--quote", f"passage{at:04d}", "--as", record["tags"][0]["id"], "--note", note],
                ["merge", "--no-base", "news.txt.annotations.ron", "b.txt.annotations.ron", "-o", "news.txt.annotations.ron"],
                ["fmt", "news.txt", "b.txt"], ["collection", ".", "-o", "collection.ron"],
                ["untag", "b.txt", "--id", record["annotations"][0]["id"]], ["check", "news.txt", "b.txt"], ["list", "news.txt"],
            ]))
        for line in lines:
            processes.append(subprocess.Popen([PROGRAM, *line], cwd=here, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE))
        errors = [process.communicate(timeout=120)[1] for process in processes]
        for line, process, err in zip(lines, processes, errors):
            case.rounds += 1
            case.expect(process.returncode in (0, 1, 3) and b"panicked" not in err, f"{line[0]}: exit {process.returncode}: {err[-300:]!r}")
            if line[0] == "tag":
                held = (here / f"{line[3]}.annotations.ron").read_bytes()
                is_there = line[-1].encode() in held
                # A merge into news.txt may have brought a mark of b.txt, never the other way round.
                case.expect(is_there == (process.returncode == 0), f"tag {line[3]}: exit {process.returncode}, and the mark is {'there' if is_there else 'gone'}: {err[-200:]!r}")
        for name in ("news.txt", "b.txt"):
            try:
                ron.load((here / f"{name}.annotations.ron").read_bytes())
            except (ron.RonError, ValueError) as error:
                case.violation(f"{name} cannot be read: {error}")


if __name__ == "__main__":
    run_cases([
        *hostile.NAMED,
        ("odd names", odd_names),
        ("strange files", strange_files),
        ("damaged files through every command", damaged),
        ("files cut off", cut_off),
        ("files of other programs", strangers),
        ("no room", no_room),
        ("read-only", read_only),
        ("files with themselves", with_themselves),
        ("line ends, marks and encodings", line_ends_and_marks),
        ("random arguments", arguments),
        ("different commands at once", agents_race),
    ])
