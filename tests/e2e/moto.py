#!/usr/bin/env python3
"""The same AWS, seen by kube-baseline and by boto3: moto.py BINARY AWS_CALL CACHE

moto is a stand-in for AWS that others wrote. Its server is filled by boto3, and what kube-baseline reads from it is compared with what
boto3 reads. The first run installs both from PyPI into CACHE (build-moto.sh); where that fails this says that it was skipped (exit status 77).

Where moto differs from AWS, that is left out, and said here:
- FilterLogEvents does not know logStreamNamePrefix: it gives the events of all streams, one stream after the other. AWS merges them by time.
- A group is as old as the server, so that no window that ended is told by it to its end: verdicts over the log must be unknown for that.
- ScheduleKeyDeletion takes the id of a key, and fails with status 500 for its ARN.
- EKS has clusters and node groups; add-ons, access entries, insights, updates are answered with 404 and a page of HTML. They must be unknown.
- DescribeCluster names no VPC: what stands on it must be unknown.
- A bucket without encryption answers that it has none; AWS encrypts each with AES256.
- GetBucketPolicyStatus answers with a listing of the bucket, and s3control's host would be <account>.127.0.0.1: neither is compared.
- DescribeFlowLogs and others leave settings out that AWS always tells; only what both tell is compared.
"""
import gzip
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
REGION, CLUSTER = "eu-central-1", "demo"
GROUP = f"/aws/eks/{CLUSTER}/cluster"
AUDIT = ["kube-apiserver-audit-" + c * 32 for c in "ab"]
AUTHENTICATOR = "authenticator-" + "c" * 32
TRAP = "kube-apiserver-" + "d" * 32  # what too short a prefix would catch
PER_STREAM = 6000  # more than one page each
BUCKETS = ["tidy", "bare", "open"]
ENVIRONMENT = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION,
               "AWS_EC2_METADATA_DISABLED": "true"}


def skip(why):
    print(f"skipped: {why}")
    sys.exit(77)


def reexec(cache):
    """Go on as the Python that has boto3."""
    try:
        done = subprocess.run([str(HERE / "build-moto.sh"), cache], capture_output=True, text=True, timeout=900)
    except subprocess.TimeoutExpired:
        skip("moto was not installed in 15 minutes")
    if done.returncode != 0:
        skip("moto cannot be installed: " + done.stderr.strip()[-300:])
    python = pathlib.Path(cache) / "venv/bin/python"
    os.execve(python, [str(python), "-B", *sys.argv], {**os.environ, "KB_MOTO": cache})


class Server:
    """moto_server on a free port, ended by its pid."""

    def __init__(self, cache, folder):
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        with open(folder / "moto.log", "w") as log:
            self.child = subprocess.Popen([str(pathlib.Path(cache) / "venv/bin/moto_server"), "-H", "127.0.0.1", "-p", str(port)], stdout=log, stderr=log,
                                          env={**os.environ, **ENVIRONMENT})
        until = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(self.url + "/moto-api/", timeout=2).close()
                return
            except OSError:
                if time.monotonic() > until or self.child.poll() is not None:
                    self.stop()
                    skip("moto_server did not start: " + (folder / "moto.log").read_text()[-300:])
                time.sleep(0.2)

    def client(self, service, region=REGION):
        import boto3  # only the Python of the cache has it
        return boto3.client(service, region_name=region, endpoint_url=self.url, aws_access_key_id="AKIDEXAMPLE", aws_secret_access_key="secret")

    def stop(self):
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
            self.child.wait(20)


def stamp(at):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at // 1000)) + f".{at % 1000 * 1000:06d}Z"


def audit_event(number, at):
    return json.dumps({"kind": "Event", "apiVersion": "audit.k8s.io/v1", "level": "Metadata", "auditID": f"id-{number}", "stage": "ResponseComplete",
                       "requestURI": "/api/v1/namespaces/shop/secrets", "verb": "list", "user": {"username": "alice", "groups": ["system:authenticated"]},
                       "sourceIPs": ["10.0.0.1"], "objectRef": {"resource": "secrets", "namespace": "shop", "apiVersion": "v1"}, "responseStatus": {"code": 200},
                       "requestReceivedTimestamp": stamp(at), "stageTimestamp": stamp(at), "annotations": {"authorization.k8s.io/decision": "allow"}})


def fill_logs(logs, hours=0, **settings):
    """Events between 55 and 10 minutes, and so many hours, ago: the times they lie between."""
    now = int(time.time() * 1000) - hours * 3600000
    first, last = now - 55 * 60000, now - 10 * 60000
    logs.create_log_group(logGroupName=GROUP, **settings)
    logs.put_retention_policy(logGroupName=GROUP, retentionInDays=400)
    number = 0
    for stream in [*AUDIT, AUTHENTICATOR, TRAP]:
        logs.create_log_stream(logGroupName=GROUP, logStreamName=stream)
        events = []
        for i in range(PER_STREAM):
            at = first + (last - first) * i // PER_STREAM
            number += 1
            text = audit_event(number, at) if stream in AUDIT else f'time="{stamp(at)}" level=info msg="line {number}"'
            events.append({"timestamp": at, "message": text})
        for i in range(0, PER_STREAM, 2000):
            logs.put_log_events(logGroupName=GROUP, logStreamName=stream, logEvents=events[i:i + 2000])
    return first, last


def fill_keys(kms):
    keys = [kms.create_key(Description=d)["KeyMetadata"]["Arn"] for d in ("rotated", "old", "gone")]
    kms.enable_key_rotation(KeyId=keys[0])
    kms.schedule_key_deletion(KeyId=keys[2].split("/")[1], PendingWindowInDays=7)
    return keys


def fill_network(ec2):
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    other = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    subnets = [ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{i}.0/24", AvailabilityZone=f"{REGION}{'abc'[i]}")["Subnet"]["SubnetId"] for i in range(3)]
    ec2.modify_subnet_attribute(SubnetId=subnets[0], MapPublicIpOnLaunch={"Value": True})
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    ec2.associate_route_table(RouteTableId=table, SubnetId=subnets[0])
    group = ec2.create_security_group(GroupName="control", Description="a & b", VpcId=vpc)["GroupId"]
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[
        {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}], "Ipv6Ranges": [{"CidrIpv6": "::/0"}]},
        {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group}]}])
    peering = ec2.create_vpc_peering_connection(VpcId=vpc, PeerVpcId=other)["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=peering)
    ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.s3", VpcEndpointType="Gateway", RouteTableIds=[table])
    ec2.create_flow_logs(ResourceIds=[vpc], ResourceType="VPC", TrafficType="ALL", LogDestinationType="s3", LogDestination="arn:aws:s3:::tidy")
    volume = ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=1, Encrypted=True, TagSpecifications=[
        {"ResourceType": "volume", "Tags": [{"Key": "backup", "Value": "daily"}]}])["VolumeId"]
    ec2.create_snapshot(VolumeId=volume)
    return vpc, subnets, group, volume


def fill_buckets(s3, key):
    for name in BUCKETS:
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(Bucket="tidy", VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_encryption(Bucket="tidy", ServerSideEncryptionConfiguration={"Rules": [
        {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}, "BucketKeyEnabled": True}]})
    block = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
    s3.put_public_access_block(Bucket="tidy", PublicAccessBlockConfiguration=block)
    s3.put_public_access_block(Bucket="open", PublicAccessBlockConfiguration={**block, "BlockPublicPolicy": False})
    s3.put_bucket_policy(Bucket="tidy", Policy=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::tidy/*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}))
    s3.put_bucket_lifecycle_configuration(Bucket="tidy", LifecycleConfiguration={"Rules": [
        {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": "x/"}, "Expiration": {"Days": 400}, "NoncurrentVersionExpiration": {"NoncurrentDays": 30}},
        {"ID": "off", "Status": "Disabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}]})


def fill_roles(iam):
    trust = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]})
    role = iam.create_role(RoleName="nodes", AssumeRolePolicyDocument=trust, Path="/eks/")["Role"]["Arn"]
    push = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["ecr:PutImage"], "Resource": "*"}]}
    pull = {**push, "Statement": [{"Effect": "Allow", "Action": ["ecr:BatchGetImage"], "Resource": "*"}]}
    policy = iam.create_policy(PolicyName="push", PolicyDocument=json.dumps(pull))["Policy"]["Arn"]
    iam.create_policy_version(PolicyArn=policy, PolicyDocument=json.dumps(push), SetAsDefault=True)
    iam.attach_role_policy(RoleName="nodes", PolicyArn=policy)
    iam.put_role_policy(RoleName="nodes", PolicyName="inline", PolicyDocument=json.dumps(push))
    return role


class Moto(unittest.TestCase):
    binary, caller, cache = None, None, None
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.temp = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.temp.name)
        cls.server = Server(cls.cache, cls.folder)
        cls.addClassCleanup(cls.temp.cleanup)
        cls.addClassCleanup(cls.server.stop)
        cls.logs, cls.ec2, cls.s3, cls.kms, cls.eks, cls.iam, cls.sts = map(cls.server.client, ("logs", "ec2", "s3", "kms", "eks", "iam", "sts"))
        cls.keys = fill_keys(cls.kms)
        cls.first, cls.last = fill_logs(cls.logs, kmsKeyId=cls.keys[2])
        fill_buckets(cls.s3, cls.keys[0])  # flow logs are delivered to one
        cls.vpc, cls.subnets, cls.group, cls.volume = fill_network(cls.ec2)
        cls.role = fill_roles(cls.iam)
        cls.arn = cls.eks.create_cluster(
            name=CLUSTER, version="1.34", roleArn=cls.role, resourcesVpcConfig={"subnetIds": cls.subnets, "securityGroupIds": [cls.group], "endpointPublicAccess": False,
                                                                              "endpointPrivateAccess": True},
            logging={"clusterLogging": [{"types": ["api", "audit", "authenticator"], "enabled": True}]},
            encryptionConfig=[{"resources": ["secrets"], "provider": {"keyArn": cls.keys[0]}}])["cluster"]["arn"]
        cls.eks.create_nodegroup(clusterName=CLUSTER, nodegroupName="general", subnets=cls.subnets[1:], nodeRole=cls.role)
        locations = [{"apiVersion": "velero.io/v1", "kind": "BackupStorageLocation", "metadata": {"name": b, "namespace": "velero", "uid": b, "resourceVersion": "1"},
                      "spec": {"provider": "aws", "objectStorage": {"bucket": b}}} for b in BUCKETS]
        cls.objects = cls.folder / "objects.json"
        cls.objects.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": locations}))

    def run_it(self, *args, codes=(0,)):
        env = {"PATH": os.environ["PATH"], "HOME": str(self.folder), **ENVIRONMENT}
        done = subprocess.run([self.binary, *args, "--endpoint-url", self.server.url], env=env, capture_output=True, text=True, timeout=300)
        self.assertIn(done.returncode, codes, done.stderr)
        return done.stdout

    def collected(self):
        """Answers by call and subject."""
        path = self.folder / "snapshot.gz"
        if not path.exists():
            self.run_it("collect", "--eks-cluster", CLUSTER, "--objects", str(self.objects), "-o", str(path), codes=(0, 3))
        with gzip.open(path, "rt") as lines:
            records = [json.loads(line) for line in lines]
        return {(r["service"], r["operation"], r["subject"]): r for r in records if r.get("what") == "aws"}

    def answer(self, service, operation, subject=""):
        record = self.collected()[service, operation, subject]
        self.assertEqual(record["error"], "", (service, operation, subject))
        return record["data"]

    def ask(self, operation, **params):
        """One call of EC2 as the live run makes it; all pages."""
        env = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "AWS_ENDPOINT_URL": self.server.url, **ENVIRONMENT}
        done = subprocess.run([self.caller, "--all", "ec2", operation, json.dumps(params)], env=env, capture_output=True, text=True, timeout=60)
        told = json.loads(done.stdout)
        self.assertEqual(told["error"], "", operation)
        return told["answer"]

    def verdicts(self, *args):
        result = json.loads(self.run_it("check", "--eks-cluster", CLUSTER, "--objects", str(self.objects), "-o", "json", "--fail-on", "never", "--profile", "eks-full",
                                        *args, codes=(0, 3)))
        return result, {c["id"]: c for c in result["controls"]}

    def same(self, ours, theirs, way=()):
        """All that kube-baseline was told boto3 was told too. Times differ in their form; null is as good as nothing."""
        if isinstance(ours, dict):
            for key, value in ours.items():
                if value is None:
                    self.assertIsNone(theirs.get(key), (*way, key))
                elif hasattr(theirs.get(key), "isoformat"):
                    self.assertEqual(str(value)[:19], theirs[key].isoformat()[:19], (*way, key))
                else:
                    self.assertIn(key, theirs, way)
                    self.same(value, theirs[key], (*way, key))
        elif isinstance(ours, list):
            self.assertEqual(len(ours), len(theirs), way)
            for i, (a, b) in enumerate(zip(ours, theirs)):
                self.same(a, b, (*way, i))
        else:
            self.assertEqual(ours, theirs, way)

    # ---- the log ----

    def told(self, streams, logs=None, **window):
        events, token = [], {}
        while True:
            page = (logs or self.logs).filter_log_events(logGroupName=GROUP, logStreamNames=streams, **window, **token)
            events += page["events"]
            if not page.get("nextToken"):
                return events
            token = {"nextToken": page["nextToken"]}

    def searched(self, *args):
        lines = self.run_it("logs", "search", "--log-group", GROUP, "-r", "secrets", "-o", "jsonl", "--since", stamp(self.first - 1000), "--limit", "1000000", *args,
                            codes=(0, 3)).splitlines()
        return [json.loads(line)["auditID"] for line in lines]

    def test_each_audit_event_once(self):
        theirs = sorted(json.loads(e["message"])["auditID"] for e in self.told(AUDIT))
        self.assertEqual(len(theirs), 2 * PER_STREAM)
        self.assertEqual(sorted(self.searched()), theirs)

    def elsewhere(self, region, hours):
        """Another quota, or an older time, and so another way of reading; moto keeps regions apart, and so must we."""
        logs = self.server.client("logs", region)
        first, last = fill_logs(logs, hours)
        theirs = sorted(json.loads(e["message"])["auditID"] for e in self.told(AUDIT, logs))
        lines = self.run_it("logs", "search", "--log-group", GROUP, "-r", "secrets", "-o", "jsonl", "--since", stamp(first - 1000), "--until", stamp(last + 1000),
                            "--limit", "1000000", "--region", region, codes=(0, 3)).splitlines()
        self.assertEqual(len(theirs), 2 * PER_STREAM)
        self.assertEqual(sorted(json.loads(line)["auditID"] for line in lines), theirs)

    def test_another_region(self):
        self.elsewhere("us-east-1", 0)

    def test_one_stream_after_the_other(self):
        """GetLogEvents, which regions with a low quota are read with where the time is past."""
        self.elsewhere("ca-west-1", 7)

    def test_a_part_of_the_time(self):
        middle = (self.first + self.last) // 2
        theirs = [json.loads(e["message"])["auditID"] for e in self.told(AUDIT, startTime=middle, endTime=self.last)]
        self.assertGreater(len(theirs), 1000)
        lines = self.run_it("logs", "search", "--log-group", GROUP, "-r", "secrets", "-o", "jsonl", "--limit", "1000000", "--since", stamp(middle), codes=(0, 3)).splitlines()
        self.assertEqual(sorted(json.loads(line)["auditID"] for line in lines), sorted(theirs))

    def test_the_coverage_counts_as_boto3_does(self):
        result = json.loads(self.run_it("check", "--log-group", GROUP, "-o", "json", "--fail-on", "never", "--since", stamp(self.first - 1000), codes=(0, 3)))
        windows = [c for c in result["coverage"] if c["source"].startswith(GROUP)]
        items = {kind: sum(c["items"] for c in windows if f"{GROUP} {kind} " in c["source"]) for kind in ("audit", "authenticator")}
        self.assertEqual(items, {"audit": len(self.told(AUDIT)), "authenticator": len(self.told([AUTHENTICATOR]))})
        self.assertEqual(sum(c["duplicates"] + c["malformed"] for c in windows if " audit " in c["source"]), 0)
        self.assertIn("the group was made at", json.dumps(windows))
        self.assertNotIn("pass", {c["verdict"] for c in result["controls"] if c["id"].startswith("audit-log-")})

    # ---- who asks ----

    def test_the_identity(self):
        self.assertEqual(self.verdicts("--control", "kms-rotation")[0]["run"]["identity"], self.sts.get_caller_identity()["Arn"])

    # ---- settings, answer by answer ----

    def test_answers_of_ec2(self):
        """And what is judged of them: describe-cluster of moto names no VPC, so the answers are put together as files."""
        asked, of_vpc = {"Filter": [{"Name": "vpc-id", "Value": [self.vpc]}]}, {"Filters": [{"Name": "vpc-id", "Values": [self.vpc]}]}
        calls = {"DescribeSubnets": self.ec2.describe_subnets, "DescribeRouteTables": self.ec2.describe_route_tables, "DescribeSecurityGroups": self.ec2.describe_security_groups,
                 "DescribeNetworkAcls": self.ec2.describe_network_acls, "DescribeVpcEndpoints": self.ec2.describe_vpc_endpoints, "DescribeNatGateways": self.ec2.describe_nat_gateways,
                 "DescribeTransitGatewayVpcAttachments": self.ec2.describe_transit_gateway_vpc_attachments}
        answers = {}
        for operation, call in calls.items():
            answers[operation] = self.ask(operation, **asked)
            self.same(answers[operation], call(**of_vpc), (operation,))
        answers["DescribeVpcPeeringConnections"], answers["DescribeFlowLogs"] = (self.answer("ec2", o) for o in ("describe-vpc-peering-connections", "describe-flow-logs"))
        self.same(answers["DescribeVpcPeeringConnections"], self.ec2.describe_vpc_peering_connections())
        self.same(answers["DescribeFlowLogs"], self.ec2.describe_flow_logs())
        cluster = self.answer("eks", "describe-cluster")
        cluster["cluster"]["resourcesVpcConfig"]["vpcId"] = self.vpc
        folder = self.folder / "aws"
        folder.mkdir()
        for name, answer in {"eks-describe-cluster": cluster, "eks-list-nodegroups": self.answer("eks", "list-nodegroups"),
                             "eks-describe-nodegroup": self.answer("eks", "describe-nodegroup", "general")}.items():
            (folder / f"{name}.json").write_text(json.dumps(answer))
        for operation, answer in answers.items():
            name = "".join("-" + c.lower() if c.isupper() else c for c in operation)
            (folder / f"ec2{name}.json").write_text(json.dumps(answer))
        result = json.loads(self.run_it("check", "--aws", str(folder), "--profile", "eks-full", "-o", "json", "--fail-on", "never", codes=(0, 3)))
        verdicts = {c["id"]: (c["verdict"], sorted({f["object"].split("/")[-1] for f in c["findings"]})) for c in result["controls"]}
        peering = self.ec2.describe_vpc_peering_connections()["VpcPeeringConnections"][0]["VpcPeeringConnectionId"]
        for control, wanted in {"cluster-sg-open": ("fail", [self.group]), "peering-reviewed": ("fail", [peering]), "vpc-flow-logs": ("pass", []),
                                "nodes-private-subnets": ("pass", []), "cp-subnets-multi-az": ("pass", [])}.items():
            self.assertEqual(verdicts[control], wanted, control)

    def test_other_answers_of_ec2(self):
        self.same(self.answer("ec2", "describe-volumes"), self.ec2.describe_volumes())
        self.same(self.answer("ec2", "describe-snapshots"), self.ec2.describe_snapshots(OwnerIds=["self"]))
        self.same(self.answer("ec2", "get-ebs-encryption-by-default"), self.ec2.get_ebs_encryption_by_default())

    def test_answers_of_kms(self):
        self.same(self.answer("kms", "describe-key", self.keys[0]), self.kms.describe_key(KeyId=self.keys[0]))
        self.same(self.answer("kms", "get-key-rotation-status", self.keys[0]), self.kms.get_key_rotation_status(KeyId=self.keys[0]))

    def test_answers_of_s3(self):
        calls = {"get-bucket-versioning": self.s3.get_bucket_versioning, "get-bucket-policy": self.s3.get_bucket_policy, "get-bucket-encryption": self.s3.get_bucket_encryption,
                 "get-public-access-block": self.s3.get_public_access_block, "get-bucket-lifecycle-configuration": self.s3.get_bucket_lifecycle_configuration,
                 "get-bucket-logging": self.s3.get_bucket_logging, "get-object-lock-configuration": self.s3.get_object_lock_configuration,
                 "get-bucket-replication": self.s3.get_bucket_replication}
        for bucket in BUCKETS:
            for operation, call in calls.items():
                record = self.collected()["s3api", operation, bucket]
                try:
                    theirs = call(Bucket=bucket)
                    self.assertEqual(record["error"], "", (operation, bucket))
                    self.same(record["data"], theirs)
                except self.s3.exceptions.ClientError as error:
                    self.assertIn(error.response["Error"]["Code"], record["error"], (operation, bucket))

    def test_answers_of_logs_and_eks(self):
        self.same(self.answer("logs", "describe-log-groups"), self.logs.describe_log_groups(logGroupNamePrefix=GROUP))
        self.same(self.answer("eks", "describe-cluster")["cluster"], self.eks.describe_cluster(name=CLUSTER)["cluster"])
        self.same(self.answer("eks", "list-nodegroups"), self.eks.list_nodegroups(clusterName=CLUSTER))
        self.same(self.answer("eks", "describe-nodegroup", "general")["nodegroup"], self.eks.describe_nodegroup(clusterName=CLUSTER, nodegroupName="general")["nodegroup"])
        refused = {o for (s, o, _), r in self.collected().items() if s == "eks" and r["error"]}
        self.assertLessEqual({"list-addons", "list-access-entries", "list-insights"}, refused)

    def test_answers_of_iam(self):
        self.same(self.answer("iam", "list-attached-role-policies", "nodes"), self.iam.list_attached_role_policies(RoleName="nodes"))
        self.same(self.answer("iam", "list-role-policies", "nodes"), self.iam.list_role_policies(RoleName="nodes"))
        self.same(self.answer("iam", "get-role-policy", "nodes/inline"), self.iam.get_role_policy(RoleName="nodes", PolicyName="inline"))
        policy = self.iam.list_attached_role_policies(RoleName="nodes")["AttachedPolicies"][0]["PolicyArn"]
        self.same(self.answer("iam", "get-policy-version", policy + "/v2"), self.iam.get_policy_version(PolicyArn=policy, VersionId="v2"))

    # ---- verdicts ----

    def findings(self, control, *args):
        _, controls = self.verdicts("--control", control, *args)
        return controls[control]["verdict"], sorted(f["object"] for f in controls[control].get("findings", []) if f.get("verdict", "fail") == "fail")

    def test_verdicts_over_settings(self):
        arn = "arn:aws:s3:::"
        wanted = {
            "eks-logging-audit": ("pass", []),
            "api-endpoint-private": ("pass", []),
            "eks-secrets-encryption": ("pass", []),
            "kms-rotation": ("fail", [self.keys[2]]),
            "kms-key-usable": ("fail", [self.keys[2]]),
            "s3-backup-versioning": ("fail", [arn + "bare", arn + "open"]),
            "s3-backup-tls-only": ("fail", [arn + "bare", arn + "open"]),
            "peering-reviewed": ("unknown", []),
            "vpc-flow-logs": ("unknown", []),
        }
        for control, (verdict, objects) in wanted.items():
            got = self.findings(control)
            self.assertEqual(got[0], verdict, control)
            self.assertEqual(got[1], objects, control)

    def test_what_the_role_may(self):
        """Access entries cannot be listed here, so roles of other nodes are not known; what was found is found all the same."""
        verdict, objects = self.findings("cp-node-role-ecr")
        self.assertEqual((verdict, objects), ("fail", [self.role]))

    def test_what_moto_does_not_know_is_unknown(self):
        for control in ("cp-addons-healthy", "eks-insights-clean", "cp-addon-versions"):
            self.assertEqual(self.findings(control)[0], "unknown", control)


if __name__ == "__main__":
    if os.environ.get("KB_MOTO") != sys.argv[3]:
        reexec(sys.argv[3])
    Moto.cache = sys.argv.pop(3)
    Moto.caller = os.path.abspath(sys.argv.pop(2))
    Moto.binary = os.path.abspath(sys.argv.pop(1))
    unittest.main()
