"""Words that do not belong: left-over work, and the machine or the people it was written on."""
import re

from style import files, finish, line_of, read

LEFT_OVER = re.compile(r"\b(TODO|FIXME|XXX|HACK|WIP)\b")
# Written in pieces, so that this file passes.
FOREIGN = re.compile("|".join([
    r"(?<![\w.])/" + "work/", "/tmp/" + "kb-", "/ro" + r"ot/\.py" + "env", "helper " + "agent", "sub" + "-?agent",
    r"\bLL" + r"M\b", r"\bDES" + r"IGN\b(?! *=)", r"\bClau" + r"de\b", r"\bAnth" + "ropic", "wt-" + r"(house|cel|data|lead)\b"]), re.I)
CONFLICT = re.compile(r"^(<{7}|>{7}|={7}$)", re.M)
TABS = re.compile(r"\t")
TRAILING = re.compile(r"[ \t]+$", re.M)
TEXT = (".c", ".h", ".py", ".sh", ".txt", ".md", ".yaml", ".yml", ".json", "dev", "run", ".in")
DATA = ("tests/data/", "tests/fuzz/corpus/", "tests/golden/")


def main():
    problems = []

    def look(path, text, pattern, what):
        for m in pattern.finditer(text):
            problems.append("%s:%d: %s %r" % (path, line_of(text, m.start()), what, m.group()))

    for path in files(*TEXT):
        if path.startswith(DATA) and not path.endswith((".c", ".h", ".py", ".md")):
            look(path, read(path), FOREIGN, "a word that does not belong:")
            continue
        text = read(path)
        if path != "tests/style/words.py":
            look(path, text, LEFT_OVER, "unfinished:")
        look(path, text, CONFLICT, "a conflict:")
        look(path, text, FOREIGN, "a word that does not belong:")
        if path.endswith((".c", ".h", ".py", ".sh", ".yaml")):
            look(path, text, TABS, "a tab")
            look(path, text, TRAILING, "white space at the end of a line")
        if text and not text.endswith("\n"):
            problems.append("%s: no newline at the end" % path)
    finish(problems, "words")


main()
