#!/usr/bin/env bash
# Builds the servers of the end-to-end tests (kube-apiserver, kube-controller-manager, etcd) from their
# Go modules into a cache outside the tree, once: build-stand.sh DIR. Takes minutes on the first run.
set -euo pipefail
dir=$1
version=1.34.4
commit=1111111111111111111111111111111111111111 # a build from modules has none; kubectl wants 40 digits
etcd_version=v3.6.16

mkdir -p "$dir"
exec 9>"$dir/lock" # two runs at once build once
flock 9
[ -x "$dir/bin/kube-apiserver" ] && [ -x "$dir/bin/kube-controller-manager" ] && [ -x "$dir/bin/etcd" ] && exit 0
command -v go >/dev/null || {
    echo "build-stand.sh: go is not installed" >&2
    exit 1
}
mkdir -p "$dir/src" "$dir/bin"
cd "$dir/src"

# `go install` refuses modules with replace lines by path, so this is a module of its own whose
# replace lines name the published staging modules.
kubernetes=$(go mod download -json "k8s.io/kubernetes@v$version" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
{
    printf 'module stand\n\ngo 1.24.0\n\nrequire k8s.io/kubernetes v%s\n\n' "$version"
    sed -n 's#^\t*\(k8s.io/[a-z-]*\) => ./staging/.*#\1#p' "$kubernetes/go.mod" |
        while read -r module; do
            printf 'replace %s => %s v0.%s\n' "$module" "$module" "${version#1.}"
        done
} >go.mod
printf '//go:build tools\n\npackage stand\n\nimport (\n  _ "k8s.io/kubernetes/cmd/kube-apiserver"\n  _ "k8s.io/kubernetes/cmd/kube-controller-manager"\n)\n' >tools.go
go mod tidy
base=k8s.io/component-base/version
client=k8s.io/client-go/pkg/version
flags="-s -w -X $base.gitVersion=v$version -X $base.gitMajor=1 -X $base.gitMinor=34 -X $base.gitCommit=$commit"
flags="$flags -X $base.gitTreeState=clean -X $client.gitVersion=v$version -X $client.gitCommit=$commit"
go build -mod=mod -ldflags "$flags" -o "$dir/bin/" \
    k8s.io/kubernetes/cmd/kube-apiserver k8s.io/kubernetes/cmd/kube-controller-manager

mkdir -p "$dir/src/etcd"
cd "$dir/src/etcd"
printf 'module stand\n\ngo 1.24.0\n\nrequire go.etcd.io/etcd/server/v3 %s\n' "$etcd_version" >go.mod
printf '//go:build tools\n\npackage stand\n\nimport _ "go.etcd.io/etcd/server/v3"\n' >tools.go
go mod tidy
go build -mod=mod -ldflags '-s -w' -o "$dir/bin/etcd" go.etcd.io/etcd/server/v3
