"""Every header compiles alone, and twice. usage: headers.py compile_commands.json"""
import json
import os
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from style import ROOT, files, finish


def compile_text(command, text):
    """What the compiler complains about; empty when nothing."""
    # -Wno-unused-function: static inline functions that nobody calls here
    run = subprocess.run(command + ["-Wno-unused-function", "-fsyntax-only", "-x", "c", "-"],
                         input=(text + "int kb_header_is_alone;\n").encode(), cwd=ROOT,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return "" if run.returncode == 0 else run.stdout.decode()


def include(path):
    return '#include "%s"\n' % path.split("/", 1)[1]


def base_command(database):
    """The compiler and flags that lib/base is compiled with."""
    with open(database, encoding="utf-8") as f:
        entry = next(e for e in json.load(f) if e["file"].endswith("lib/base/err.c"))
    words = shlex.split(entry["command"])
    return words[:words.index("-o")]


def main():
    command = base_command(sys.argv[1])
    paths = files(".h", under=("lib/", "include/"))
    texts = {path: include(path) * 2 for path in paths}
    texts["all headers together"] = "".join(map(include, paths))  # no two of one name
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(lambda text: compile_text(command, text), texts.values())
        problems = ["%s:\n%s" % (name, said) for name, said in zip(texts, results) if said]
    finish(problems, "headers (%d)" % len(paths))


main()
