#!/usr/bin/env python3
"""Calls to AWS against a scripted server: aws_calls.py BINARY"""
import datetime
import os
import sys
import unittest

from aws_stand import KEYS, Stand

Stand.binary = os.path.abspath(sys.argv.pop(1))

EC2 = '<?xml version="1.0"?>\n<DescribeSecurityGroupsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId>%s</DescribeSecurityGroupsResponse>'
GROUP = """<securityGroupInfo><item><groupId>sg-1</groupId><groupDescription>a &amp; b</groupDescription><ipPermissions><item>
<ipProtocol>tcp</ipProtocol><fromPort>443</fromPort><toPort>443</toPort><groups/><ipRanges><item><cidrIp>0.0.0.0/0</cidrIp></item></ipRanges>
</item></ipPermissions><ipPermissionsEgress/></item></securityGroupInfo>"""
STS = "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::1:user/a</Arn><UserId>U</UserId><Account>1</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"


class Calls(Stand):
    def setUp(self):
        super().setUp()
        self.use("ASIASESSION")

    def good(self, *args, params=None):
        done = self.run_call(*args, params=params)
        self.assertEqual((done["result"], done["error"]), ("ok", ""))
        return done

    # ---- one correct request a protocol ----

    def test_json(self):
        self.answers = [(200, {"logGroups": []})]
        done = self.good("logs", "DescribeLogGroups")
        call = self.calls[0]
        self.assertEqual((call.method, call.target, call.body), ("POST", "/", b"{}"))
        self.assertEqual(call.headers["x-amz-target"], "Logs_20140328.DescribeLogGroups")
        self.assertEqual(call.headers["content-type"], "application/x-amz-json-1.1")
        self.assertNotIn("expect", call.headers)
        self.assertEqual((call.key, call.scope()[1:]), ("ASIASESSION", ["eu-central-1", "logs"]))
        self.assertEqual((done["request_id"], done["attempts"]), ("request-1", 1))

    def test_rest_json_with_an_arn_in_its_path(self):
        self.answers = [(200, {"accessEntry": {"createdAt": 1.763978400123E9, "tags": {"createdAt": "x"}}})]
        done = self.good("eks", "DescribeAccessEntry", params={"name": "demo", "principalArn": "arn:aws:iam::1:role/a/b+c"})
        call = self.calls[0]
        self.assertEqual((call.method, call.target), ("GET", "/clusters/demo/access-entries/arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fa%2Fb%2Bc"))
        self.assertNotIn("content-type", call.headers)
        self.assertEqual(done["answer"]["accessEntry"], {"createdAt": "2025-11-24T10:00:00.123Z", "tags": {"createdAt": "x"}})

    def test_query_as_xml_and_as_json(self):
        as_json = {"GetCallerIdentityResponse": {"GetCallerIdentityResult": {"Arn": "arn:aws:iam::1:user/a", "UserId": "U", "Account": "1"}}}
        for body in (STS, as_json):
            self.answers = [(200, body)]
            done = self.good("sts", "GetCallerIdentity")
            self.assertEqual(done["answer"], {"Arn": "arn:aws:iam::1:user/a", "UserId": "U", "Account": "1"})
        self.assertEqual(self.calls[0].body, b"Action=GetCallerIdentity&Version=2011-06-15")
        self.assertEqual(self.calls[0].headers["content-type"], "application/x-www-form-urlencoded; charset=utf-8")

    def test_ec2_as_the_cli_prints_it(self):
        self.answers = [(200, EC2 % (GROUP + "<nextToken>a+/=</nextToken>")), (200, EC2 % "<securityGroupInfo/><nextToken/>")]
        done = self.good("--all", "ec2", "DescribeSecurityGroups", params={"Filter": [{"Name": "vpc-id", "Value": ["vpc-1", "vpc-2"]}]})
        self.assertEqual(done["answer"]["SecurityGroups"], [{
            "GroupId": "sg-1", "Description": "a & b", "IpPermissionsEgress": [], "IpPermissions": [{
                "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "UserIdGroupPairs": [], "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}])
        self.assertNotIn("NextToken", done["answer"])
        self.assertIn(b"&Filter.1.Name=vpc-id&Filter.1.Value.1=vpc-1&Filter.1.Value.2=vpc-2", self.calls[0].body)
        self.assertIn(b"NextToken=a%2B%2F%3D", self.calls[1].body)

    def test_s3(self):
        cases = {"GetBucketPolicy": ('{"Version":"2012-10-17"}', {"Policy": '{"Version":"2012-10-17"}'}),
                 "GetBucketVersioning": ("<VersioningConfiguration/>", {}),
                 "GetBucketLocation": ("<LocationConstraint>eu-west-1</LocationConstraint>", {"LocationConstraint": "eu-west-1"}),
                 "GetPublicAccessBlock": ("<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls></PublicAccessBlockConfiguration>", {"PublicAccessBlockConfiguration": {"BlockPublicAcls": True}}),
                 "GetBucketEncryption": ("<ServerSideEncryptionConfiguration><Rule><BucketKeyEnabled>false</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>",
                                         {"ServerSideEncryptionConfiguration": {"Rules": [{"BucketKeyEnabled": False}]}}),
                 "GetBucketLifecycleConfiguration": ("<LifecycleConfiguration><Rule><ID>1</ID><Expiration><Days>7</Days></Expiration></Rule><Rule><ID>2</ID></Rule></LifecycleConfiguration>",
                                                     {"Rules": [{"ID": "1", "Expiration": {"Days": 7}}, {"ID": "2"}]})}
        for operation, (body, wanted) in cases.items():
            self.answers = [(200, body)]
            self.assertEqual(self.good("s3", operation, params={"Bucket": "a.b"})["answer"], wanted)
        self.assertEqual(self.calls[0].target, "/a.b?policy")

    def test_a_missing_label_is_told_before_anything_is_sent(self):
        done = self.run_call("eks", "DescribeCluster")
        self.assertEqual((done["result"], len(self.calls)), ("invalid", 0))

    # ---- pages ----

    def test_a_token_that_is_no_text_is_not_the_end(self):
        self.answers = [(200, {"accessEntries": ["a"], "nextToken": 5})]
        done = self.run_call("--all", "eks", "ListAccessEntries", params={"name": "demo"})
        self.assertEqual((done["result"], done["error"]), ("corrupt", "eks:ListAccessEntries: the next page's token is no text"))

    def test_tokens_are_escaped_and_empty_pages_are_not_the_end(self):
        self.answers = [(200, {"accessEntries": ["a"], "nextToken": "1+/="}), (200, {"accessEntries": [], "nextToken": "2"}),
                        (200, {"accessEntries": ["b"], "nextToken": None})]
        done = self.good("--all", "eks", "ListAccessEntries", params={"name": "demo", "maxResults": 100})
        self.assertEqual(done["answer"], {"accessEntries": ["a", "b"]})
        self.assertEqual(self.calls[1].query, "maxResults=100&nextToken=1%2B%2F%3D")

    def test_a_page_that_asks_for_itself_is_no_end(self):
        self.answers = [(200, {"events": [], "nextToken": "same"})]
        done = self.run_call("--all", "logs", "FilterLogEvents", params={"logGroupName": "g"})
        self.assertEqual((done["result"], len(self.calls)), ("corrupt", 2))

    def test_get_log_events_ends_with_the_token_it_was_asked_with(self):
        self.answers = [(200, {"events": [{"message": "1"}], "nextForwardToken": "f/1"}), (200, {"events": [], "nextForwardToken": "f/1"})]
        done = self.good("--all", "logs", "GetLogEvents", params={"logGroupName": "g", "logStreamName": "s"})
        self.assertEqual((done["answer"]["events"], len(self.calls)), ([{"message": "1"}], 2))

    # ---- trouble ----

    def tried_again(self, first):
        self.calls.clear()
        self.answers = [first, (200, {"events": []})]
        return self.good("logs", "FilterLogEvents", params={"logGroupName": "g"})["attempts"]

    def test_what_may_pass_is_tried_again(self):
        throttled = {"__type": "com.amazonaws.logs#ThrottlingException", "message": "Rate exceeded"}
        for first in ((400, throttled), (429, {}), (503, "busy"), (500, {"__type": "InternalError"}), (200, {"events": []}, {"cut": True}),
                      (200, '{"events": ['), (200, "<html>"), (200, {}), (200, {"events": None}),
                      (400, {}, {"x-amzn-ErrorType": "RequestTimeout:http://x/"})):
            self.assertEqual(self.tried_again(first), 2, first)

    def test_attempts_are_counted(self):
        for attempts in ("1", "2"):
            self.env["AWS_MAX_ATTEMPTS"] = attempts
            self.calls.clear()
            self.answers = [(503, "busy")]
            done = self.run_call("logs", "FilterLogEvents")
            self.assertEqual((done["result"], done["http"], len(self.calls)), ("io", 503, int(attempts)))

    def test_a_cut_answer_is_never_a_short_one(self):
        self.env["AWS_MAX_ATTEMPTS"] = "2"
        self.answers = [(200, '{"events": [{"message": "x"}, {"mess')]
        self.assertEqual(self.run_call("logs", "FilterLogEvents")["result"], "corrupt")

    def test_refusals_are_final_and_name_the_permission(self):
        self.answers = [(403, {"message": "no"}, {"x-amzn-ErrorType": "AccessDeniedException"})]
        done = self.run_call("eks", "ListAccessEntries", params={"name": "demo"})
        self.assertEqual((done["result"], done["code"], len(self.calls)), ("invalid", "AccessDeniedException", 1))
        self.assertIn("needs eks:ListAccessEntries", done["error"])

    def test_what_is_missing_is_told_apart(self):
        for service, operation, answer in (
                ("eks", "DescribeCluster", (404, {"message": "No cluster found"}, {"x-amzn-ErrorType": "ResourceNotFoundException"})),
                ("s3", "GetBucketPolicy", (404, "<Error><Code>NoSuchBucketPolicy</Code><Message>m</Message></Error>")),
                ("ec2", "DescribeVpcs", (400, "<Response><Errors><Error><Code>InvalidVpcID.NotFound</Code></Error></Errors></Response>"))):
            self.answers = [answer]
            done = self.run_call(service, operation, params={"name": "demo", "Bucket": "b"})
            self.assertEqual(done["result"], "not-found", operation)

    def test_a_clock_that_is_off_is_set_once(self):
        self.ahead = datetime.timedelta(minutes=20)

        def check(call):
            sent = datetime.datetime.strptime(call.headers["x-amz-date"], "%Y%m%dT%H%M%SZ")
            now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None) + self.ahead
            if abs(now - sent) < datetime.timedelta(minutes=5):
                return 200, {"events": []}
            return 400, {"__type": "InvalidSignatureException", "message": "Signature expired"}
        self.answers = [check]
        self.assertEqual(self.good("logs", "FilterLogEvents")["attempts"], 2)

    def test_a_wrong_signature_with_a_good_clock_is_final(self):
        self.answers = [(403, {"__type": "SignatureDoesNotMatch", "message": "m"})]
        self.assertEqual((self.run_call("logs", "FilterLogEvents")["result"], len(self.calls)), ("io", 1))

    def test_an_expired_session_is_renewed_once(self):
        for key in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
            del self.env[key]
        self.env["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = self.url + "/credentials"
        keys = ["ASIAROLE", "ASIASECOND"]

        def answer(call):
            if call.path == "/credentials":
                key = keys.pop(0)
                return 200, {"AccessKeyId": key, "SecretAccessKey": KEYS[key][0], "Token": KEYS[key][1], "Expiration": "2099-01-01T00:00:00Z"}
            return (200, {"events": []}) if call.key == "ASIASECOND" else (400, {"__type": "ExpiredTokenException"})
        self.answers = [answer]
        self.good("logs", "FilterLogEvents")
        self.assertEqual([c.key for c in self.calls], [None, "ASIAROLE", None, "ASIASECOND"])

    def test_a_bucket_elsewhere_is_signed_for_again(self):
        def answer(call):
            if call.scope()[1] == "us-west-2":
                return 200, "<VersioningConfiguration/>"
            return 301, "<Error><Code>PermanentRedirect</Code></Error>", {"x-amz-bucket-region": "us-west-2"}
        self.answers = [answer]
        self.assertEqual(self.good("s3", "GetBucketVersioning", params={"Bucket": "b"})["attempts"], 2)

    def test_certificates_are_looked_at(self):
        self.answers = [(200, {"logGroups": []})]
        self.env["AWS_MAX_ATTEMPTS"] = "1"
        certificate = self.speak_tls()
        done = self.run_call("logs", "DescribeLogGroups")
        self.assertEqual((done["result"], done["http"], self.calls), ("io", 0, []))
        self.env["AWS_CA_BUNDLE"] = certificate
        self.good("logs", "DescribeLogGroups")

    def test_nobody_is_there(self):
        self.env["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1"
        done = self.run_call("logs", "DescribeLogGroups")
        self.assertEqual((done["result"], done["http"], done["attempts"]), ("io", 0, 3))
        self.assertIn("logs:DescribeLogGroups", done["error"])

    def test_one_connection_serves_all_methods(self):
        self.answers = [(200, {"insights": [], "nextToken": "a+/="}), (200, {"insights": []})]
        self.good("--all", "eks", "ListInsights", params={"name": "demo", "filter": {"statuses": ["ERROR"]}})
        self.assertEqual([c.method for c in self.calls], ["POST", "POST"])
        self.assertEqual(self.calls[1].body, b'{"filter":{"statuses":["ERROR"]},"nextToken":"a+/="}')
        self.assertEqual(self.calls[1].headers["content-type"], "application/json")

    def test_no_region_is_told_before_anything_is_sent(self):
        del self.env["AWS_REGION"]
        done = self.run_call("eks", "ListClusters")
        self.assertEqual((done["result"], self.calls), ("invalid", []))
        self.assertIn("AWS_REGION", done["error"])

    def test_a_redirect_is_not_followed(self):
        self.answers = [(307, "", {"Location": self.url + "/elsewhere"})]
        self.assertEqual((self.run_call("eks", "DescribeCluster", params={"name": "a"})["result"], len(self.calls)), ("io", 1))


if __name__ == "__main__":
    unittest.main()
