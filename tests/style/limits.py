"""SECURITY.md lists every limit of lib/base/limits.h as it is. `--update` writes the table there."""
import os
import re
import sys

from style import ROOT, finish, read

ENTRY = re.compile(r"^\s*(KB_MAX_\w+)\s*=\s*([^,/]+?),?\s*(?:/\*(.*?)\*/)?\s*$", re.M)
TABLE = re.compile(r"(?:^\| `KB_MAX_.*\n)+", re.M)


def human(expression):
    m = re.fullmatch(r"(\d+) << (\d+)", expression)
    if m is None:
        return "{:,}".format(int(expression))
    return "%s %s" % (m.group(1), {"10": "KiB", "20": "MiB", "30": "GiB"}[m.group(2)])


def rows():
    entries = ENTRY.findall(read("lib/base/limits.h"))
    return ["| `%s` | %s | %s |" % (n, human(v), c.strip()) for n, v, c in entries]


def main():
    wanted, text = rows(), read("SECURITY.md")
    found = TABLE.search(text)
    if "--update" in sys.argv:
        with open(os.path.join(ROOT, "SECURITY.md"), "w", encoding="utf-8") as f:
            f.write(TABLE.sub(lambda _: "".join(r + "\n" for r in wanted), text))
        return
    written = found.group().splitlines() if found else []
    problems = ["SECURITY.md lacks: " + r for r in wanted if r not in written]
    problems += ["SECURITY.md has, and limits.h does not: " + r for r in written if r not in wanted]
    if problems:
        problems.append("python3 tests/style/limits.py --update writes the table anew")
    finish(problems, "limits (%d)" % len(wanted))


main()
