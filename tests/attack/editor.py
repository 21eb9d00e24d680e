"""Another program that edits annotation files: what people do to them at random, and the facts in a file.

A *fact* is something that a person put into a file and that must not vanish unseen: a unique word in any text, an
end of a passage, a tag on an annotation. `facts` finds them in the records as well as in open conflicts.
"""

import copy

import ron
from harness import article_record, moment, new_id, segment, words_in

EPOCH = 1_780_000_000
TEXTS = {
    "annotations": ["note"],
    "tags": ["name", "guideline"],
    "speakers": ["name", "role", "side"],
    "claims": ["text", "note"],
}
KINDS = {"annotations": "Annotation", "tags": "Tag", "speakers": "Speaker", "claims": "Claim", "links": "Link"}


def new_file(rng, words, name, text, n_annotations=3):
    """Returns the records of a first version, by one person."""
    person = new_id(rng)
    record = {
        "format": "sourcemark-annotations", "version": (1, 0), "writer": "attack",
        "article": article_record(name, text),
        "agents": [{"id": person, "name": f"Person {words.new()}", "kind": ron.Word("Person")}],
        "tags": [{"id": f"tag-{words.new()}", "name": words.new(), "colour": "#d55e00",
                  "pattern": ron.Word("Solid"), "guideline": words.new()} for _ in range(2)],
        "speakers": [{"id": new_id(rng), "name": words.new()}],
        "claims": [{"id": new_id(rng), "text": words.new()}],
        "annotations": [],
    }
    editor = Editor(rng, words, text, 0)
    for _ in range(n_annotations):
        editor.annotate(record)
    return record


class Editor:
    """One person with a clock that is wrong by `skew` seconds."""

    def __init__(self, rng, words, text, skew):
        self.rng, self.words, self.text, self.skew = rng, words, text, skew
        self.now = EPOCH

    def clock(self):
        self.now += self.rng.randrange(1, 600)
        return moment(self.now + self.skew)

    def edit(self, record, older=None):
        """Does one thing at random; `older` is an earlier version from which something may be restored."""
        actions = [
            (self.annotate, 3), (self.rewrite, 8), (self.comment, 2), (self.recomment, 1), (self.give_tag, 2),
            (self.take_tag, 1), (self.move_end, 3), (self.attribute, 1), (self.remove, 2), (self.speak, 1),
            (self.take_stance, 1), (self.new_record, 1), (self.title, 1), (self.link, 1),
        ]
        if older is not None:
            actions.append((lambda file: self.restore(file, older), 3))
        choices, weights = zip(*actions)
        for _ in range(20):
            if self.rng.choices(choices, weights)[0](record):
                return

    def pick(self, record, kind):
        found = record.get(kind) or []
        return self.rng.choice(found) if found else None

    def touched(self, annotation):
        annotation["modified"] = self.clock()
        return True

    def annotate(self, record):
        start = self.rng.randrange(0, len(self.text) - 60)
        segments = [segment(self.text, start, start + self.rng.randrange(5, 40))]
        if self.rng.random() < 0.2:
            start = min(segments[0]["position"]["end"] + 5, len(self.text) - 10)
            segments.append(segment(self.text, start, min(len(self.text), start + self.rng.randrange(3, 12))))
        tags = [self.pick(record, "tags")["id"]] if record.get("tags") and self.rng.random() < 0.7 else []
        annotation = {"id": new_id(self.rng), "segments": segments, "tags": tags, "note": self.words.new(),
                      "creator": record["agents"][0]["id"], "created": self.clock()}
        record.setdefault("annotations", []).append(annotation)
        return True

    def new_text(self, old):
        """Changes a text as people do: more at its end, at its start or in its middle, or something else instead."""
        new = self.words.new()
        parts = old.split(" ") if old else []
        way = self.rng.randrange(5)
        if way == 0 or not parts:
            return new
        if way == 1:
            return " ".join(parts + [new])
        if way == 2:
            return " ".join([new] + parts)
        if way == 3:
            parts[self.rng.randrange(len(parts))] = new
            return " ".join(parts)
        return old + ".\n" + new

    def rewrite(self, record):
        kind = self.rng.choice(["annotations", "annotations", "annotations", "tags", "speakers", "claims"])
        item = self.pick(record, kind)
        if item is None:
            return False
        field = self.rng.choice(TEXTS[kind])
        item[field] = self.new_text(item.get(field, ""))
        if kind == "annotations":
            self.touched(item)
        return True

    def comment(self, record):
        item = self.pick(record, "annotations")
        if item is None:
            return False
        item.setdefault("comments", []).append({"id": new_id(self.rng), "author": record["agents"][0]["id"],
                                                "created": self.clock(), "text": self.words.new()})
        return self.touched(item)

    def recomment(self, record):
        with_comments = [item for item in record.get("annotations", []) if item.get("comments")]
        if not with_comments:
            return False
        item = self.rng.choice(with_comments)
        if self.rng.random() < 0.3:
            item["comments"].pop(self.rng.randrange(len(item["comments"])))
        else:
            one = self.rng.choice(item["comments"])
            one["text"] = self.new_text(one.get("text", ""))
        return self.touched(item)

    def give_tag(self, record):
        item, tag = self.pick(record, "annotations"), self.pick(record, "tags")
        if item is None or tag is None or tag["id"] in item.get("tags", []):
            return False
        item["tags"] = sorted(item.get("tags", []) + [tag["id"]])
        return self.touched(item)

    def take_tag(self, record):
        item = self.pick(record, "annotations")
        if item is None or not item.get("tags"):
            return False
        item["tags"] = item["tags"][1:]
        return self.touched(item)

    def move_end(self, record):
        item = self.pick(record, "annotations")
        if item is None or not item["segments"]:
            return False
        at = self.rng.randrange(len(item["segments"]))
        place = item["segments"][at]["position"]
        start, end = place["start"], place["end"]
        if self.rng.random() < 0.5:
            start = max(0, start + self.rng.choice([-3, -2, -1, 1, 2]))
        else:
            end = min(len(self.text), end + self.rng.choice([-2, -1, 1, 2, 5, 9]))
        if start >= end:
            return False
        item["segments"][at] = segment(self.text, start, end)
        return self.touched(item)

    def attribute(self, record):
        item = self.pick(record, "annotations")
        if item is None:
            return False
        attributes = ron.Map(item.get("attributes", {}))
        attributes[self.rng.choice(["certainty", "kind"])] = self.words.new()
        item["attributes"] = attributes
        return self.touched(item)

    def speak(self, record):
        item, speaker = self.pick(record, "annotations"), self.pick(record, "speakers")
        if item is None:
            return False
        attribution = dict(item.get("attribution", {}))
        attribution["cue"] = self.words.new()
        if speaker is not None:
            attribution = {"speaker": ron.Some(speaker["id"]), **{k: v for k, v in attribution.items() if k != "speaker"}}
        item["attribution"] = attribution
        return self.touched(item)

    def take_stance(self, record):
        item, claim = self.pick(record, "annotations"), self.pick(record, "claims")
        if item is None or claim is None or any(c["claim"] == claim["id"] for c in item.get("claims", [])):
            return False
        item.setdefault("claims", []).append(
            {"claim": claim["id"], "stance": ron.Word(self.rng.choice(["Supports", "Denies", "Queries"]))})
        return self.touched(item)

    def new_record(self, record):
        kind = self.rng.choice(["tags", "speakers", "claims"])
        if kind == "tags":
            new = {"id": f"tag-{self.words.new()}", "name": self.words.new(), "colour": "#0072b2",
                   "pattern": ron.Word("Dashed")}
        elif kind == "speakers":
            new = {"id": new_id(self.rng), "name": self.words.new(), "aliases": [self.words.new()]}
        else:
            new = {"id": new_id(self.rng), "text": self.words.new()}
        record.setdefault(kind, []).append(new)
        return True

    def title(self, record):
        field = self.rng.choice(["title", "author", "publisher", "date"])
        record["article"][field] = self.new_text(record["article"].get(field, ""))
        return True

    def link(self, record):
        items = record.get("annotations", [])
        if len(items) < 2:
            return False
        one, other = self.rng.sample(items, 2)
        record.setdefault("links", []).append(
            {"id": new_id(self.rng), "from": one["id"], "to": other["id"], "kind": ron.Word("Supports"),
             "creator": record["agents"][0]["id"], "created": self.clock()})
        return True

    def remove(self, record):
        kind = self.rng.choice(["annotations", "annotations", "annotations", "tags", "speakers", "claims", "links"])
        items = record.get(kind) or []
        if len(items) < 2:
            return False
        gone = items.pop(self.rng.randrange(len(items)))
        # A program that knows tombstones writes one; an editor of text does not.
        if self.rng.random() < 0.7:
            entomb(record, KINDS[kind], gone["id"], self.clock(), record["agents"][0]["id"])
        return True

    def restore(self, record, older):
        kind = self.rng.choice(["annotations", "annotations", "tags", "speakers", "claims"])
        here = {item["id"] for item in record.get(kind, [])}
        gone = [item for item in older.get(kind, []) if item["id"] not in here]
        if not gone:
            return False
        back = copy.deepcopy(self.rng.choice(gone))
        if kind == "annotations":
            self.touched(back)
        record.setdefault(kind, []).append(back)
        if self.rng.random() < 0.5:
            record["tombstones"] = [t for t in record.get("tombstones", []) if t["id"] != back["id"]]
        return True


def entomb(record, kind, name, when, who):
    record["version"] = max(tuple(record["version"]), (1, 1))
    record["tombstones"] = [t for t in record.get("tombstones", []) if (t["kind"], t["id"]) != (kind, name)]
    record["tombstones"].append({"kind": ron.Word(kind), "id": name, "when": when, "who": ron.Some(who)})


def edges(name, segments):
    for one in segments:
        yield f"{name}:start {one['position']['start']}"
        yield f"{name}:end {one['position']['end']}"


def unwrapped(value):
    return value.value if isinstance(value, ron.Some) else value


def facts(data, record=None):
    """Returns what people put into this file: words, ends of passages, tags on annotations."""
    found = {word.decode() for word in words_in(data)}
    record = ron.load(data) if record is None else record
    for item in record.get("annotations", []):
        found.update(edges(item["id"], item["segments"]))
        found.update(f"{item['id']} has {tag}" for tag in item.get("tags", []))
    for conflict in record.get("conflicts", []):
        values = [side for side in conflict["sides"]] + [conflict.get("base") or {}]
        for value in values:
            value = unwrapped(value.get("value", value))
            if not isinstance(value, dict):
                continue
            segments = unwrapped(value.get("segments"))
            if segments:
                found.update(edges(conflict.get("record", ""), segments))
        field = conflict.get("field", "")
        if field.startswith("tags/"):
            found.add(f"{conflict.get('record', '')} has {field[5:]}")
    return found
