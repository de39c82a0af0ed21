#!/usr/bin/env python3
"""A cluster with years of backups as `kubectl get -o json` prints it: make_backups.py FOLDER

The same every time: 1,000 namespaces with 10 claims each, 20,000 Velero Backups of 50 schedules (some of them dense,
some in a zone of its own) and 100,000 PodVolumeBackups.
"""
import datetime
import os
import sys

from make_cluster import write

NAMESPACES, CLAIMS, SCHEDULES, RUNS, COPIES = 1000, 10000, 50, 20000, 100000
NOW = datetime.datetime(2026, 2, 1, tzinfo=datetime.timezone.utc)
CRONS = ("0 3 * * *", "*/5 * * * *", "CRON_TZ=Europe/Berlin * * * * *", "15 2 * * 1-5", "CRON_TZ=America/New_York 30 */4 * * *")
LABELS = {"app.kubernetes.io/instance": "velero", "app.kubernetes.io/name": "velero"}


def stamp(time):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def uid(area, number):
    return f"{area:08d}-0000-4000-8000-{number:012d}"


def metadata(area, number, name, namespace="", labels=None, created=NOW - datetime.timedelta(days=500)):
    meta = {"name": name, "uid": uid(area, number), "resourceVersion": str(1000 + number), "creationTimestamp": stamp(created)}
    return {**meta, **({"namespace": namespace} if namespace else {}), **({"labels": labels} if labels else {})}


def namespace(i):
    name = f"ns-{i:04d}"
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata(1, i, name, labels={"kubernetes.io/metadata.name": name}),
            "status": {"phase": "Active"}}


def home(i):
    return f"ns-{i % NAMESPACES:04d}"


def claim(i):
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": metadata(2, i, f"data-{i // NAMESPACES}", home(i), {"app": "db"}),
            "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "10Gi"}}, "storageClassName": "gp3",
                     "volumeMode": "Filesystem", "volumeName": f"pv-{i}"}, "status": {"phase": "Bound"}}


def volume(i):
    return {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": metadata(3, i, f"pv-{i}"),
            "spec": {"accessModes": ["ReadWriteOnce"], "capacity": {"storage": "10Gi"}, "persistentVolumeReclaimPolicy": "Retain",
                     "claimRef": {"kind": "PersistentVolumeClaim", "namespace": home(i), "name": f"data-{i // NAMESPACES}", "uid": uid(2, i)},
                     "csi": {"driver": "ebs.csi.aws.com", "volumeHandle": f"vol-{i}"}, "storageClassName": "gp3"}, "status": {"phase": "Bound"}}


def pod(i):
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata(4, i, f"db-{i // NAMESPACES}", home(i), {"app": "db"}),
            "spec": {"containers": [{"name": "db", "image": "registry.example/db:1", "volumeMounts": [{"name": "data", "mountPath": "/data"}]}],
                     "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": f"data-{i // NAMESPACES}"}}]},
            "status": {"phase": "Running"}}


def included(schedule):
    """Each schedule has 40 namespaces, so that each namespace has two; the first three have all."""
    if schedule < 3:
        return ["*"]
    return [f"ns-{(schedule * 20 + k) % NAMESPACES:04d}" for k in range(40)]


def template(schedule):
    return {"csiSnapshotTimeout": "10m0s", "defaultVolumesToFsBackup": True, "hooks": {}, "includedNamespaces": included(schedule),
            "itemOperationTimeout": "4h0m0s", "metadata": {}, "storageLocation": "default", "ttl": "9600h0m0s"}


def schedule_of(i):
    return {"apiVersion": "velero.io/v1", "kind": "Schedule", "metadata": metadata(5, i, f"schedule-{i}", "velero", LABELS),
            "spec": {"schedule": CRONS[i % len(CRONS)], "template": template(i)},
            "status": {"phase": "Enabled", "lastBackup": stamp(NOW - datetime.timedelta(hours=3))}}


def start_of(run):
    return NOW - datetime.timedelta(days=run // SCHEDULES, hours=3)


def backup_name(run):
    return f"schedule-{run % SCHEDULES}-{start_of(run):%Y%m%d%H%M%S}"


def backup(i):
    start, schedule = start_of(i), i % SCHEDULES
    failed = i % 97 == 0
    labels = {**LABELS, "velero.io/schedule-name": f"schedule-{schedule}", "velero.io/storage-location": "default"}
    return {"apiVersion": "velero.io/v1", "kind": "Backup", "metadata": metadata(6, i, backup_name(i), "velero", labels, start),
            "spec": template(schedule),
            "status": {"phase": "PartiallyFailed" if failed else "Completed", "errors": 2 if failed else 0, "formatVersion": "1.1.0",
                       "startTimestamp": stamp(start), "completionTimestamp": stamp(start + datetime.timedelta(minutes=10)),
                       "expiration": stamp(start + datetime.timedelta(days=400)), "progress": {"itemsBackedUp": 900, "totalItems": 900}}}


def copy(i):
    run, number = i // (COPIES // RUNS), i % CLAIMS
    start = start_of(run)
    name, pod_name = backup_name(run), f"db-{number // NAMESPACES}"
    labels = {"velero.io/backup-name": name, "velero.io/backup-uid": uid(6, run), "velero.io/pvc-uid": uid(2, number)}
    return {"apiVersion": "velero.io/v1", "kind": "PodVolumeBackup", "metadata": metadata(7, i, f"{name}-{i}", "velero", labels, start),
            "spec": {"backupStorageLocation": "default", "pod": {"kind": "Pod", "namespace": home(number), "name": pod_name, "uid": uid(4, number)},
                     "tags": {"backup": name, "ns": home(number), "pod": pod_name, "pvc-uid": uid(2, number), "volume": "data"},
                     "uploaderType": "kopia", "volume": "data"},
            "status": {"phase": "Completed", "startTimestamp": stamp(start), "completionTimestamp": stamp(start + datetime.timedelta(minutes=5)),
                       "progress": {"bytesDone": 1000000, "totalBytes": 1000000}, "snapshotID": f"{i:032x}"}}


def location(i):
    return {"apiVersion": "velero.io/v1", "kind": "BackupStorageLocation", "metadata": metadata(8, i, "default", "velero", LABELS),
            "spec": {"provider": "aws", "default": True, "objectStorage": {"bucket": "backups"}, "config": {"region": "eu-west-1"}},
            "status": {"phase": "Available", "lastValidationTime": stamp(NOW)}}


def agent(i):
    return {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": metadata(9, i, "node-agent", "velero", LABELS),
            "spec": {"template": {"spec": {"containers": [{"name": "node-agent", "image": "velero/velero:v1.17.1"}]}}},
            "status": {"desiredNumberScheduled": 3, "numberReady": 3}}


LISTS = (("namespaces", "Namespace", NAMESPACES, namespace), ("persistentvolumeclaims", "PersistentVolumeClaim", CLAIMS, claim),
         ("persistentvolumes", "PersistentVolume", CLAIMS, volume), ("pods", "Pod", CLAIMS, pod),
         ("schedules.velero.io", "Schedule", SCHEDULES, schedule_of), ("backups.velero.io", "Backup", RUNS, backup),
         ("podvolumebackups.velero.io", "PodVolumeBackup", COPIES, copy), ("backupstoragelocations.velero.io", "BackupStorageLocation", 1, location),
         ("daemonsets.apps", "DaemonSet", 1, agent))


def main(folder):
    os.makedirs(folder, exist_ok=True)
    for plural, kind, count, make in LISTS:
        write(folder, plural, kind, count, make)


if __name__ == "__main__":
    main(sys.argv[1])
