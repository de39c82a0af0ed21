#!/usr/bin/env python3
"""AWS settings asked for live, as files of the AWS CLI would give them: aws_live.py BINARY"""
import concurrent.futures
import gzip
import json
import os
import pathlib
import re
import subprocess
import sys
import unittest
import urllib.parse

from aws_stand import Stand

Stand.binary = os.path.abspath(sys.argv.pop(1))
ARN = "arn:aws:eks:eu-central-1:111122223333:cluster/demo"
KEY = "arn:aws:kms:eu-central-1:111122223333:key/1234"
ROLE = "arn:aws:iam::111122223333:role/ops"
DR_KEY = "arn:aws:kms:eu-west-1:111122223333:key/dr"
DR_VAULT = "arn:aws:backup:eu-west-1:111122223333:backup-vault:dr"
FIREWALL = "arn:aws:network-firewall:eu-central-1:111122223333:firewall/egress"
POLICY = "arn:aws:network-firewall:eu-central-1:111122223333:firewall-policy/p"
ALLOW = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
SCP = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Resource": "*", "Action": [
    "logs:DeleteLogGroup", "logs:PutRetentionPolicy", "cloudtrail:StopLogging", "cloudtrail:DeleteTrail", "backup:DeleteBackupVault", "backup:DeleteRecoveryPoint",
    "eks:UpdateClusterConfig"], "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/break-glass"}}}]}

REST = {  # eks, backup, guardduty: method, path and what is answered
    r"GET /clusters/demo": {"cluster": {"name": "demo", "arn": ARN, "version": "1.34", "resourcesVpcConfig": {"vpcId": "vpc-1"},
                                        "encryptionConfig": [{"resources": ["secrets"], "provider": {"keyArn": KEY}}], "accessConfig": {"authenticationMode": "API"}}},
    r"GET /cluster-versions": {"clusterVersions": [{"clusterVersion": "1.34", "endOfStandardSupportDate": 1.796E9}]},
    r"POST /clusters/demo/insights": {"insights": []},
    r"GET /clusters/demo/updates": {"updateIds": ["u-1"]},
    r"GET /clusters/demo/updates/u-1": {"update": {"id": "u-1", "status": "Successful"}},
    r"GET /clusters/demo/identity-provider-configs": {"identityProviderConfigs": []},
    r"GET /clusters/demo/pod-identity-associations": {"associations": []},
    r"GET /clusters/demo/access-entries": {"accessEntries": [ROLE]},
    r"GET /clusters/demo/access-entries/arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fops": {"accessEntry": {"principalArn": ROLE, "type": "STANDARD", "username": "ops", "kubernetesGroups": []}},
    r"GET /clusters/demo/access-entries/arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fops/access-policies": {"principalArn": ROLE, "associatedAccessPolicies": [
        {"policyArn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy", "accessScope": {"type": "cluster", "namespaces": []}}]},
    r"GET /clusters/demo/node-groups": {"nodegroups": ["general"]},
    r"GET /clusters/demo/node-groups/general": {"nodegroup": {"nodegroupName": "general", "launchTemplate": {"id": "lt-1", "name": "general", "version": "3"},
                                                               "nodeRole": "arn:aws:iam::111122223333:role/eks/nodes"}},
    r"GET /clusters/demo/addons": {"addons": ["vpc-cni"]},
    r"GET /clusters/demo/addons/vpc-cni": {"addon": {"addonName": "vpc-cni", "addonVersion": "v1.20.3-eksbuild.1", "status": "ACTIVE", "health": {"issues": []}}},
    r"GET /addons/supported-versions": {"addons": [{"addonName": "vpc-cni", "addonVersions": [
        {"addonVersion": f"v1.20.{n}-eksbuild.1", "compatibilities": [{"clusterVersion": "1.34", "platformVersions": ["*"], "defaultVersion": n == 4}]} for n in (4, 3)]}]},
    r"GET /policies": {"Policies": [{"PolicyId": "policy-1", "State": "ENABLED", "PolicyType": "EBS_SNAPSHOT_MANAGEMENT"}]},
    r"GET /policies/policy-1": {"Policy": {"PolicyId": "policy-1", "State": "ENABLED", "PolicyArn": "arn:aws:dlm:eu-central-1:111122223333:policy/policy-1", "PolicyDetails": {
        "PolicyType": "EBS_SNAPSHOT_MANAGEMENT", "ResourceTypes": ["VOLUME"], "TargetTags": [{"Key": "backup", "Value": "daily"}]}}},
    r"POST /findings": {"Findings": [{"Id": "f-1", "ProductArn": "p", "Title": "Endpoint is public", "Severity": {"Label": "HIGH"}, "RecordState": "ACTIVE", "Workflow": {"Status": "NEW"},
                                      "CreatedAt": "2026-01-01T00:00:00Z", "Compliance": {"Status": "FAILED", "SecurityControlId": "EKS.1"}, "Resources": [{"Type": "AwsEksCluster", "Id": ARN}]}]},
    r"GET /backup/plans/": {"BackupPlansList": [{"BackupPlanId": "plan-1"}]},
    r"GET /backup/plans/plan-1/": {"BackupPlanId": "plan-1", "BackupPlan": {"Rules": [{"TargetBackupVaultName": "vault", "CopyActions": [
        {"DestinationBackupVaultArn": DR_VAULT}, {"DestinationBackupVaultArn": DR_VAULT.replace("1111", "9999")}]}]}},
    r"GET /backup-vaults/dr": {"BackupVaultName": "dr", "BackupVaultArn": DR_VAULT, "EncryptionKeyArn": DR_KEY},
    r"GET /backup-vaults/dr/access-policy": {"BackupVaultName": "dr", "BackupVaultArn": DR_VAULT, "Policy": "{}"},
    r"GET /backup/plans/plan-1/selections/": {"BackupSelectionsList": [{"SelectionId": "sel-1", "BackupPlanId": "plan-1"}]},
    r"GET /backup/plans/plan-1/selections/sel-1": {"BackupSelection": {"SelectionName": "s"}, "SelectionId": "sel-1"},
    r"GET /backup-vaults/vault": {"BackupVaultName": "vault", "BackupVaultArn": "arn:v", "EncryptionKeyArn": KEY + "-vault"},
    r"GET /resources/arn%3Aaws%3Aeks%3Aeu-central-1%3A111122223333%3Acluster%2Fdemo/recovery-points/": {"RecoveryPoints": [
        {"RecoveryPointArn": "arn:rp", "CreationDate": 1.796E9, "Status": "COMPLETED", "IsParent": True}]},
    r"GET /backup-jobs/": {"BackupJobs": []},
    r"GET /restore-jobs/": {"RestoreJobs": []},
    r"GET /macie": {"status": "ENABLED", "createdAt": "2026-01-01T00:00:00.000Z"},
    r"GET /detector": {"detectorIds": ["d-1"]},
    r"GET /detector/d-1": {"status": "ENABLED", "features": [{"name": "EKS_AUDIT_LOGS", "status": "ENABLED"}, {"name": "RUNTIME_MONITORING", "status": "ENABLED"}]},
    r"POST /detector/d-1/coverage": {"resources": [{"resourceId": "c", "coverageStatus": "UNHEALTHY", "issue": "Agent not running", "updatedAt": 1.796E9,
                                                   "resourceDetails": {"eksClusterDetails": {"clusterName": "demo"}, "resourceType": "EKS"}}]},
    r"GET /clusters/demo/capabilities": {"capabilities": [{"capabilityName": "argocd", "type": "ARGOCD", "createdAt": 1.796E9}]},
    r"GET /backup-vaults/vault/access-policy": {"BackupVaultName": "vault", "BackupVaultArn": "arn:v", "Policy": json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Deny", "Principal": "*", "Action": "backup:DeleteRecoveryPoint", "Resource": "*", "Condition": {"ArnNotEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/break-glass"}}}]})},
}
TARGETS = {
    "DescribeLogGroups": {"logGroups": [{"logGroupName": "/aws/eks/demo/cluster", "kmsKeyId": KEY + "-logs"}]},
    "DescribeMetricFilters": {"metricFilters": []}, "DescribeSubscriptionFilters": {"subscriptionFilters": []}, "DescribeResourcePolicies": {"resourcePolicies": []},
    "DescribeTrails": {"trailList": [{"Name": "t", "TrailARN": "arn:t", "IsMultiRegionTrail": True, "LogFileValidationEnabled": True}]}, "GetTrailStatus": {"IsLogging": True},
    "GetEventSelectors": {"TrailARN": "arn:t", "EventSelectors": [{"ReadWriteType": "All", "IncludeManagementEvents": True}]},
    "ListFirewalls": {"Firewalls": [{"FirewallName": "egress", "FirewallArn": FIREWALL}]},
    "DescribeFirewall": {"UpdateToken": "u", "Firewall": {"FirewallName": "egress", "FirewallArn": FIREWALL, "FirewallPolicyArn": POLICY, "VpcId": "vpc-1", "DeleteProtection": True}},
    "DescribeFirewallPolicy": {"FirewallPolicyResponse": {"FirewallPolicyName": "p", "FirewallPolicyArn": POLICY, "LastModifiedTime": 1.796E9},
                               "FirewallPolicy": {"StatelessDefaultActions": ["aws:forward_to_sfe"], "StatefulDefaultActions": ["aws:drop_strict"]}},
    "DescribeLoggingConfiguration": {"FirewallArn": FIREWALL, "LoggingConfiguration": {"LogDestinationConfigs": [{"LogType": "ALERT", "LogDestinationType": "S3", "LogDestination": {"bucketName": "b"}}]}},
    "ListParents": lambda asked: {"Parents": [{"Id": "r-root", "Type": "ROOT"} if asked["ChildId"] == "ou-1" else {"Id": "ou-1", "Type": "ORGANIZATIONAL_UNIT"}]},
    "ListPoliciesForTarget": lambda asked: {"Policies": [{"Id": "p-" + asked["TargetId"][:2], "Name": "of " + asked["TargetId"]}]},
    "DescribePolicy": lambda asked: {"Policy": {"PolicySummary": {"Id": asked["PolicyId"], "Name": asked["PolicyId"]}, "Content": json.dumps(SCP if asked["PolicyId"] == "p-r-" else ALLOW)}},
    "DescribeConfigurationRecorders": {"ConfigurationRecorders": []}, "DescribeConfigurationRecorderStatus": {"ConfigurationRecordersStatus": []},
    "DescribeKey": lambda asked: {"KeyMetadata": {"KeyId": asked["KeyId"].split("/")[-1], "Arn": asked["KeyId"], "KeyState": "Enabled", "KeyManager": "CUSTOMER", "Origin": "AWS_KMS"}},
    "GetKeyRotationStatus": lambda asked: {"KeyId": asked["KeyId"], "KeyRotationEnabled": True},
}
EC2 = {"DescribeSubnets": "subnetSet", "DescribeRouteTables": "routeTableSet", "DescribeSecurityGroups": "securityGroupInfo", "DescribeNatGateways": "natGatewaySet",
       "DescribeVpcEndpoints": "vpcEndpointSet", "DescribeVpcPeeringConnections": "vpcPeeringConnectionSet", "DescribeFlowLogs": "flowLogSet", "DescribeTransitGatewayVpcAttachments": "transitGatewayVpcAttachments",
       "DescribeLaunchTemplateVersions": "launchTemplateVersionSet", "DescribeNetworkAcls": "networkAclSet",
       "DescribeVolumes": "volumeSet", "DescribeSnapshots": "snapshotSet"}
SETS = {"DescribeNetworkAcls": "<item><networkAclId>acl-1</networkAclId><vpcId>vpc-1</vpcId><ownerId>111122223333</ownerId><entrySet><item><ruleNumber>100</ruleNumber><protocol>-1</protocol>"
                               "<ruleAction>allow</ruleAction><egress>false</egress><cidrBlock>0.0.0.0/0</cidrBlock></item></entrySet><associationSet/></item>",
        "DescribeVolumes": "<item><volumeId>vol-1</volumeId><encrypted>true</encrypted><tagSet><item><key>backup</key><value>daily</value></item></tagSet></item>",
        "DescribeSnapshots": "<item><snapshotId>snap-1</snapshotId><volumeId>vol-1</volumeId><status>completed</status><startTime>2026-01-01T00:00:00.000Z</startTime><encrypted>true</encrypted></item>"}
OWN = "arn:aws:iam::111122223333:policy/own"
IAM = {"ListAttachedRolePolicies": f"<AttachedPolicies><member><PolicyName>own</PolicyName><PolicyArn>{OWN}</PolicyArn></member></AttachedPolicies><IsTruncated>false</IsTruncated>",
       "ListRolePolicies": "<PolicyNames><member>inline</member></PolicyNames><IsTruncated>false</IsTruncated>",
       "GetRolePolicy": f"<RoleName>nodes</RoleName><PolicyName>inline</PolicyName><PolicyDocument>{urllib.parse.quote(json.dumps(SCP))}</PolicyDocument>",
       "GetPolicy": f"<Policy><PolicyName>own</PolicyName><Arn>{OWN}</Arn><DefaultVersionId>v2</DefaultVersionId></Policy>",
       "GetPolicyVersion": "<PolicyVersion><VersionId>v2</VersionId><IsDefaultVersion>true</IsDefaultVersion><Document>"
                           + urllib.parse.quote(json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ecr:*", "Resource": "*"}]})) + "</Document></PolicyVersion>"}
BLOCKED = "<PublicAccessBlockConfiguration>" + "".join(f"<{n}>true</{n}>" for n in ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")) + "</PublicAccessBlockConfiguration>"
S3 = {"policy": (404, "<Error><Code>NoSuchBucketPolicy</Code><Message>The bucket policy does not exist</Message></Error>"), "versioning": (200, "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"),
      "policyStatus": (200, "<PolicyStatus><IsPublic>false</IsPublic></PolicyStatus>"), "publicAccessBlock": (200, "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls></PublicAccessBlockConfiguration>"),
      "encryption": (200, "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>" + KEY + "-bucket</KMSMasterKeyID></ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>"),
      "object-lock": (200, "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>"), "replication": (200, "<ReplicationConfiguration><Role>r</Role></ReplicationConfiguration>"),
      "lifecycle": (200, "<LifecycleConfiguration><Rule><ID>1</ID></Rule></LifecycleConfiguration>"), "logging": (200, "<BucketLoggingStatus/>")}
CONTROLS = sorted(p.stem for p in (pathlib.Path(__file__).resolve().parents[2] / "baselines" / "aws").glob("*.yaml") if not p.name.endswith(".cases.yaml"))
DENIED = 403, {"message": "User: alice is not authorized"}, {"x-amzn-ErrorType": "AccessDeniedException"}
LOCATION = {"apiVersion": "velero.io/v1", "kind": "BackupStorageLocation", "metadata": {"name": "default", "namespace": "velero", "uid": "u", "resourceVersion": "1"},
            "spec": {"provider": "velero.io/aws", "objectStorage": {"bucket": "backups"}}}


VOLUME = {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "pv-1", "uid": "pv", "resourceVersion": "2"}, "spec": {
    "csi": {"driver": "ebs.csi.aws.com", "volumeHandle": "vol-1"}, "claimRef": {"namespace": "shop", "name": "data"}}, "status": {"phase": "Bound"}}


class World(Stand):
    """A cluster, and the settings around it."""
    maxDiff = None

    def setUp(self):
        super().setUp()
        self.use("ASIASESSION")
        self.answers = [self.aws]
        self.denied = ()
        self.rest = dict(REST)

    def aws(self, call):
        assert call.signer() == "ASIASESSION"
        service = call.scope()[2]
        target = call.headers.get("x-amz-target", "").split(".")[-1]
        action = call.form.get("Action", "")
        if any(re.fullmatch(d, f"{call.method} {call.path}") or d in (target, action) for d in self.denied):
            return DENIED if action == "" else (403, "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>")
        if call.path == "/v20180820/configuration/publicAccessBlock":
            assert call.headers["x-amz-account-id"] == "111122223333" and service == "s3"
            return 200, BLOCKED
        if service == "s3":
            return S3[call.query]
        if service == "organizations":
            assert call.scope()[1] == "us-east-1"
        if DR_KEY.encode() in call.body or call.path.startswith("/backup-vaults/dr"):
            assert call.scope()[1] == "eu-west-1"
        if target:
            assert call.headers["content-type"] == "application/x-amz-json-1." + ("0" if service == "network-firewall" else "1")
            return 200, TARGETS[target](json.loads(call.body)) if callable(TARGETS[target]) else TARGETS[target]
        if action == "GetCallerIdentity":
            return 200, "<G><GetCallerIdentityResult><Arn>arn:aws:sts::111122223333:assumed-role/audit/x</Arn><Account>111122223333</Account></GetCallerIdentityResult></G>"
        if action == "GetEbsEncryptionByDefault":
            return 200, "<G><ebsEncryptionByDefault>true</ebsEncryptionByDefault></G>"
        if action == "GetSnapshotBlockPublicAccessState":
            return 200, "<G><state>block-all-sharing</state></G>"
        if action in IAM:
            assert call.scope()[1:3] == ["us-east-1", "iam"] and call.form.get("RoleName", "nodes") == "nodes"
            return 200, f"<{action}Response><{action}Result>{IAM[action]}</{action}Result></{action}Response>"
        if action:
            return 200, f"<R><requestId>r</requestId><{EC2[action]}>{SETS.get(action, '')}</{EC2[action]}></R>"
        return 200, self.rest[f"{call.method} {call.path}"]

    def objects(self):
        path = self.folder / "objects.json"  # written once: several processes may be reading it
        return str(path) if path.exists() else self.write("objects.json", {"apiVersion": "v1", "kind": "List", "items": [LOCATION, VOLUME]})

    def run_it(self, *args, env=None):
        return subprocess.run([self.binary, *args], env=env or self.env, capture_output=True, text=True, timeout=120)

    def collect(self, *args):
        path = str(self.folder / "s.gz")
        done = self.run_it("collect", "--eks-cluster", "demo", "-o", path, *args)
        self.assertIn(done.returncode, (0, 3), done.stderr)
        with gzip.open(path, "rt") as lines:
            records = [json.loads(line) for line in lines]
        return done, {(r["service"], r["operation"], r["subject"]): r for r in records if r.get("what") == "aws"}

    def verdicts(self, *args):
        """Verdict and number of findings of each control."""
        done = self.run_it("check", *args, "--objects", self.objects(), "-o", "json", "--fail-on", "never", "--profile", "eks-full")
        self.assertIn(done.returncode, (0, 3), done.stderr)
        return {c["id"]: (c["verdict"], c["counts"]["failed"] if "counts" in c else len(c.get("findings", []))) for c in json.loads(done.stdout)["controls"]}

    def files(self, answers):
        """What the AWS CLI would have written."""
        for (service, operation, subject), record in answers.items():
            subject = subject.rpartition("/")[0] if operation == "get-policy-version" else subject
            name = "-".join([service, operation, *[part for part in [subject.split("/")[-1].split(":")[-1]] if part]])
            if record["error"]:
                self.write(f"aws/{name}.err", record["error"])
            else:
                self.write(f"aws/{name}.json", record["data"])
        return str(self.folder / "aws")

    def check(self, *args):
        TARGETS["DescribeLogStreams"], TARGETS["FilterLogEvents"] = {"logStreams": []}, {"events": []}
        done = self.run_it("check", "--eks-cluster", "demo", "-o", "json", "--fail-on", "never", *args)
        self.assertIn(done.returncode, (0, 3), done.stderr)
        return json.loads(done.stdout)


class Live(World):
    def test_everything_is_asked_for(self):
        done, answers = self.collect("--objects", self.objects())
        errors = {k[:2] for k, r in answers.items() if r["error"]}
        self.assertEqual(errors, {("s3api", "get-bucket-policy")})
        self.assertEqual(answers["eks", "describe-cluster", ""]["data"]["cluster"]["arn"], ARN)
        self.assertRegex(answers["eks", "describe-cluster", ""]["source"], "^eks:DescribeCluster, request request-[0-9]+$")
        self.assertIn(("eks", "list-associated-access-policies", ROLE), answers)
        self.assertIn(("backup", "get-backup-selection", "plan-1/sel-1"), answers)
        self.assertIn(("guardduty", "get-detector", "d-1"), answers)
        self.assertEqual(answers["macie2", "get-macie-session", ""]["data"]["status"], "ENABLED")
        self.assertIn(("ec2", "describe-transit-gateway-vpc-attachments", "vpc-1"), answers)
        self.assertIn(("configservice", "describe-configuration-recorders", ""), answers)
        self.assertEqual({s for _, o, s in answers if o == "describe-key"}, {KEY, KEY + "-logs", KEY + "-bucket", KEY + "-vault", DR_KEY})
        self.assertEqual({s for _, o, s in answers if o == "describe-backup-vault"}, {"vault", DR_VAULT})
        self.assertEqual({s for _, o, s in answers if o == "list-recovery-points-by-resource"}, {ARN})
        self.assertEqual(answers["iam", "get-policy-version", OWN + "/v2"]["data"]["PolicyVersion"]["Document"]["Statement"][0]["Action"], "ecr:*")
        self.assertEqual(answers["iam", "get-role-policy", "nodes/inline"]["data"]["PolicyDocument"], SCP)
        self.assertEqual(answers["iam", "list-role-policies", "nodes"]["data"], {"PolicyNames": ["inline"]})
        filters = [json.loads(c.body) for c in self.calls if c.path == "/findings"][0]["Filters"]
        self.assertEqual({k: [v["Value"] for v in f if v["Comparison"] == "EQUALS"] for k, f in filters.items()},
                         {"RecordState": ["ACTIVE"], "WorkflowStatus": ["NEW", "NOTIFIED"], "SeverityLabel": ["CRITICAL", "HIGH"],
                          "ResourceType": ["AwsEksCluster", "AwsBackupBackupPlan", "AwsBackupBackupVault", "AwsBackupRecoveryPoint"]})
        self.assertEqual([c.form["Owner.1"] for c in self.calls if c.form.get("Action") == "DescribeSnapshots"], ["self"])
        self.assertEqual(answers["ec2", "describe-volumes", ""]["data"]["Volumes"][0]["Tags"], [{"Key": "backup", "Value": "daily"}])
        self.assertIn(("dlm", "get-lifecycle-policy", "policy-1"), answers)
        self.assertIn(("eks", "describe-addon-versions", "vpc-cni"), answers)
        self.assertEqual(answers["sts", "get-caller-identity", ""]["data"]["Account"], "111122223333")
        templates = [c.form for c in self.calls if c.form.get("Action") == "DescribeLaunchTemplateVersions"][0]
        self.assertEqual((templates["LaunchTemplateId"], templates["LaunchTemplateVersion.1"]), ("lt-1", "3"))
        subnets = [c.form for c in self.calls if c.form.get("Action") == "DescribeSubnets"][0]
        self.assertEqual((subnets["Filter.1.Name"], subnets["Filter.1.Value.1"]), ("vpc-id", "vpc-1"))
        self.assertNotIn("token", done.stdout)
        self.assertEqual(answers["s3control", "get-public-access-block", "111122223333"]["data"],
                         {"PublicAccessBlockConfiguration": dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)})
        self.assertEqual(answers["network-firewall", "describe-firewall", FIREWALL]["data"]["Firewall"]["DeleteProtection"], True)
        self.assertIn(("network-firewall", "describe-firewall-policy", POLICY), answers)
        self.assertIn(("network-firewall", "describe-logging-configuration", FIREWALL), answers)
        self.assertEqual([json.loads(c.body) for c in self.calls if c.headers.get("x-amz-target", "").endswith(".ListFirewalls")], [{"VpcIds": ["vpc-1"]}])
        self.assertEqual({s for _, o, s in answers if o == "list-parents"}, {"111122223333", "ou-1"})
        self.assertEqual({s for _, o, s in answers if o == "list-policies-for-target"}, {"111122223333", "ou-1", "r-root"})
        self.assertEqual({s for _, o, s in answers if o == "describe-policy"}, {"p-11", "p-ou", "p-r-"})
        self.assertEqual({json.loads(c.body)["Filter"] for c in self.calls if c.headers.get("x-amz-target", "").endswith(".ListPoliciesForTarget")}, {"SERVICE_CONTROL_POLICY"})
        self.assertEqual(answers["ec2", "describe-network-acls", "vpc-1"]["data"]["NetworkAcls"][0]["Entries"][0]["RuleNumber"], 100)
        self.assertEqual(answers["guardduty", "list-coverage", "d-1"]["data"]["Resources"][0]["ResourceDetails"]["EksClusterDetails"]["ClusterName"], "demo")
        self.assertEqual(answers["eks", "list-capabilities", ""]["data"]["capabilities"][0]["capabilityName"], "argocd")
        self.assertIn(("backup", "get-backup-vault-access-policy", "vault"), answers)
        self.assertIn(("cloudtrail", "get-event-selectors", "arn:t"), answers)

    def test_no_setting_is_the_clis_words(self):
        _, answers = self.collect("--objects", self.objects())
        self.assertEqual(answers["s3api", "get-bucket-policy", "backups"]["error"],
                         "An error occurred (NoSuchBucketPolicy) when calling the GetBucketPolicy operation: The bucket policy does not exist")

    def test_refusals_name_the_permission(self):
        self.denied = (r"GET /clusters/demo/access-entries", "DescribeSubnets", "DescribeKey")
        done, answers = self.collect()
        self.assertEqual(done.returncode, 3)
        for key, action in ((("eks", "list-access-entries", ""), "eks:ListAccessEntries"), (("ec2", "describe-subnets", "vpc-1"), "ec2:DescribeSubnets"),
                            (("kms", "describe-key", KEY), "kms:DescribeKey")):
            self.assertIn(f"(needs {action})", answers[key]["error"])
            self.assertIsNone(answers[key]["data"])
            self.assertIn(f"(needs {action})", done.stderr)
        self.assertEqual({s: r["error"] for (_, o, s), r in answers.items() if o == "describe-access-entry"},
                         {"": "not all was asked about: eks:ListAccessEntries was not answered in full"})

    def test_what_is_judged_is_asked_for_and_no_more(self):
        done = self.run_it("check", "--eks-cluster", "demo", "--log-group", "/aws/eks/demo/cluster", "-o", "json", "--fail-on", "never", "--control", "eks-*")
        self.assertIn(done.returncode, (0, 2, 3), done.stderr)
        asked = {c.path for c in self.calls}
        self.assertFalse(any(p.startswith("/backup") for p in asked))

    def test_one_snapshot_judges_as_the_live_cluster_does(self):
        self.collect()
        live = self.check()
        stored = json.loads(self.run_it("check", "--snapshot", str(self.folder / "s.gz"), "-o", "json", "--fail-on", "never", "--control", "access-*").stdout)
        verdicts = [{c["id"]: c["verdict"] for c in r["controls"] if c["id"].startswith("access-")} for r in (live, stored)]
        self.assertEqual(verdicts[0], verdicts[1])
        self.assertIn("pass", verdicts[0].values())

    def test_files_and_live_calls_judge_alike(self):
        TARGETS["DescribeLogStreams"], TARGETS["FilterLogEvents"] = {"logStreams": []}, {"events": []}
        _, answers = self.collect("--objects", self.objects())
        live = self.verdicts("--eks-cluster", "demo")
        files = self.verdicts("--aws", self.files(answers))
        self.assertEqual({i: live[i] for i in CONTROLS}, {i: files[i] for i in CONTROLS})
        self.assertGreater(sum(v == "pass" for v, _ in (live[i] for i in CONTROLS)), 20)

    def test_each_control_alone_asks_for_all_that_it_needs(self):
        TARGETS["DescribeLogStreams"], TARGETS["FilterLogEvents"] = {"logStreams": []}, {"events": []}
        all_at_once = self.verdicts("--eks-cluster", "demo")
        with concurrent.futures.ThreadPoolExecutor(8) as pool:  # most of the time is spent in keeping to quotas
            alone = pool.map(lambda i: (i, self.verdicts("--eks-cluster", "demo", "--control", i)[i]), CONTROLS)
            self.assertEqual(dict(alone), {i: all_at_once[i] for i in CONTROLS})

    def test_buckets_of_the_profile_are_asked_about(self):
        profile = self.write("p.yaml", "profile: p\nextends: eks-full\nsettings: {auditBuckets: [archive], backupBuckets: [b.c]}\n")
        self.check("--profile", profile, "--control", "audit-log-archive-immutable")
        self.assertEqual({c.path for c in self.calls if c.query == "object-lock"}, {"/archive", "/b.c"})

    def test_who_asked_is_in_the_result(self):
        self.assertEqual(self.check()["run"]["identity"], "arn:aws:sts::111122223333:assumed-role/audit/x")

    def test_a_refused_call_makes_its_controls_unknown(self):
        self.denied = (r"GET /clusters/demo/access-entries",)
        verdicts = {c["id"]: c for c in self.check()["controls"]}
        unknown = [c for i, c in verdicts.items() if i.startswith("access-") and c["verdict"] == "unknown"]
        self.assertTrue(unknown)
        self.assertIn("eks:ListAccessEntries", json.dumps(unknown))

    def test_no_such_cluster(self):
        del self.rest["GET /clusters/demo"]
        self.rest = {}
        self.answers = [lambda call: (404, {"message": "No cluster found"}, {"x-amzn-ErrorType": "ResourceNotFoundException"}) if call.path.startswith("/clusters") else self.aws(call)]
        done = self.run_it("collect", "--eks-cluster", "demo", "-o", str(self.folder / "s.gz"))
        self.assertEqual(done.returncode, 2)
        self.assertIn("there is no EKS cluster demo in eu-central-1", done.stderr)

    def test_what_is_no_cluster_is_not_asked_about(self):
        for name in ("..", "a/../b", ARN, "-a", "a b", "a" * 101, "a\nb", "d\u00e9mo"):
            for command in (["check"], ["collect", "-o", str(self.folder / "s.gz")]):
                done = self.run_it(*command, "--eks-cluster", name)
                self.assertEqual(done.returncode, 64, (name, done.stderr))
                self.assertIn("--eks-cluster takes a cluster's name", done.stderr)
        self.assertEqual(self.calls, [])

    def test_another_clusters_answer(self):
        for change in ({"name": "other"}, {"arn": ARN.replace("eu-central-1", "us-east-1")}, {"arn": ""}):
            self.rest["GET /clusters/demo"] = {"cluster": {**REST["GET /clusters/demo"]["cluster"], **change}}
            _, answers = self.collect()
            self.assertIn("the answer is about the cluster", answers["eks", "describe-cluster", ""]["error"])

    def test_without_credentials_nothing_is_judged(self):
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
            del self.env[name]
        done = self.run_it("collect", "--eks-cluster", "demo", "-o", str(self.folder / "s.gz"))
        self.assertEqual(done.returncode, 2)
        self.assertIn("no AWS credentials", done.stderr)


if __name__ == "__main__":
    unittest.main()
