"""A small reader and writer of the annotation file, made from docs/FILE-FORMAT.md alone.

A record is a `dict`, a map is a `Map`, a list is a `list`, `Some(x)` is a `Some`, a word such as `Direct` is a
`Word`, and `(1, 0)` is a `tuple`. `load` and `dump` keep what they do not know.
"""

import re


class RonError(ValueError):
    """The text is not the RON that the format allows."""


class Word(str):
    """A word such as `Direct`; `inside` holds the record after it, if there is one."""

    inside = None


class Map(dict):
    """A map `{"name": "value"}`."""


class Some:
    """An option that holds a value."""

    def __init__(self, value):
        self.value = value

    def __eq__(self, other):
        return isinstance(other, Some) and self.value == other.value

    def __repr__(self):
        return f"Some({self.value!r})"


TOKEN = re.compile(
    r'\s+|//[^\n]*|/\*.*?\*/|(?P<string>"(?:[^"\\]|\\.)*")|(?P<number>[-+]?\d+)'
    r"|(?P<word>[A-Za-z_][A-Za-z0-9_]*)|(?P<mark>[()\[\]{},:])",
    re.S,
)
ESCAPE = re.compile(r'\\(u\{([0-9a-fA-F]+)\}|.)', re.S)
ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "'": "'", "0": "\0"}


def unescape(inside):
    def one(match):
        if match[2]:
            return chr(int(match[2], 16))
        if match[1] not in ESCAPES:
            raise RonError(f"unknown escape {match[0]!r}")
        return ESCAPES[match[1]]

    return ESCAPE.sub(one, inside) if "\\" in inside else inside


def tokens(text):
    place = 1 if text.startswith("\ufeff") else 0
    while place < len(text):
        match = TOKEN.match(text, place)
        if not match:
            raise RonError(f"cannot be read at {place}: {text[place:place + 30]!r}")
        place = match.end()
        if match.lastgroup:
            yield match.lastgroup, match[match.lastgroup]
    yield "end", ""


class Parser:
    def __init__(self, text):
        self.tokens = list(tokens(text))
        self.at = 0

    def peek(self):
        return self.tokens[self.at]

    def take(self, mark=None):
        kind, value = self.tokens[self.at]
        if mark is not None and (kind, value) != ("mark", mark):
            raise RonError(f"{mark!r} expected, not {value!r}")
        self.at += 1
        return kind, value

    def items(self, end, one):
        found = []
        while self.peek() != ("mark", end):
            found.append(one())
            if self.peek() != ("mark", end):
                self.take(",")
        self.take(end)
        return found

    def value(self):
        kind, value = self.take()
        if kind == "string":
            return unescape(value[1:-1])
        if kind == "number":
            return int(value)
        if kind == "word":
            return self.after_word(value)
        if value == "[":
            return self.items("]", self.value)
        if value == "{":
            return Map(self.items("}", self.entry))
        if value == "(":
            return self.bracket()
        raise RonError(f"a value expected, not {value!r}")

    def after_word(self, word):
        if word in ("true", "false"):
            return word == "true"
        if self.peek() != ("mark", "("):
            return Word(word)
        self.take("(")
        if word == "Some":
            inner = self.value()
            if self.peek() == ("mark", ","):
                self.take(",")
            self.take(")")
            return Some(inner)
        result = Word(word)
        result.inside = self.bracket()
        return result

    def entry(self):
        key = self.value()
        self.take(":")
        return key, self.value()

    def field(self):
        kind, name = self.take()
        if kind != "word":
            raise RonError(f"a field expected, not {name!r}")
        self.take(":")
        return name, self.value()

    def bracket(self):
        is_record = self.peek()[0] == "word" and self.tokens[self.at + 1] == ("mark", ":")
        if self.peek() == ("mark", ")"):
            self.take(")")
            return {}
        if not is_record:
            return tuple(self.items(")", self.value))
        fields = self.items(")", self.field)
        record = dict(fields)
        if len(record) != len(fields):
            raise RonError("a field is given twice")
        return record


def load(text):
    """Returns the whole file as one record; `text` may be bytes."""
    if isinstance(text, (bytes, bytearray)):
        text = text.decode("utf-8")
    parser = Parser(text)
    value = parser.value()
    if parser.peek()[0] != "end":
        raise RonError(f"more after the end: {parser.peek()[1]!r}")
    return value


HIDDEN = re.compile("[\"\\\\\x00-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2066-\u2069\ufeff]")
SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def quoted(text):
    return '"' + HIDDEN.sub(lambda m: SHORT.get(m[0]) or "\\u{%x}" % ord(m[0]), text) + '"'


def dump(value, indent=""):
    """Returns the text of `value` with one field a line, as the canonical form has it (without a trailer)."""
    deeper = indent + "  "
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Word):
        return str(value) + ("" if value.inside is None else dump(value.inside, indent))
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, Some):
        return f"Some({dump(value.value, indent)})"
    if isinstance(value, tuple):
        return "(" + ", ".join(dump(item, indent) for item in value) + ")"
    if isinstance(value, list):
        if all(isinstance(item, str) and not isinstance(item, Word) for item in value):
            return "[" + ", ".join(quoted(item) for item in value) + "]"
        return "[\n" + "".join(f"{deeper}{dump(item, deeper)},\n" for item in value) + indent + "]"
    if isinstance(value, Map):
        return "{\n" + "".join(f"{deeper}{quoted(k)}: {dump(v, deeper)},\n" for k, v in value.items()) + indent + "}"
    if list(value) == ["start", "end"]:
        return f"(start: {value['start']}, end: {value['end']})"
    return "(\n" + "".join(f"{deeper}{k}: {dump(v, deeper)},\n" for k, v in value.items()) + indent + ")"


def dump_file(record):
    """Returns the bytes of an annotation file, without a trailer: another program need not write one."""
    return (dump(record) + "\n").encode("utf-8")


def strings(value):
    """Goes through all strings of a file, keys of maps included."""
    if isinstance(value, str):
        yield value
        if isinstance(value, Word) and value.inside is not None:
            yield from strings(value.inside)
    elif isinstance(value, Some):
        yield from strings(value.value)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(value, Map):
                yield key
            yield from strings(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from strings(inner)
