"""Every subcommand met with hostile content: escapes for terminals, paths that lead outside."""

import json
import os
import re

import ron
from editor import new_file
from harness import Words, article_record, article_text, command, environment, fresh_rng, new_id, segment, sourcemark

# What a terminal obeys, or what turns the order of a line.
NASTY = "\x1b]0;owned\x07\x1b[2J\x9b31m\x85\x90q\x9c\u202eevil\u202c\u2066x\u2069\r\x08\x7f"
RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def nasty_file(name, text, tag, turn=0):
    """An annotation file with such characters in every string in which the format allows them."""
    person, speaker, claim, mark = (f"01939f3a-7b1c-7000-8000-0000000000{at}{turn}" for at in "abcd")
    second = f"01939f3a-7b1c-7000-8000-0000000000e{turn}"
    evil = lambda what: f"{what}{NASTY}{what}{turn}"
    record = {
        "format": "sourcemark-annotations", "version": (1, 1), "writer": evil("writer"),
        "article": {**article_record(name, text), "title": evil("title"), "url": evil("http://x"), "publisher": evil("pub"),
                    "author": evil("author"), "date": evil("date")},
        "agents": [{"id": person, "name": evil("agent"), "kind": ron.Word("Person")},
                   {"id": second, "name": evil("agent"), "kind": ron.Word("Person")}],
        "tags": [{"id": tag, "name": evil("tag"), "colour": "#d55e00", "pattern": ron.Word("Solid"), "key": ron.Some("1"),
                  "guideline": evil("guide")}],
        "speakers": [{"id": speaker, "name": evil("speaker"), "aliases": [evil("alias")], "role": evil("role"), "side": evil("side")}],
        "claims": [{"id": claim, "text": evil("claim"), "note": evil("note")}],
        "links": [{"id": new_id(fresh_rng(turn)), "from": mark, "to": "01939f3a-7b1c-7000-8000-00000000dead",
                   "kind": ron.Word("Supports"), "creator": person, "created": "2026-06-01T12:00:00Z"}],
        "annotations": [{
            "id": mark, "segments": [segment(text, 3 + turn, 60 + turn)], "tags": [tag, "missing-tag\u202ex"], "note": evil("note"),
            "comments": [{"id": new_id(fresh_rng(turn + 9)), "author": person, "created": "2026-06-01T12:00:00Z", "text": evil("comment")}],
            "attribution": {"speaker": ron.Some(speaker), "cue": evil("cue"), "mode": ron.Some(ron.Word("Direct"))},
            "claims": [{"claim": claim, "stance": ron.Word("Denies")}],
            "attributes": ron.Map({evil("key"): evil("value")}), "creator": person, "created": "2026-06-01T12:00:00Z"},
            {"id": mark[:-2] + "9" + str(turn), "segments": [{"position": {"start": 5, "end": 20},
             "quote": {"exact": evil("gone"), "prefix": evil("p"), "suffix": evil("s")}}], "note": evil("orphan"),
             "creator": second, "created": "2026-06-01T12:00:00Z"}],
        "tombstones": [{"kind": ron.Word("Tag"), "id": "old\u202etag", "when": "2026-06-01T12:00:00Z", "who": ron.Some(person)}],
    }
    return record


def nasty_text():
    return f"A first {NASTY.replace(chr(13), '')} line that is long enough to be marked, “he said”.\n" + article_text(fresh_rng("n"), 800)


LINES = [
    ["list", "news.txt"], ["list", "news.txt", "--json"], ["list", "news.txt", "--csv"], ["list", "a.annotations.ron", "--json"],
    ["check", "news.txt", "a.annotations.ron", "b.annotations.ron"], ["check", "broken.annotations.ron", "collection.ron"],
    ["fmt", "--check", "a.annotations.ron", "news.txt"], ["reanchor", "a.annotations.ron", "--to", "other.txt"],
    ["reanchor", "a.annotations.ron", "--to", "other.txt", "--json"], ["reanchor", "a.annotations.ron", "--to", "other.txt", "--old", "news.txt"],
    ["editions", "news.txt", "other.txt"], ["editions", "news.txt", "other.txt", "--json"],
    ["salvage", "broken.annotations.ron"], ["salvage", "a.annotations.ron"],
    ["agree", "--each-file", "a.annotations.ron", "b.annotations.ron"], ["agree", "--each-file", "--json", "a.annotations.ron", "b.annotations.ron"],
    ["agree", "--each-file", "--csv", "a.annotations.ron", "b.annotations.ron"], ["agree", "news.txt", "b.annotations.ron"],
    ["agree", "--each-file", "--csv=disagreements", "a.annotations.ron", "b.annotations.ron"],
    ["agree", "--each-file", "--csv=confusion", "a.annotations.ron", "b.annotations.ron"],
    ["merge", "--no-base", "a.annotations.ron", "b.annotations.ron", "-o", "m.annotations.ron"],
    ["merge", "news.txt.annotations.ron", "a.annotations.ron", "b.annotations.ron", "-o", "m.annotations.ron"],
    ["merge", "--layers", "a.annotations.ron", "b.annotations.ron", "-o", "l.annotations.ron"],
    ["conflicts", "m.annotations.ron"], ["conflicts", "m.annotations.ron", "--all", "--take", "both"],
    ["diff", "a.annotations.ron", "b.annotations.ron"], ["diff", "--json", "a.annotations.ron", "b.annotations.ron"],
    ["tombstones", "a.annotations.ron"], ["unify", "a.annotations.ron", "x\u202e", "y\x9b"],
    ["collection", ".", "-o", "collection.ron"], ["collection", ".", "-o", "collection.ron"], ["diff", "collection.ron", "collection.ron"],
    ["conflicts", "collection.ron"], ["tombstones", "collection.ron"],
    ["tag", "--creator", "C", "news.txt", "--at", "0..5", "--as", "nasty", "--note", NASTY], ["tag", "--creator", "C", "news.txt", "--at", "3..9", "--as", NASTY],
    ["tag", "--creator", "C", "news.txt", "--quote", NASTY, "--as", "nasty"], ["tag", "--creator", "C", "news.txt", "--at", "3..9", "--as", NASTY, "--new-tag"],
    ["untag", "news.txt", "--at", "3..60"], ["render", "news.txt", "-o", "p.png"], ["git", "textconv", "a.annotations.ron"],
    ["git", "textconv", "broken.annotations.ron"], ["git", "diff", "--", "n", "a.annotations.ron", "0", "1", "b.annotations.ron", "0", "1"],
    ["settle", "a.annotations.ron", "b.annotations.ron", "-o", "s.annotations.ron"],
    ["edit", "news.txt", "--at", "3..60", "--note", NASTY],
    ["list", "no" + NASTY + "file"], ["check", NASTY], ["open", NASTY, "--nonsense"], [NASTY], ["diff", NASTY, "x\x9b"],
]


def terminal_escapes(case, folder):
    for named in ("plain", "nasty"):
        here = folder / named
        here.mkdir()
        env = environment(folder / f"{named}-env")
        text = nasty_text()
        (here / "news.txt").write_text(text)
        (here / "other.txt").write_text("Put before.\n" + text.replace("line that", "line which"))
        for turn, name in enumerate(("news.txt", "a", "b")):
            record = nasty_file("news.txt" if named == "plain" else f"ne{NASTY}ws.txt", text, "nasty", turn)
            if name != "news.txt":
                for mark in record["annotations"]:
                    mark["id"] = mark["id"][:-1] + "7"
                record["annotations"][0]["note"] = f"{name}{NASTY}"
                record["article"]["title"] = f"{name}{NASTY}"
            (here / f"{name}.annotations.ron").write_bytes(ron.dump_file(record))
        (here / "broken.annotations.ron").write_bytes(
            ron.dump_file(nasty_file("news.txt", text, "nasty")).replace(b"creator", b"cre\xc2\x9bator", 1) + NASTY.encode())
        if named == "nasty":
            odd = "x\x9b31m\u202ey\x1b[2Jz.txt"
            (here / odd).write_text(text)
            (here / f"{odd}.annotations.ron").write_bytes((here / "a.annotations.ron").read_bytes())
        lines = LINES if named == "plain" else [[word.replace("news.txt", odd) if word == "news.txt" else word for word in line] for line in LINES]
        for line in lines:
            if any("\0" in word for word in line):
                continue
            case.rounds += 1
            done = command([os.environ["ATTACK_PROGRAM"], *line], cwd=here, env=env, timeout=60)
            for stream, data in (("stdout", done.out), ("stderr", done.err)):
                shown = data.decode("utf-8", "replace").replace("\r\n", "\n")
                found = RAW.search(shown)
                case.expect(not found, f"{named}: {' '.join(line)[:60]!r}: {stream} holds U+{ord(found[0]):04X} as it is: "
                                       f"{shown[max(0, found.start() - 30):found.end() + 20]!r}" if found else "")
            case.expect(done.code in (0, 1, 2, 3), f"{named}: {' '.join(line)[:60]!r}: {done}")
            if "--json" in line and done.code in (0, 1):
                try:
                    json.loads(done.out)
                except ValueError as error:
                    case.violation(f"{named}: {' '.join(line)[:60]!r}: not JSON: {error}")


SECRET = "zqsecret0 the first line of a file that is nobody's business\nzqsecret1 second\n"


def paths_that_lead_outside(case, folder):
    """No path in a file is followed out of its folder, and nothing is quoted from there."""
    (folder / "secret").write_text(SECRET)
    (folder / "secret.annotations.ron").write_text(SECRET)
    (folder / "other").mkdir()
    (folder / "other" / "secret.annotations.ron").write_text(SECRET)
    env = environment(folder / "env")
    outside = ["../secret", str(folder / "secret"), "./../secret", "sub/../../secret", "../other/secret.annotations.ron", "link", "linkdir/secret",
               "..//secret", "sub/../sub/../../secret", "../secret.annotations.ron", "/dev/zero", "/dev/stdin", "..", "/", ""]
    for turn, path in enumerate(outside):
        here = folder / f"c{turn}"
        (here / "sub").mkdir(parents=True)
        (here / "link").symlink_to(folder / "secret")
        (here / "linkdir").symlink_to(folder)
        text = article_text(fresh_rng("paths"), 600)
        (here / "news.txt").write_text(text)
        record = new_file(fresh_rng("paths"), Words(), "news.txt", text)
        (here / "news.txt.annotations.ron").write_bytes(ron.dump_file(record))
        inside = {"file_name": "news.txt", "hash": record["article"]["hash"], "annotations": "news.txt.annotations.ron"}
        for which in ("annotations", "file_name"):
            listed = {**inside, which: path}
            collection = {"format": "sourcemark-collection", "version": (1, 0), "articles": [listed, {**inside, "file_name": "second.txt"}]}
            (here / "collection.ron").write_bytes(ron.dump_file(collection))
            (here / "b.ron").write_bytes(ron.dump_file(collection))
            for line in (["check", "collection.ron"], ["check", "-", "collection.ron"], ["conflicts", "collection.ron"], ["tombstones", "collection.ron"],
                         ["diff", "collection.ron", "b.ron"], ["merge", "--no-base", "collection.ron", "b.ron", "-o", "m.ron"],
                         ["fmt", "--check", "collection.ron"], ["list", "collection.ron"], ["agree", "collection.ron"],
                         ["salvage", "collection.ron"], ["collection", ".", "-o", "collection.ron"]):
                case.rounds += 1
                done = sourcemark(*line, cwd=here, env=env, timeout=20)
                case.expect("zqsecret" not in done.text(), f"{which}: {path!r}: {line[0]} quotes it: {done}")
                case.expect(done.code is not None, f"{which}: {path!r}: {line[0]} does not end")
        # The same in an annotation file: the article's own name.
        record["article"]["file_name"] = path or ".."
        record["article"]["hash"] = "blake3:" + "0" * 64
        (here / "news.txt.annotations.ron").write_bytes(ron.dump_file(record))
        (here / "x.annotations.ron").write_bytes(ron.dump_file(record))
        for line in (["check", "x.annotations.ron"], ["list", "x.annotations.ron"], ["list", "x.annotations.ron", "--json"], ["tag", "--creator", "C", "x.annotations.ron", "--at", "0..9", "--as", record["tags"][0]["id"]],
                     ["agree", "--each-file", "x.annotations.ron", "news.txt.annotations.ron"], ["render", "x.annotations.ron", "-o", "x.png"],
                     ["merge", "--no-base", "x.annotations.ron", "news.txt.annotations.ron", "-o", "y.annotations.ron"],
                     ["diff", "x.annotations.ron", "news.txt.annotations.ron"], ["collection", ".", "-o", "collection.ron"],
                     ["reanchor", "x.annotations.ron", "--to", "news.txt"], ["git", "textconv", "x.annotations.ron"], ["fmt", "x.annotations.ron"]):
            case.rounds += 1
            done = sourcemark(*line, cwd=here, env=env, timeout=20)
            case.expect("zqsecret" not in done.text(), f"article {path!r}: {line[0]} quotes it: {done}")
            case.expect(done.code is not None, f"article {path!r}: {line[0]} does not end")
        case.expect((folder / "secret").read_text() == SECRET, f"{path!r}: a file outside was written")
        found = {item.name for item in folder.iterdir() if not item.name.startswith("c") and item.name not in ("secret", "secret.annotations.ron", "other", "env")}
        case.expect(not found, f"{path!r}: files outside appeared: {found}")


def what_is_not_ours(case, folder):
    """Messages about a file that is no annotation file do not quote it."""
    env = environment(folder / "env")
    for turn, content in enumerate(("root:zqsecret0:19000:0:99999:7:::\n", "zqsecret0", '{"token": "zqsecret0"}', "(password: \"zqsecret0\")",
                                    "-----BEGIN KEY-----\nzqsecret0\n", "[zqsecret0]\n", "\"zqsecret0\"", "(format: \"zqsecret0\", version: (1, 0))")):
        here = folder / f"n{turn}"
        here.mkdir()
        for name in ("file", "file.annotations.ron", "collection.ron"):
            (here / name).write_text(content)
        for line in (["check", "file"], ["check", "file.annotations.ron"], ["check", "collection.ron"], ["fmt", "file.annotations.ron"],
                     ["list", "file.annotations.ron"], ["diff", "file", "file.annotations.ron"], ["conflicts", "collection.ron"],
                     ["merge", "--no-base", "file.annotations.ron", "file", "-o", "out.annotations.ron"], ["tombstones", "file.annotations.ron"],
                     ["agree", "file.annotations.ron"], ["collection", ".", "-o", "collection.ron"], ["reanchor", "file.annotations.ron", "--to", "file"]):
            case.rounds += 1
            done = sourcemark(*line, cwd=here, env=env, timeout=20)
            case.expect("zqsecret" not in done.text(), f"{content[:20]!r}: {line[0]} {line[1]} quotes it: {done}")


NAMED = [
    ("2.5 paths that lead outside", paths_that_lead_outside),
    ("2.5 messages quote no stranger's file", what_is_not_ours),
    ("2.6 terminal escapes in every output", terminal_escapes),
]
