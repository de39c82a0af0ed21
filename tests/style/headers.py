"""Every header compiles alone, and twice. usage: headers.py compile_commands.json"""
import json
import os
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from style import ROOT, files, finish


def compile_alone(command, path):
    name = path.split("/", 1)[1]
    text = '#include "%s"\n#include "%s"\nint kb_header_is_alone;\n' % (name, name)
    run = subprocess.run(command + ["-Wno-unused-function", "-fsyntax-only", "-x", "c", "-"],
                         input=text.encode(), cwd=ROOT, stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, check=False)
    return None if run.returncode == 0 else "%s:\n%s" % (path, run.stdout.decode())


def base_command(database):
    """The compiler and flags that lib/base is compiled with."""
    with open(database, encoding="utf-8") as f:
        entry = next(e for e in json.load(f) if e["file"].endswith("lib/base/err.c"))
    words = shlex.split(entry["command"])
    return words[:words.index("-o")]


def main():
    command = base_command(sys.argv[1])
    paths = files(".h", under=("lib/", "include/"))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda path: compile_alone(command, path), paths))
    finish([r for r in results if r], "headers (%d)" % len(paths))


main()
