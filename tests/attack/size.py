"""Opens hostile files in the real window, pastes much into every field, and presses keys for minutes.

The law: the peak of memory is at most that of a small file, the size of the files and 300 MB; the window answers a
key; and it closes when asked to.
"""

import os
import subprocess
import time

import ron
from editor import new_file
from harness import (Skip, Words, article_record, article_text, fresh_rng, need, new_id, run_cases, segment,
                     started, times)
from window import Display, Gone, Window

MORE_MB = 300
ANSWER_S, QUIT_S = 20, 20
MINUTES = float(os.environ.get("ATTACK_MINUTES", "20"))
M = 1_000_000


def article(size=2000):
    return article_text(fresh_rng("size"), size)


def with_record(change, text=None):
    """Returns `(article, annotation file)`; `change` gets the records."""
    text = text or article()
    record = new_file(fresh_rng("size"), Words(), "news.txt", text)
    change(record)
    return text, ron.dump_file(record)


def field(kind, name, value):
    def change(record):
        record[kind][0][name] = value

    return lambda: with_record(change)


def in_article(name, value):
    return lambda: with_record(lambda record: record["article"].update({name: value}))


def many_tags(count):
    def change(record):
        record["tags"] = [{"id": f"t{at}", "name": f"Tag {at}", "colour": "#d55e00"} for at in range(count)]

    return lambda: with_record(change)


def many(kind, count):
    def change(record):
        if kind == "speakers":
            record[kind] = [{"id": f"01939f3a-7b1c-7000-8000-{at:012x}", "name": f"Speaker {at}"} for at in range(count)]
        elif kind == "claims":
            record[kind] = [{"id": f"01939f3a-7b1c-7000-8000-{at:012x}", "text": f"Claim {at}"} for at in range(count)]
        elif kind == "agents":
            record[kind] += [{"id": f"01939f3a-7b1c-7000-8000-{at:012x}", "name": f"Agent {at}"} for at in range(count)]
        elif kind == "comments":
            record["annotations"][0]["comments"] = [
                {"id": f"01939f3a-7b1c-7000-8000-{at:012x}", "author": record["agents"][0]["id"],
                 "created": "2026-06-01T12:00:00Z", "text": f"Comment {at}"} for at in range(count)]
        elif kind == "conflicts":
            record["version"] = (1, 1)
            record["conflicts"] = [
                {"id": f"01939f3a-7b1c-7000-8000-{at:012x}", "kind": ron.Word("Annotation"), "record": record["annotations"][0]["id"],
                 "field": "note", "sides": [{"name": "a", "text": ron.Some(f"a {at}")}, {"name": "b", "text": ron.Some(f"b {at}")}]} for at in range(count)]
        elif kind == "segments":
            one = record["annotations"][0]["segments"][0]
            record["annotations"][0]["segments"] = [one] * count
        else:
            record["annotations"] = [{**record["annotations"][0], "id": f"01939f3a-7b1c-7000-8000-{at:012x}"} for at in range(count)]

    return lambda: with_record(change)


def only_text(text):
    return lambda: (text, None)


def marked_text(text):
    def make():
        record = new_file(fresh_rng("size"), Words(), "news.txt", article())
        record["article"] = article_record("news.txt", article())
        record["annotations"] = [{"id": new_id(fresh_rng("m")), "segments": [segment(text, 0, min(len(text), 2000))], "note": "n",
                                  "creator": record["agents"][0]["id"], "created": "2026-06-01T12:00:00Z"}]
        return text, ron.dump_file(record)

    return make


FAMILY = "\U0001f468\u200d"
FILES = {
    "tag name of 5 MB": field("tags", "name", "n" * (5 * M)),
    "tag name of 16 MB": field("tags", "name", "name " * (16 * M // 5)),
    "tag guideline of 16 MB": field("tags", "guideline", "g" * (16 * M)),
    "note of 16 MB": field("annotations", "note", "note " * (16 * M // 5)),
    "note of 16 MB in lines": field("annotations", "note", "line\n" * (16 * M // 5)),
    "note of 4 MB of letters of three bytes": field("annotations", "note", "あ" * (4 * M)),
    "speaker name of 16 MB": field("speakers", "name", "s" * (16 * M)),
    "speaker role of 16 MB": field("speakers", "role", "s " * (8 * M)),
    "claim of 16 MB": field("claims", "text", "c" * (16 * M)),
    "annotator's name of 16 MB": field("agents", "name", "a" * (16 * M)),
    "title of 16 MB": in_article("title", "t" * (16 * M)),
    "author of 16 MB": in_article("author", "t" * (16 * M)),
    "attribute of 16 MB": field("annotations", "attributes", ron.Map({"k": "v" * (16 * M)})),
    "999,000 tags": many_tags(999_000),
    "9,999 tags": many_tags(9_999),
    "200,000 speakers": many("speakers", 200_000),
    "200,000 claims": many("claims", 200_000),
    "200,000 annotators": many("agents", 200_000),
    "9,999 comments": many("comments", 9_999),
    "9,999 segments": many("segments", 9_999),
    "50,000 conflicts": many("conflicts", 50_000),
    "50,000 marks on one word": many("annotations", 50_000),
    "10,000 joined emoji in the text": only_text("Before. " + FAMILY * 10_000 + " after.\n" + article()),
    "10,000 joined emoji, marked": marked_text(FAMILY * 10_000 + "\n" + article()),
    "10,000 joined emoji in a note": field("annotations", "note", FAMILY * 10_000),
    "10,000 joined emoji in a tag name": field("tags", "name", FAMILY * 10_000),
    "a million zero-width spaces": only_text("Before " + "\u200b" * M + " after.\n" + article()),
    "a million zero-width spaces in a note": field("annotations", "note", "\u200b" * M),
    "a million combining marks on one letter": only_text("a" + "\u0301" * M + "\n" + article()),
    "a million overrides": only_text("\u202e" * M + "\n" + article()),
    "a million isolates": only_text("\u2066x" * (M // 2) + "\n" + article()),
    "a million line ends": only_text("\n" * M),
    "a million flags": only_text("\U0001f1e6" * M + "\n"),
    "a line of 20 MB": only_text("word " * (4 * M) + "\n" + article()),
    "a word of 20 MB": only_text("w" * (20 * M) + "\n" + article()),
    "20 MB of Devanagari without blanks": only_text("क्ष" * (7 * M // 3) + "\n" + article()),
    "a title of a million overrides": in_article("title", "\u202e" * M),
}


class Baseline:
    value = None

    @classmethod
    def megabytes(cls, folder):
        """The peak with a small file, measured once."""
        if cls.value is None:
            window, display, _ = opened(folder / "baseline", *with_record(lambda record: None))
            work_in(window)
            cls.value = window.memory()
            window.kill()
            display.close()
        return cls.value


def opened(folder, text, annotations, **options):
    folder.mkdir(parents=True)
    (folder / "news.txt").write_text(text)
    size = (folder / "news.txt").stat().st_size
    if annotations is not None:
        (folder / "news.txt.annotations.ron").write_bytes(annotations)
        size += len(annotations)
    display = Display(folder)
    return Window(display, folder, folder / "news.txt", **options), display, size / M


def work_in(window):
    """What everybody does: look at a mark, its note, the tags, the lists."""
    for keys in (["click 500 300"], ["n"], ["Down", "Next"], ["n"], ["Return"], ["Escape"], ["s"], ["Escape"], ["ctrl+k"], ["Escape"],
                 ["ctrl+g"], ["Escape"], ["ctrl+i"], ["Escape"], ["ctrl+Home"], ["F8"], ["F7"], ["F7"]):
        window.send(keys)
        window.settle(6)


def answers(window):
    """Returns the seconds until a key is seen to work (the right panel goes and comes), or `None`."""
    began = time.monotonic()
    window.send(["Escape", "Escape"])
    window.settle(ANSWER_S)
    before = window.picture()
    window.send(["F10"])
    while time.monotonic() - began < ANSWER_S:
        if differs(window.picture(), before):
            window.send(["F10"])
            return time.monotonic() - began
        time.sleep(0.2)
    return None


def differs(one, other):
    return len(one) != len(other) or sum(a != b for a, b in zip(one, other)) > 300


def hostile(case, folder):
    need("Xvfb", "xdotool", "import")
    base = Baseline.megabytes(folder)
    case.notes.append(f"small file {base:.0f} MB")
    worst = (0, "")
    wanted = list(FILES.items())
    if times(1) and float(os.environ.get("ATTACK_SCALE", "1")) < 0.5:
        wanted = wanted[::4]
    for turn, (what, make) in enumerate(wanted):
        case.rounds += 1
        window = display = None
        try:
            began = time.monotonic()
            window, display, size = opened(folder / f"f{turn}", *make())
            loading = time.monotonic() - began
            work_in(window)
            took = answers(window)
            peak = window.memory()
            over = peak - base - size
            worst = max(worst, (over, what))
            case.expect(over <= MORE_MB, f"{what}: {peak:.0f} MB at the peak, {over:.0f} MB more than a small file and its own {size:.0f} MB")
            case.expect(took is not None, f"{what}: a key does nothing for {ANSWER_S} s (open after {loading:.0f} s)")
            case.expect(window.quit(QUIT_S), f"{what}: does not close within {QUIT_S} s")
        except Gone as error:
            case.violation(f"{what}: {error}")
        finally:
            if window is not None:
                window.kill()
            for process in list(started):
                if process.args[0] in ("Xvfb",) or process.poll() is None:
                    process.kill()
                    process.wait()
                    started.remove(process)
            subprocess.run(["rm", "-rf", folder / f"f{turn}"], check=False)
    case.notes.append(f"most: {worst[0]:.0f} MB more ({worst[1]})")


FIELDS = {
    "a note": ["ctrl+Home", "ctrl+shift+Right", "1", "Return"],
    "a speaker": ["ctrl+Home", "ctrl+shift+Right", "1", "s"],
    "the palette": ["ctrl+k"],
    "a new tag": ["ctrl+t"],
    "the article's title": ["ctrl+i"],
    "the annotator's name": ["ctrl+comma"],
    "open by path": ["ctrl+shift+o"],
    "the text": [],
}
PASTES = {"1 MB of words": "paste " * (M // 6), "1 MB without blanks": "x" * M, "lines": "line\n" * (M // 5), "joined emoji": FAMILY * 10_000,
          "zero-width": "\u200b" * 300_000}


def pasted(case, folder):
    need("Xvfb", "xdotool", "import", "xclip")
    base = Baseline.megabytes(folder)
    worst = (0, "")
    turn = 0
    for what, keys in FIELDS.items():
        window = None
        for name, content in list(PASTES.items())[: times(5)]:
            turn += 1
            case.rounds += 1
            try:
                window, display, _ = opened(folder / f"p{turn}", *with_record(lambda record: None))
                clip = subprocess.Popen(["xclip", "-selection", "clipboard", "-quiet"], env=window.env, stdin=subprocess.PIPE,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                started.append(clip)
                clip.stdin.write(content.encode())
                clip.stdin.close()
                time.sleep(0.3)
                window.slowly(["click 500 300", *keys])
                window.send(["ctrl+v"])
                window.settle(15)
                for again in (["x"], ["ctrl+v"], ["Home"], ["End"], ["ctrl+a"]):
                    window.send(again)
                    window.settle(15)
                peak = window.memory()
                over = peak - base - 2 * len(content.encode()) / M
                worst = max(worst, (over, f"{name} into {what}"))
                case.expect(over <= MORE_MB, f"{name} into {what}: {peak:.0f} MB at the peak, {over:.0f} MB more than a small file")
                window.send(["BackSpace", "Escape", "Escape", "Escape"])
                window.settle(15)
                took = answers(window)
                case.expect(took is not None, f"{name} into {what}: a key does nothing for {ANSWER_S} s")
                after = window.memory("VmRSS")
                case.expect(after - base <= 200, f"{name} into {what}: {after:.0f} MB are kept after the field was emptied ({base:.0f} MB before)")
            except Gone as error:
                case.violation(f"{name} into {what}: {error}")
            finally:
                for process in list(started):
                    process.kill()
                    process.wait()
                    started.remove(process)
    case.notes.append(f"most: {worst[0]:.0f} MB more ({worst[1]})")


KEYS = ("Down Up Home End Right Left Next Prior ctrl+Home ctrl+End shift+End shift+Down ctrl+shift+Right alt+Up alt+Down 1 2 3 4 h n p o b a m s "
        "Return Escape Escape Delete BackSpace ctrl+z ctrl+z ctrl+y alt+Right alt+Left F1 F6 F7 F8 F9 F10 ctrl+k ctrl+t ctrl+g ctrl+i Tab "
        "ctrl+equal ctrl+minus ctrl+0 ctrl+bracketright ctrl+bracketleft ctrl+s ctrl+a x y z space").split()


def soak(case, folder):
    """Presses random keys for $ATTACK_MINUTES (20); the memory at the end is within a tenth of that after a minute."""
    minutes = max(2.0, MINUTES * float(os.environ.get("ATTACK_SCALE", "1")))
    rng = fresh_rng("soak")
    text = article(60_000)
    record = new_file(rng, Words(), "news.txt", text, 400)
    window, display, _ = opened(folder / "s", text, ron.dump_file(record))
    began, first, peak_after = time.monotonic(), None, 0
    try:
        while time.monotonic() - began < minutes * 60:
            keys = [rng.choice(KEYS) for _ in range(rng.choice([1, 5, 20]))]
            if rng.random() < 0.2:
                keys.append(f"click {rng.randrange(1000)} {rng.randrange(40, 700)}")
            window.send(keys)
            case.rounds += len(keys)
            if rng.random() < 0.5:
                window.settle(1)
            if first is None and time.monotonic() - began > 60:
                window.settle(5)
                first = window.memory("VmRSS")
        window.send(["Escape"] * 4)
        window.settle(10)
        last, peak_after = window.memory("VmRSS"), window.memory()
        base = Baseline.megabytes(folder)
        case.expect(last <= first * 1.1 + 1, f"{first:.0f} MB after one minute, {last:.0f} MB after {minutes:.0f}")
        case.expect(peak_after <= base + MORE_MB, f"{peak_after:.0f} MB at the peak, a small file takes {base:.0f} MB")
        case.expect(answers(window) is not None, "a key does nothing any more")
        case.notes.append(f"{first:.0f} MB after one minute, {last:.0f} at the end, {peak_after:.0f} at the peak")
    except Gone as error:
        case.violation(f"after {time.monotonic() - began:.0f} s: {error}")
    finally:
        window.kill()
        display.close()


def no_pictures():
    raise Skip("ImageMagick (import) is not installed")


if __name__ == "__main__":
    run_cases([
        ("3 hostile files in the window", hostile),
        ("3 a megabyte pasted into each field", pasted),
        ("3 random keys for minutes", soak),
    ])
