"""shellcheck over every shell script."""
import subprocess

from style import ROOT, files, finish, read


def main():
    scripts = [p for p in files("")
               if p.endswith(".sh") or "." not in p.rsplit("/", 1)[-1]
               and read(p)[:40].startswith(("#!/usr/bin/env bash", "#!/bin/bash", "#!/bin/sh"))]
    run = subprocess.run(["shellcheck"] + scripts, cwd=ROOT, check=False,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    finish([run.stdout.decode()] if run.returncode else [], "shell (%d scripts)" % len(scripts))


main()
