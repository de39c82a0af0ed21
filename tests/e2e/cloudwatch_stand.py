"""CloudWatch Logs on top of the scripted AWS: groups, streams, pages, and what can go wrong with them."""
import datetime
import json
import re
import subprocess

from aws_stand import Stand

GROUP = "/aws/eks/demo/cluster"
AUDIT = ["kube-apiserver-audit-" + c * 32 for c in "ab"]
# Beside them lies what a prefix too short would catch.
OTHERS = ["kube-apiserver-" + "c" * 32, "kube-controller-manager-" + "d" * 32]
THROTTLED = 400, {"__type": "ThrottlingException", "message": "Rate exceeded"}
DENIED = 400, {"__type": "AccessDeniedException", "message": "User is not authorized to perform this action"}
NOW = datetime.datetime(2026, 1, 15, 12, 0, tzinfo=datetime.timezone.utc)


def ms(minutes_ago, now=NOW):
    return int((now - datetime.timedelta(minutes=minutes_ago)).timestamp() * 1000)


def stamp(at):
    return datetime.datetime.fromtimestamp(at / 1000, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f") + "Z"


def stamp_s(at):
    """As results tell times: no more digits than there are."""
    return datetime.datetime.fromtimestamp(at / 1000, datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "").replace(".000", "") + "Z"


def shown(at):
    return datetime.datetime.fromtimestamp(at / 1000, datetime.timezone.utc).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


def audit(number, at, padding=0, verb="update", resource="leases", name="kube-scheduler"):
    event = {"kind": "Event", "apiVersion": "audit.k8s.io/v1", "level": "Metadata", "auditID": f"id-{number}", "stage": "ResponseComplete",
             "requestURI": f"/apis/coordination.k8s.io/v1/namespaces/kube-system/{resource}/{name}", "verb": verb,
             "user": {"username": "system:kube-scheduler", "groups": ["system:authenticated"]}, "sourceIPs": ["10.0.0.1"],
             "objectRef": {"resource": resource, "namespace": "kube-system", "name": name, "apiGroup": "coordination.k8s.io", "apiVersion": "v1"},
             "responseStatus": {"code": 200}, "requestReceivedTimestamp": stamp(at), "stageTimestamp": stamp(at),
             "annotations": {"authorization.k8s.io/decision": "allow", "x": "y" * padding}}
    return json.dumps(event)


class LogStand(Stand):
    """`store` is the group's content; `page` events are given at once."""

    def setUp(self):
        super().setUp()
        self.use("ASIASESSION")
        self.env["AWS_REGION"] = "us-east-1"  # the quickest quota
        self.store, self.page, self.group = [], 40, {"creationTime": 0, "retentionInDays": 90}
        self.told, self.before = {}, {}
        self.queries, self.query_states = [], []
        self.answers = [self.logs]
        self.number = 0

    def add(self, at, text=None, stream=None, late=0, **more):
        """An event at a time in ms; late: how long it took to arrive."""
        self.number += 1
        text = audit(self.number, at, **more) if text is None else text
        event = {"eventId": f"{self.number:056d}", "timestamp": at, "ingestionTime": at + late, "message": text,
                 "logStreamName": stream or AUDIT[self.number % 2]}
        self.store.append(event)
        return event

    def fill(self, first, last, step_s=15, now=NOW, **more):
        """Heartbeats from `first` to `last` minutes before now."""
        return [self.add(at, **more) for at in range(ms(first, now), ms(last, now) + 1, step_s * 1000)]

    def logs(self, call):
        if self.calls[-1].signer() is None:
            return 400, {"__type": "MissingAuthenticationTokenException"}
        if call.form.get("Action") == "GetCallerIdentity":
            return 200, "<G><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/audit</Arn></GetCallerIdentityResult></G>"
        operation = call.headers["x-amz-target"].split(".")[1]
        hook = self.before.get(operation)
        done = hook(call) if hook else None
        return done or getattr(self, operation)(json.loads(call.body))

    def DescribeLogGroups(self, asked):
        groups = [{"logGroupName": GROUP + "-other"}, {"logGroupName": GROUP, **self.group}]
        return 200, {"logGroups": [g for g in groups if g["logGroupName"].startswith(asked["logGroupNamePrefix"])]}

    def DescribeLogStreams(self, asked):
        streams = {}
        for event in self.store:
            stream = streams.setdefault(event["logStreamName"], {"logStreamName": event["logStreamName"], "firstEventTimestamp": event["timestamp"], "lastEventTimestamp": 0})
            stream["firstEventTimestamp"] = min(stream["firstEventTimestamp"], event["timestamp"])
            stream["lastEventTimestamp"] = max(stream["lastEventTimestamp"], event["timestamp"])
        for name, more in self.told.items():
            streams.setdefault(name, {"logStreamName": name}).update(more)
        order = sorted(streams.values(), key=lambda s: -s.get("lastEventTimestamp", 0))
        at = int(asked.get("nextToken", "0"))
        page = {"logStreams": order[at:at + 3]}
        return 200, {**page, **({"nextToken": str(at + 3)} if at + 3 < len(order) else {})}

    def chosen(self, asked):
        """Events in their order: of one stream (its end excluded), or of a prefix (its end included)."""
        one = "logStreamName" in asked
        found = [e for e in self.store if asked["startTime"] <= e["timestamp"] <= asked["endTime"] - one and
                 (e["logStreamName"] == asked["logStreamName"] if one else e["logStreamName"].startswith(asked["logStreamNamePrefix"]))]
        return sorted(found, key=lambda e: (e["timestamp"], e["ingestionTime"], e["eventId"]))

    def FilterLogEvents(self, asked):
        at = int(asked.get("nextToken", "t/0+=")[2:-2])
        found = self.chosen(asked)
        step = min(self.page, asked["limit"])
        more = {"nextToken": f"t/{at + step}+="} if at + step < len(found) else {}
        return 200, {"events": found[at:at + step], "searchedLogStreams": [], **more}

    def GetLogEvents(self, asked):
        assert asked["startFromHead"] is True
        at = int(asked.get("nextToken", "f/0")[2:])
        found = [{k: e[k] for k in ("timestamp", "ingestionTime", "message")} for e in self.chosen(asked)]
        events = found[at:at + self.page]
        return 200, {"events": events, "nextForwardToken": f"f/{at + len(events)}", "nextBackwardToken": "b/0"}

    # ---- Logs Insights ----

    def StartQuery(self, asked):
        """The lines that are asked with, and no others: each is a filter by a regular expression, a count, or about order and limit."""
        assert len(asked["queryString"]) <= 10000
        found, counted, limit = list(self.store), False, 10000
        found = [e for e in found if asked["startTime"] <= e["timestamp"] // 1000 <= asked["endTime"]]
        for line in asked["queryString"].split("\n"):
            line = line.removeprefix("| ")
            if line.startswith("filter "):
                field, expression = re.fullmatch(r"filter @(logStream|message) like /(.*)/", line).groups()
                assert "/" not in expression.replace("\\/", "")
                found = [e for e in found if re.search(expression.replace("\\/", "/"), e["logStreamName" if field == "logStream" else field])]
            elif line.startswith("stats "):
                counted = re.fullmatch(r"stats count\(\*\) as events, min\(@timestamp\) as first, max\(@timestamp\) as last by @logStream, bin\((\w+)\) as step", line).group(1)
            elif line.startswith("limit "):
                limit = int(line.split()[1])
            else:
                assert line in ("fields @timestamp, @logStream, @message", "sort @timestamp asc", "sort step asc"), line
        self.queries.append({"asked": asked, "rows": self.counts(found, counted) if counted else self.rows(found), "matched": len(found), "limit": limit, "polls": 0})
        return 200, {"queryId": f"query-{len(self.queries) - 1}"}

    def rows(self, found):
        return [[{"field": "@timestamp", "value": shown(e["timestamp"])}, {"field": "@logStream", "value": e["logStreamName"]},
                 {"field": "@message", "value": e["message"]}, {"field": "@ptr", "value": e["eventId"]}]
                for e in sorted(found, key=lambda e: e["timestamp"])]

    def counts(self, found, step):
        ms_of = int(step[:-1]) * {"m": 60000, "h": 3600000, "d": 86400000}[step[-1]]
        cells = {}
        for event in found:
            cells.setdefault((event["timestamp"] // ms_of * ms_of, event["logStreamName"]), []).append(event["timestamp"])
        return [[{"field": "@logStream", "value": stream}, {"field": "step", "value": shown(at)}, {"field": "events", "value": str(len(times))},
                 {"field": "first", "value": str(min(times))}, {"field": "last", "value": shown(max(times))}]
                for (at, stream), times in sorted(cells.items())]

    def GetQueryResults(self, asked):
        query = self.queries[int(asked["queryId"].split("-")[1])]
        query["polls"] += 1
        status = self.query_states.pop(0) if self.query_states else "Running" if query["polls"] < 2 else "Complete"
        rows = query["rows"][:query["limit"]]
        return 200, {"queryLanguage": "CWLI", "results": rows[:1] if status == "Running" else rows, "status": status,
                     "statistics": {"recordsMatched": float(query["matched"]), "recordsScanned": float(len(self.store)), "bytesScanned": 1.5E9}}

    # ---- running ----

    def argv(self, *args, now=NOW):
        return [self.binary, *args, *([] if now is None else ["--now", now.strftime("%Y-%m-%dT%H:%M:%SZ")]), "--quiet"]

    def start(self, *args, now=NOW):
        return subprocess.Popen(self.argv(*args, now=now), env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def run_it(self, *args, now=NOW, status=None):
        done = subprocess.run(self.argv(*args, now=now), env=self.env, timeout=300, capture_output=True, text=True)
        if status is not None:
            self.assertEqual(done.returncode, status, done.stderr)
        return done

    def search(self, *args, status=0, now=NOW):
        """auditIDs of `logs search`, in order."""
        done = self.run_it("logs", "search", "--log-group", GROUP, "-o", "jsonl", *args, status=status, now=now)
        return [json.loads(line)["auditID"] for line in done.stdout.splitlines()], done.stderr

    def coverage(self, *args, status=0, now=NOW):
        done = self.run_it("logs", "coverage", "--log-group", GROUP, "-o", "json", *args, status=status, now=now)
        return json.loads(done.stdout)

    def ids(self, events):
        return [json.loads(e["message"])["auditID"] for e in events]
