#!/usr/bin/env python3
"""Backups on a real API server: backups.py BINARY CACHE [SHARED]

Installs the resource definitions of Velero and of the snapshot controller from SHARED/testdata/crds, which are not
part of this project: says that it was skipped (exit status 77) where they are not there. Servers are built as for run.py.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

from run import BINARY, CACHE, build, skip
from stand import Stand

DEFINITIONS = pathlib.Path(sys.argv[3] if len(sys.argv) > 3 else "") / "testdata" / "crds"
NOW = "2030-01-01T12:00:00Z"
COMMANDS = (("backup", "coverage"), ("backup", "schedule"))
POLICY = """\
version: v1
volumePolicies:
  - conditions: {storageClass: [scratch]}
    action: {type: skip}
"""
SPEC = {"includedNamespaces": ["shop"], "storageLocation": "default", "ttl": "720h0m0s", "snapshotVolumes": True,
        "resourcePolicy": {"kind": "configmap", "name": "volumes"}}


def made(api, kind, name, namespace="", status=None, labels=None, **rest):
    meta = {"name": name, **({"namespace": namespace} if namespace else {}), **({"labels": labels} if labels else {})}
    return {"apiVersion": api, "kind": kind, "metadata": meta, **rest, **({"status": status} if status else {})}


def claim(name, storage_class):
    return [made("v1", "PersistentVolumeClaim", name, "shop", {"phase": "Bound"},
                 spec={"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}, "storageClassName": storage_class,
                       "volumeName": f"pv-{name}"}),
            made("v1", "PersistentVolume", f"pv-{name}", status={"phase": "Bound"},
                 spec={"accessModes": ["ReadWriteOnce"], "capacity": {"storage": "1Gi"}, "storageClassName": storage_class,
                       "claimRef": {"kind": "PersistentVolumeClaim", "namespace": "shop", "name": name},
                       "csi": {"driver": "ebs.csi.aws.com", "volumeHandle": f"vol-{name}"}})]


def backup(day, phase, done):
    start = f"2029-12-{day}T02:00:00Z"
    return made("velero.io/v1", "Backup", f"nightly-202912{day}020000", "velero",
                {"phase": phase, "startTimestamp": start, "completionTimestamp": f"2029-12-{day}T02:05:00Z", "expiration": "2030-01-30T02:00:00Z",
                 "csiVolumeSnapshotsAttempted": 1, "csiVolumeSnapshotsCompleted": done, "progress": {"itemsBackedUp": 9, "totalItems": 9}},
                {"velero.io/schedule-name": "nightly", "velero.io/storage-location": "default"}, spec=SPEC)


SERVER = {"containers": [{"name": "velero", "image": "velero/velero:v1.17.1", "args": ["server", "--features=EnableCSI"]}]}
OBJECTS = [
    made("v1", "Namespace", "velero"), made("v1", "Namespace", "shop"), made("v1", "Namespace", "left-out"),
    made("v1", "ConfigMap", "volumes", "velero", data={"policy.yaml": POLICY}),
    made("velero.io/v1", "BackupStorageLocation", "default", "velero", {"phase": "Available", "lastValidationTime": NOW},
         spec={"provider": "aws", "default": True, "objectStorage": {"bucket": "backups"}, "config": {"region": "eu-west-1"}}),
    made("velero.io/v1", "Schedule", "nightly", "velero", {"phase": "Enabled", "lastBackup": "2029-12-31T02:00:00Z"},
         spec={"schedule": "0 2 * * *", "template": SPEC}),
    made("velero.io/v1", "Schedule", "broken", "velero", {"phase": "FailedValidation", "validationErrors": ["invalid schedule"]},
         spec={"schedule": "61 * * * *", "template": {"includedNamespaces": ["left-out"]}}),
    backup("30", "Completed", 1), backup("31", "PartiallyFailed", 0),
    *claim("data", "gp3"), *claim("cache", "scratch"),
    made("snapshot.storage.k8s.io/v1", "VolumeSnapshotClass", "ebs", driver="ebs.csi.aws.com", deletionPolicy="Retain",
         labels={"velero.io/csi-volumesnapshot-class": "true"}),
    made("apps/v1", "Deployment", "velero", "velero", {"replicas": 1, "readyReplicas": 1, "availableReplicas": 1},
         spec={"replicas": 1, "selector": {"matchLabels": {"component": "velero"}},
               "template": {"metadata": {"labels": {"component": "velero"}}, "spec": SERVER}}),
]


class Backups(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temp = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temp.cleanup)
        cls.stand = Stand(os.path.join(CACHE, "bin"), temp.name)
        cls.stand.__enter__()
        cls.addClassCleanup(cls.stand.stop)
        for folder in ("velero", "csi-snapshot"):
            cls.stand.kubectl("create", "-f", str(DEFINITIONS / folder))
        cls.stand.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s")
        for item in OBJECTS:
            cls.create(item)
        cls.files = cls.dump()

    @classmethod
    def create(cls, item):
        """With its status, which some kinds take only by a request of its own."""
        end = time.monotonic() + 30
        while True:
            created = cls.stand.kubectl("create", "-f", "-", stdin=json.dumps(item), check=False)
            if created.returncode == 0 or time.monotonic() > end:
                break
            time.sleep(0.5)
        if created.returncode != 0:
            raise RuntimeError(created.stderr)
        kind, meta = item["kind"].lower(), item["metadata"]
        where = ("-n", meta["namespace"]) if "namespace" in meta else ()
        group = item["apiVersion"].rpartition("/")[0]
        got = json.loads(cls.stand.kubectl("get", f"{kind}.{group}" if group else kind, meta["name"], *where, "-o", "json").stdout)
        if "status" in item and any(got.get("status", {}).get(k) != v for k, v in item["status"].items()):
            cls.stand.kubectl("patch", f"{kind}.{group}" if group else kind, meta["name"], *where, "--subresource=status", "--type=merge",
                              "-p", json.dumps({"status": item["status"]}))

    @classmethod
    def dump(cls):
        """A folder with one file of `kubectl get -o json` for each kind that can be listed."""
        folder = cls.stand.path("dump")
        os.makedirs(folder)
        for kind in cls.stand.kubectl("api-resources", "--verbs=list", "-o", "name").stdout.split():
            with open(os.path.join(folder, f"{kind}.json"), "w", encoding="utf-8") as out:
                out.write(cls.stand.kubectl("get", kind, "-A", "-o", "json").stdout)
        return folder

    def ask(self, *args, form="json"):
        done = subprocess.run([BINARY, *args, "--now", NOW, "-o", form], capture_output=True, text=True, timeout=300,
                              env={"PATH": os.environ["PATH"], "HOME": self.stand.folder})
        self.assertIn(done.returncode, (0, 1, 3), done.stderr)
        return json.loads(done.stdout)

    def live(self, *args, token=None):
        return self.ask(*args, "--kubeconfig", self.stand.path("admin.kubeconfig"), *(("--token", token) if token else ()))

    def without_sources(self, rows):
        """Where a row was read is not the same in a file and on a server."""
        return [{k: v for k, v in row.items() if k not in ("source", "locator", "evidence")} for row in rows] if isinstance(rows, list) else rows

    def test_live_and_files_say_the_same(self):
        for command in COMMANDS:
            live, files = self.live(*command), self.ask(*command, "--objects", self.files)
            self.assertEqual(self.without_sources(live), self.without_sources(files), command)
            self.assertTrue(live, command)

    def rows(self, done):
        return {(row["namespace"], row["what"]): row for row in done}

    def test_what_was_made_is_seen(self):
        schedules = {row["schedule"]: row for row in self.live("backup", "schedule")}
        self.assertEqual({name: row["usable"] for name, row in schedules.items()}, {"velero/nightly": "yes", "velero/broken": "no"})
        nightly = schedules["velero/nightly"]
        self.assertEqual((nightly["last"], nightly["newest_good"], nightly["max_gap"]), ("PartiallyFailed", "2029-12-30T02:00:00Z", "24h"))
        self.assertIn("above maximum", schedules["velero/broken"]["next"])
        rows = self.rows(self.live("backup", "coverage"))
        told = {what: tuple(rows["shop", what][key] for key in ("path", "effective", "why_not")) for what in ("objects", "pvc/data", "pvc/cache")}
        self.assertEqual(told, {"objects": ("object store", "yes", ""), "pvc/data": ("snapshot", "yes", ""),
                                "pvc/cache": ("none", "no", "volume policy skip")})
        self.assertEqual(rows["shop", "pvc/data"]["newest"], "2029-12-30T02:00:00Z")
        self.assertEqual(rows["left-out", "objects"]["effective"], "no")

    def forbid(self, user, *kinds):
        """The user may list all but these kinds of Velero; the token is the user's."""
        velero = ["backups", "schedules", "backupstoragelocations", "podvolumebackups", "restores", "volumesnapshotlocations",
                  "backuprepositories", "datauploads", "deletebackuprequests"]
        groups = ["", "apps", "batch", "storage.k8s.io", "snapshot.storage.k8s.io", "apiextensions.k8s.io"]
        role = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": user}, "rules": [
            {"apiGroups": groups, "resources": ["*"], "verbs": ["get", "list"]},
            {"apiGroups": ["velero.io"], "resources": [kind for kind in velero if kind not in kinds], "verbs": ["get", "list"]}]}
        self.stand.kubectl("apply", "-f", "-", stdin=json.dumps(role))
        self.stand.kubectl("create", "clusterrolebinding", user, f"--clusterrole={user}", f"--user={user}", check=False)
        time.sleep(1)
        return f"token-{user}"

    def test_all_of_the_role_is_enough(self):
        token = self.forbid("half")
        for command in COMMANDS:
            self.assertEqual(self.live(*command, token=token), self.live(*command), command)

    def test_a_forbidden_list_is_unknown(self):
        for kind in ("schedules", "backupstoragelocations"):
            rows = self.rows(self.live("backup", "coverage", token=self.forbid("half", kind)))
            self.assertEqual({what: rows["shop", what]["effective"] for what in ("objects", "pvc/data")},
                             {"objects": "unknown", "pvc/data": "unknown"}, kind)
        rows = self.rows(self.live("backup", "coverage", token=self.forbid("half", "backups")))
        self.assertEqual({rows["shop", what]["newest"] for what in ("objects", "pvc/data")}, {"unknown"})
        done = self.live("backup", "schedule", token=self.forbid("half", "backups"))
        self.assertEqual({(row["last"], row["newest_good"]) for row in done}, {("unknown", "unknown")})

    def test_a_forbidden_list_fails_no_control(self):
        done = self.live("check", "--control", "backup-*", token=self.forbid("half", "schedules"))
        verdicts = {c["id"]: c["verdict"] for c in done["controls"] if c["over"] in ("backup.schedule", "backup.namespace", "backup.kind")}
        self.assertTrue(verdicts)
        self.assertEqual({v for v in verdicts.values()} - {"unknown", "manual", "not-applicable"}, set(), verdicts)


if __name__ == "__main__":
    if not (DEFINITIONS / "velero").is_dir() or not (DEFINITIONS / "csi-snapshot").is_dir():
        skip("the resource definitions of Velero and of snapshots are not here")
    build()
    sys.argv = sys.argv[:1]
    unittest.main()
