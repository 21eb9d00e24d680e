"""A repository with annotation files, worked on with the real git, whose every commit knows all facts of its past."""

import copy
import pathlib
import shutil

import ron
from editor import Editor, facts, new_file
from harness import PROGRAM, Words, article_text, command, environment, words_in


class Stuck(Exception):
    """git came to a state that the script does not know."""


def tags_and_words(data):
    """Facts without ends of passages: those move with the article."""
    try:
        found = facts(data)
    except (ron.RonError, KeyError, TypeError, ValueError):
        return {word.decode() for word in words_in(data)}
    return {fact for fact in found if ":start" not in fact and ":end" not in fact}


class Repo:
    def __init__(self, folder, rng, case, install=True, program=PROGRAM, words=None):
        self.folder, self.rng, self.case, self.program = folder, rng, case, program
        folder.mkdir(parents=True, exist_ok=True)
        self.env = environment(folder.parent / f"{folder.name}-env")
        self.words = words or Words()
        self.past, self.held = {}, {}
        self.log = []
        self.git("init", "-q", "-b", "main", ".")
        (folder / ".gitattributes").write_text("")
        if install:
            self.install()
        self.texts = {}

    def install(self):
        done = command([self.program, "git", "install"], cwd=self.folder, env=self.env)
        self.case.expect(done.code == 0, f"git install: {done}")

    def git(self, *arguments, ok=(0,), **options):
        done = command(["git", *arguments], cwd=self.folder, env=self.env, **options)
        if ok is not None and done.code not in ok:
            raise Stuck(f"git {' '.join(map(str, arguments))}: {done}")
        return done

    def say(self, *arguments):
        return self.git(*arguments).out.decode().strip()

    def sourcemark(self, *arguments):
        return command([self.program, *arguments], cwd=self.folder, env=self.env)

    def add_article(self, name, length=900, n_annotations=3):
        text = article_text(self.rng, length)
        self.texts[name] = text
        (self.folder / name).write_text(text)
        record = new_file(self.rng, self.words, name, text, n_annotations)
        self.write(f"{name}.annotations.ron", record)
        return record

    def write(self, name, record):
        (self.folder / name).write_bytes(ron.dump_file(record))

    def read(self, name):
        return ron.load((self.folder / name).read_bytes())

    def files(self):
        return sorted(path.name for path in self.folder.glob("*.annotations.ron"))

    def commit(self, message="work", also=()):
        """Commits all, and remembers what the commit holds and what its past and the commits in `also` held."""
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.remember(also)

    def head(self):
        return self.say("rev-parse", "HEAD")

    def here(self):
        found = set()
        for name in self.files():
            found |= tags_and_words((self.folder / name).read_bytes())
        return found

    def remember(self, also=()):
        """Takes in HEAD and those of its ancestors that are not known yet."""
        head = self.head()
        new = self.say("rev-list", "--topo-order", "--reverse", "--parents", "HEAD").splitlines()
        for line in new:
            one, *parents = line.split()
            if one in self.past:
                continue
            self.held[one] = self.in_commit(one)
            self.past[one] = set(self.held[one]).union(*(self.past[p] for p in parents), *(self.past[a] for a in also))
        return head

    def in_commit(self, commit):
        found = set()
        for name in self.say("ls-tree", "--name-only", "-r", commit).splitlines():
            if name.endswith(".annotations.ron"):
                found |= tags_and_words(self.git("show", f"--no-textconv", f"{commit}:{name}").out)
        return found

    def unmerged(self):
        names = self.git("diff", "--name-only", "--diff-filter=U", "-z").out.decode().split("\0")
        return sorted({name for name in names if name})

    def stages(self):
        """Facts in the unmerged entries of paths that only one side has: there git leaves both to the person.

        Where both sides have the path, the driver has merged them, and what counts is the file.
        """
        entries = {}
        for line in self.say("ls-files", "-u").splitlines():
            about, name = line.split("\t", 1)
            _, blob, stage = about.split()
            entries.setdefault(name, {})[stage] = blob
        found = set()
        for name, blobs in entries.items():
            if name.endswith(".annotations.ron") and not {"2", "3"} <= set(blobs):
                for blob in blobs.values():
                    found |= tags_and_words(self.git("cat-file", "blob", blob).out)
        return found

    def edit(self, editor, n_edits):
        name = self.rng.choice(self.files())
        record = self.read(name)
        text = self.texts[record["article"]["file_name"]]
        editor.text = text
        for _ in range(n_edits):
            editor.edit(record, copy.deepcopy(record))
        self.write(name, record)

    def rename(self, turn):
        """Renames one article with its annotation file, as the guide says."""
        name = self.rng.choice(self.files())
        article = name[: -len(".annotations.ron")]
        if not (self.folder / article).exists():
            return
        new = f"renamed-{turn}.txt"
        self.git("mv", article, new)
        self.git("mv", name, f"{new}.annotations.ron")
        self.texts[new] = self.texts[article]
        self.commit(f"rename {article} to {new}")

    def take_away(self):
        make = pathlib.Path(self.folder)
        shutil.rmtree(make, ignore_errors=True)
        shutil.rmtree(make.parent / f"{make.name}-env", ignore_errors=True)


def person(rng, words):
    return Editor(rng, words, "", rng.choice([0, 0, -7200, 30000, -90000]))
