"""SECURITY.md lists every limit of lib/base/limits.h with its value. `--print` prints the table."""
import re
import sys

from style import finish, read, skip

ENTRY = re.compile(r"^\s*(KB_MAX_\w+)\s*=\s*([^,/]+?),?\s*(?:/\*(.*?)\*/)?\s*$", re.M)


def human(expression):
    m = re.fullmatch(r"(\d+) << (\d+)", expression)
    if m is None:
        return "{:,}".format(int(expression))
    return "%s %s" % (m.group(1), {"10": "KiB", "20": "MiB", "30": "GiB"}[m.group(2)])


def main():
    entries = [(n, human(v), (c or "").strip())
               for n, v, c in ENTRY.findall(read("lib/base/limits.h"))]
    if "--print" in sys.argv:
        for name, value, comment in entries:
            print("| `%s` | %s | %s |" % (name, value, comment))
        return
    try:
        text = read("SECURITY.md")
    except FileNotFoundError:
        skip("there is no SECURITY.md yet")
    rows = dict(re.findall(r"^\| `(KB_MAX_\w+)` \| ([^|]+?) \|", text, re.M))
    problems = ["SECURITY.md: %s is %s, the table says %s" % (n, v, rows.get(n, "nothing"))
                for n, v, _ in entries if rows.get(n) != v]
    problems += ["SECURITY.md: there is no limit %s" % n
                 for n in rows if n not in {e[0] for e in entries}]
    finish(problems, "limits (%d)" % len(entries))


main()
