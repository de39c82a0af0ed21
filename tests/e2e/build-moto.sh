#!/usr/bin/env bash
# Installs moto, an independent stand-in for AWS, from PyPI into a virtual environment outside the tree, once:
# build-moto.sh DIR.
set -euo pipefail
dir=$1
moto=5.2.3
boto3=1.44.8

mkdir -p "$dir"
exec 9>"$dir/lock" # two runs at once install once
flock 9
[ "$(cat "$dir/version" 2>/dev/null)" = "$moto $boto3" ] && exit 0
rm -rf "$dir/venv" "$dir/version"
python3 -m venv "$dir/venv" >"$dir/log" 2>&1 || {
    echo "build-moto.sh: python3-venv is not installed: $(tail -n 1 "$dir/log")" >&2
    exit 1
}
"$dir/venv/bin/pip" install --quiet --disable-pip-version-check "moto[server]==$moto" "boto3==$boto3" >"$dir/log" 2>&1 || {
    echo "build-moto.sh: $(tail -n 1 "$dir/log")" >&2
    exit 1
}
echo "$moto $boto3" >"$dir/version"
