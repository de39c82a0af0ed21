"""Links inside the documents lead somewhere: files exist, and so do headings."""
import os
import re

from style import ROOT, files, finish, line_of, read

LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.S | re.M)
HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.M)


def without_fences(text):
    return FENCE.sub(lambda m: "\n" * m.group().count("\n"), text)


def anchors(text):
    """The ids GitHub gives to headings."""
    seen, out = {}, set()
    for m in HEADING.finditer(without_fences(text)):
        title = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", lambda k: k.group(1) or "", m.group(1))
        slug = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        n = seen.get(slug, 0)
        seen[slug] = n + 1
        out.add(slug if n == 0 else "%s-%d" % (slug, n))
    return out


def main():
    problems = []
    for path in files(".md"):
        text = without_fences(read(path))
        for m in LINK.finditer(text):
            target = m.group(1)
            if re.match(r"[a-z]+:", target):
                continue
            name, _, anchor = target.partition("#")
            full = os.path.normpath(os.path.join(os.path.dirname(path), name)) if name else path
            where = "%s:%d" % (path, line_of(text, m.start()))
            if not os.path.exists(os.path.join(ROOT, full)):
                problems.append("%s: %s does not exist" % (where, target))
            elif anchor and full.endswith(".md") and anchor not in anchors(read(full)):
                problems.append("%s: no heading #%s in %s" % (where, anchor, full))
    finish(problems, "links")


main()
