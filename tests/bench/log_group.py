"""A log group on 127.0.0.1 whose pages are made before they are asked for, so that the reader is what takes the time."""
import contextlib
import http.server
import json
import os
import threading

NAME = "/aws/eks/bench/cluster"
NOW = "2026-02-01T00:00:00Z"
FIRST_MS = 1769900400000  # 2026-01-31T23:00:00Z
PAGE_BYTES = 1 << 20
STREAMS = ["kube-apiserver-audit-" + c * 32 for c in "ab"]


def pages_of(log):
    """Bodies of FilterLogEvents, as large as they get, and how many events they hold."""
    pages, page, size, number = [], [], 0, 0
    with open(log, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            event = json.dumps({"logStreamName": STREAMS[number % 2], "timestamp": FIRST_MS + number // 100, "message": line.rstrip("\n"),
                                "ingestionTime": FIRST_MS + number // 100 + 900, "eventId": "%056d" % number}, separators=(",", ":"))
            if size + len(event) > PAGE_BYTES:
                pages.append(page)
                page, size = [], 0
            page.append(event)
            size += len(event)
    pages.append(page)
    last = len(pages) - 1
    return [('{"events":[%s],"searchedLogStreams":[]%s}' % (",".join(p), "" if i == last else ',"nextToken":"page-%d"' % (i + 1))).encode()
            for i, p in enumerate(pages)], number


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        operation = self.headers.get("X-Amz-Target", ".GetCallerIdentity").split(".")[1]
        answer = getattr(self, operation)(json.loads(body) if operation != "GetCallerIdentity" else None)
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.send_header("x-amzn-RequestId", "bench")
        self.end_headers()
        self.wfile.write(answer)

    def GetCallerIdentity(self, _):
        return b"<R><GetCallerIdentityResult><Arn>arn:aws:iam::111122223333:user/bench</Arn></GetCallerIdentityResult></R>"

    def DescribeLogGroups(self, _):
        return json.dumps({"logGroups": [{"logGroupName": NAME, "creationTime": 0, "retentionInDays": 90}]}).encode()

    def DescribeLogStreams(self, _):
        return json.dumps({"logStreams": [{"logStreamName": s, "firstEventTimestamp": FIRST_MS, "lastEventTimestamp": FIRST_MS} for s in STREAMS]}).encode()

    def FilterLogEvents(self, asked):
        if asked["logStreamNamePrefix"] != "kube-apiserver-audit-":
            return b'{"events":[]}'
        return self.server.pages[int(asked.get("nextToken", "page-0").split("-")[1])]


class Group:
    def __init__(self, server, events):
        self.name, self.events = NAME, events
        self.pages, self.bytes = len(server.pages), sum(map(len, server.pages))
        self.env = {**os.environ, "AWS_ENDPOINT_URL": "http://127.0.0.1:%d" % server.server_address[1], "AWS_REGION": "us-east-1",
                    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}


@contextlib.contextmanager
def serve(log):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.pages, events = pages_of(log)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Group(server, events)
    finally:
        server.shutdown()
        server.server_close()
