/* Columns of audit.event that need no body. */
#include <stdio.h>

#include "facts/audit_event.h"
#include "show.h"
#include "test.h"

#define HEAD                                                                                       \
    "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/"                                           \
    "v1\",\"level\":\"Metadata\",\"auditID\":\"id-1\","
#define DONE HEAD "\"stage\":\"ResponseComplete\","
#define IAM                                                                                        \
    "\"user\":{\"username\":\"arn:aws:sts::111122223333:assumed-role/ops/alice-example.com\","     \
    "\"uid\":\"aws-iam-authenticator:111122223333:AROAEXAMPLEID00000001\",\"groups\":[\"system:"   \
    "authenticated\"],"                                                                            \
    "\"extra\":{\"accessKeyId\":[\"ASIAEXAMPLEKEY000001\"],"                                       \
    "\"arn\":[\"arn:aws:sts::111122223333:assumed-role/ops/alice@example.com\"],"                  \
    "\"canonicalArn\":[\"arn:aws:iam::111122223333:role/"                                          \
    "ops\"],\"principalId\":[\"AROAEXAMPLEID00000001\"],"                                          \
    "\"sessionName\":[\"alice@example.com\"]}}"

KB_TEST(columns, iam_caller)
{
    const char *e = DONE IAM "}";
    COLUMN(e, "user", "arn:aws:sts::111122223333:assumed-role/ops/alice-example.com");
    COLUMN(e, "groups", "[system:authenticated]");
    COLUMN(e, "arn", "arn:aws:sts::111122223333:assumed-role/ops/alice@example.com");
    COLUMN(e, "canonical_arn", "arn:aws:iam::111122223333:role/ops");
    COLUMN(e, "session_name", "alice@example.com");
    COLUMN(e, "access_key_id", "ASIAEXAMPLEKEY000001");
    COLUMN(e, "principal_id", "AROAEXAMPLEID00000001");
    COLUMN(e, "account", "111122223333");
    COLUMN(e, "caller", "person");
    COLUMN(e, "is_system", "false");
    COLUMN(e, "impersonated", "");
    COLUMN(
        e, "extra",
        "{accessKeyId: [ASIAEXAMPLEKEY000001], arn: "
        "[arn:aws:sts::111122223333:assumed-role/ops/alice@example.com],"
        " canonicalArn: [arn:aws:iam::111122223333:role/ops], principalId: [AROAEXAMPLEID00000001],"
        " sessionName: [alice@example.com]}");
}

KB_TEST(columns, other_callers)
{
    const char *old = DONE
        "\"user\":{\"username\":\"ci\",\"uid\":\"heptio-authenticator-aws:444455556666:AIDAX\","
        "\"extra\":{\"sigs.k8s.io/aws-iam-authenticator/principalId\":[\"AIDAX\"]}}}";
    COLUMN(old, "account", "444455556666");
    COLUMN(old, "principal_id", "AIDAX");
    COLUMN(old, "arn", "");
    const char *pod =
        DONE "\"user\":{\"username\":\"system:serviceaccount:shop:web\",\"extra\":{"
             "\"authentication.kubernetes.io/credential-id\":[\"JTI=1\"],"
             "\"authentication.kubernetes.io/node-name\":[\"n1\"],\"authentication.kubernetes.io/"
             "pod-name\":[\"web-1\"],"
             "\"authentication.kubernetes.io/pod-uid\":[\"u1\"]}}}";
    COLUMN(pod, "caller", "service-account");
    COLUMN(pod, "sa_namespace", "shop");
    COLUMN(pod, "sa_name", "web");
    COLUMN(pod, "credential_id", "JTI=1");
    COLUMN(pod, "pod_name", "web-1");
    COLUMN(pod, "pod_uid", "u1");
    COLUMN(pod, "node_name", "n1");
    COLUMN(pod, "account", "");
    const char *as =
        DONE IAM ",\"impersonatedUser\":{\"username\":\"bob\",\"groups\":[\"system:masters\"]}}";
    COLUMN(as, "impersonated", "bob");
    COLUMN(as, "impersonated_groups", "[system:masters]");
    COLUMN(as, "impersonated_system", "true");
    COLUMN(DONE "\"impersonatedUser\":{\"username\":\"system:kube-scheduler\"}}",
           "impersonated_system", "true");
    COLUMN(DONE
           "\"impersonatedUser\":{\"username\":\"system:serviceaccount:a:b\",\"groups\":[\"x\"]}}",
           "impersonated_system", "false");
}

KB_TEST(columns, nobody_at_all)
{
    const char *e = HEAD
        "\"stage\":\"ResponseStarted\",\"requestURI\":\"/api/v1/"
        "pods\",\"verb\":\"list\",\"user\":{},"
        "\"responseStatus\":{\"status\":\"Failure\",\"reason\":\"Unauthorized\",\"code\":401}}";
    COLUMN(e, "user", "");
    COLUMN(e, "caller", "unauthenticated");
    COLUMN(e, "refused", "true");
    COLUMN(e, "succeeded", "false");
    COLUMN(e, "status_reason", "Unauthorized");
    COLUMN(e, "decision", "");
    COLUMN(e, "is_system", "false");
}

KB_TEST(columns, request)
{
    const char *e =
        DONE "\"requestURI\":\"/api/v1/namespaces/shop/"
             "pods?limit=5\\u0026x=a%20b\\u0026x=c\",\"verb\":\"list\","
             "\"sourceIPs\":[\"10.0.0.9\",\"203.0.113.7\"],\"userAgent\":\"kubectl/v1.32\","
             "\"objectRef\":{\"resource\":\"pods\",\"namespace\":\"shop\",\"apiVersion\":\"v1\"},"
             "\"requestReceivedTimestamp\":\"2026-01-15T10:00:00.000001Z\",\"stageTimestamp\":"
             "\"2026-01-15T10:00:01Z\"}";
    COLUMN(e, "path", "/api/v1/namespaces/shop/pods");
    COLUMN(e, "query", "{limit: [5], x: [a b, c]}");
    COLUMN(e, "source_ips", "[10.0.0.9, 203.0.113.7]");
    COLUMN(e, "source_ip", "203.0.113.7");
    COLUMN(e, "source_public", "true");
    COLUMN(e, "user_agent", "kubectl/v1.32");
    COLUMN(e, "resource", "pods");
    COLUMN(e, "api_group", "");
    COLUMN(e, "api_version", "v1");
    COLUMN(e, "namespace", "shop");
    COLUMN(e, "name", "");
    COLUMN(e, "object", "pods/shop");
    COLUMN(e, "time", "1768471200.000001000");
    COLUMN(e, "stage_time", "1768471201.000000000");
    COLUMN(e, "truncated", "false");
    COLUMN(e, "writes", "false");
    COLUMN(DONE "\"requestURI\":\"/metrics?x\"}", "object", "/metrics");
    COLUMN(DONE "\"sourceIPs\":[\"pipe\"]}", "source_public",
           "unknown: the source is not an IP address");
    COLUMN(DONE "\"sourceIPs\":[]}", "source_public", "false");
    COLUMN(DONE "\"stageTimestamp\":\"2026-01-15T10:00:01Z\"}", "time", "1768471201.000000000");
    COLUMN(DONE "\"level\":\"x\"}", "time", "absent");
}

KB_TEST(columns, generated_name)
{
#define MADE                                                                                       \
    DONE "\"verb\":\"create\",\"objectRef\":{\"resource\":\"pods\",\"namespace\":\"shop\"},"       \
         "\"level\":\"RequestResponse\""
    COLUMN(MADE ",\"responseObject\":{\"kind\":\"Pod\",\"metadata\":{\"generateName\":\"web-\","
                "\"name\":\"web-x7\"}}}",
           "object", "pods/shop/web-x7");
    COLUMN(MADE ",\"responseObject\":{\"kind\":\"Status\",\"metadata\":{\"name\":\"no\"}}}", "name",
           "");
    COLUMN(MADE ",\"responseObject\":{\"kind\":\"Pod\",\"metad", "name", "unknown: cut off");
}

KB_TEST(columns, answer)
{
#define CODE(n) ",\"responseStatus\":{\"code\":" n "}}"
    COLUMN(DONE "\"verb\":\"patch\"" CODE("201"), "created", "true");
    COLUMN(DONE "\"verb\":\"patch\"" CODE("200"), "created", "false");
    COLUMN(DONE "\"verb\":\"create\"" CODE("201"), "created", "true");
    COLUMN(DONE "\"verb\":\"create\"" CODE("409"), "created", "false");
    COLUMN(DONE "\"verb\":\"get\"" CODE("101"), "succeeded", "true");
    COLUMN(DONE "\"verb\":\"get\"" CODE("403"), "refused", "true");
    COLUMN(DONE "\"verb\":\"delete\"" CODE("200"), "deletes", "true");
    COLUMN(DONE "\"verb\":\"create\"}", "code", "absent");
    COLUMN(DONE "\"verb\":\"create\"}", "succeeded", "unknown: the record has no code");
    const char *begun = HEAD "\"stage\":\"RequestReceived\",\"verb\":\"create\"}";
    COLUMN(begun, "code", "unknown: no answer yet");
    COLUMN(begun, "succeeded", "unknown: no answer yet");
    COLUMN(begun, "created", "unknown: no answer yet");
    COLUMN(begun, "decision", "unknown: no decision yet");
    COLUMN(begun, "status_reason", "unknown: no answer yet");
    COLUMN(begun, "grant_kind", "unknown: no decision yet");
    COLUMN(begun, "writes", "true");
}

KB_TEST(columns, dry_run)
{
#define URI(query) "\"requestURI\":\"/api/v1/x" query "\","
    COLUMN(DONE URI("?dryRun=All") "\"verb\":\"create\"" CODE("201"), "dry_run", "true");
    COLUMN(DONE URI("?dryRun=All") "\"verb\":\"create\"" CODE("201"), "succeeded", "false");
    COLUMN(DONE URI("?dryRun=All;x") "\"verb\":\"create\"" CODE("201"), "dry_run", "false");
    COLUMN(DONE URI("?dryRun=") "\"verb\":\"create\"" CODE("201"), "dry_run", "false");
    COLUMN(DONE URI("") "\"verb\":\"delete\",\"requestObject\":{\"kind\":\"DeleteOptions\","
                        "\"dryRun\":[\"All\"]}" CODE("200"),
           "dry_run", "true");
    COLUMN(DONE URI("") "\"verb\":\"create\",\"objectRef\":{\"resource\":\"pods\",\"subresource\":"
                        "\"eviction\"},"
                        "\"requestObject\":{\"deleteOptions\":{\"dryRun\":[\"All\"]}}" CODE("201"),
           "dry_run", "true");
    COLUMN(DONE URI("") "\"verb\":\"create\",\"objectRef\":{\"resource\":\"pods\"},"
                        "\"requestObject\":{\"dryRun\":[\"All\"]}" CODE("201"),
           "dry_run", "false");
    COLUMN(DONE URI("") "\"verb\":\"delete\"" CODE("200"), "succeeded", "true");
}

KB_TEST(columns, grants)
{
#define REASON(text)                                                                               \
    DONE "\"annotations\":{\"authorization.k8s.io/decision\":\"allow\",\"authorization.k8s.io/"    \
         "reason\":\"" text "\"}}"
    const char *rbac = REASON("RBAC: allowed by RoleBinding \\\"readers/shop\\\" of ClusterRole "
                              "\\\"view\\\" to ServiceAccount \\\"web/shop\\\"");
    COLUMN(rbac, "decision", "allow");
    COLUMN(rbac, "grant_kind", "RoleBinding");
    COLUMN(rbac, "grant_binding", "shop/readers");
    COLUMN(rbac, "grant_role_kind", "ClusterRole");
    COLUMN(rbac, "grant_role", "view");
    COLUMN(rbac, "grant_subject", "ServiceAccount/shop/web");
    COLUMN(rbac, "access_policy", "");
    const char *eks = REASON(
        "EKS Access Policy: allowed by ClusterRoleBinding \\\"arn:aws:iam::111122223333:role/x+"
        "arn:aws:eks::aws:cluster-access-policy/P\\\" of ClusterRole "
        "\\\"arn:aws:eks::aws:cluster-access-policy/P\\\" to User \\\"AROA\\\"");
    COLUMN(eks, "access_policy", "arn:aws:eks::aws:cluster-access-policy/P");
    COLUMN(eks, "access_principal", "arn:aws:iam::111122223333:role/x");
    COLUMN(eks, "grant_subject", "User/AROA");
    COLUMN(REASON(""), "grant_kind", "");
    COLUMN(DONE "\"annotations\":{\"failed-open.validating.webhook.admission.k8s.io/"
                "round_0_index_0\":\"v\",\"a\":\"b\"}}",
           "failed_open", "[failed-open.validating.webhook.admission.k8s.io/round_0_index_0]");
    COLUMN(DONE "\"annotations\":{\"audit.k8s.io/truncated\":\"true\"}}", "truncated", "true");
}

KB_TEST(columns, commands)
{
#define EXEC(verb, query)                                                                          \
    DONE "\"verb\":\"" verb "\",\"requestURI\":\"/api/v1/namespaces/shop/pods/w/exec?" query "\"," \
         "\"objectRef\":{\"resource\":\"pods\",\"subresource\":\"exec\"}}"
    COLUMN(EXEC("get",
                "command=%2Fbin%2Fbash\\u0026command=-c\\u0026command=echo+hi\\u0026stdin=true"),
           "command", "[/bin/bash, -c, echo hi]");
    COLUMN(EXEC("get", "command=%2Fbin%2Fbash\\u0026command=-c\\u0026command=echo+hi"),
           "command_text", "/bin/bash -c echo hi");
    static const struct {
        const char *event, *want;
    } rows[] = {
        {EXEC("create", "command=%2Fbin%2Fbash"), "bash"},
        {EXEC("create", "command=/usr/bin/env&command=-i&command=A=b&command=bash"), "bash"},
        {EXEC("create", "command=env&command=-u&command=HOME&command=sh"), "sh"},
        {EXEC("create", "command=env&command=-S&command=bash+-c+id"), "bash"},
        {EXEC("create", "command=busybox&command=sh"), "sh"},
        {EXEC("create", "command=busybox"), "busybox"},
        {EXEC("create",
              "command=nohup&command=timeout&command=-s&command=9&command=5s&command=/opt/x/nc"),
         "nc"},
        {EXEC("create", "command=timeout&command=--signal&command=KILL&command=5&command=sh"),
         "sh"},
        {EXEC("create", "command=nice&command=-n10&command=--&command=curl"), "curl"},
        {EXEC("create", "command=sh&command=-c&command=curl"), "sh"},
        {EXEC("create", "command=/opt/bash-tools/report"), "report"},
        {EXEC("create", "container=x"), ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        COLUMN(rows[i].event, "program", rows[i].want);
    }
#define NODE(path)                                                                                 \
    DONE "\"verb\":\"create\",\"requestURI\":\"/api/v1/nodes/n1/proxy/" path "\","                 \
         "\"objectRef\":{\"resource\":\"nodes\",\"subresource\":\"proxy\",\"name\":\"n1\"}}"
    COLUMN(NODE("run/shop/web/c?cmd=cat+/etc/shadow"), "command", "[cat, /etc/shadow]");
    COLUMN(NODE("exec/shop/web/c?command=id"), "command", "[id]");
    COLUMN(NODE("metrics?cmd=id"), "command", "[]");
    COLUMN(DONE "\"verb\":\"get\",\"requestURI\":\"/"
                "x?command=id\",\"objectRef\":{\"resource\":\"pods\",\"subresource\":\"log\"}}",
           "command", "[]");
}

KB_TEST(columns, field_manager)
{
#define AGENT(verb, query)                                                                         \
    DONE "\"verb\":\"" verb "\",\"requestURI\":\"/x" query "\",\"userAgent\":\"helm/3.1 "          \
         "(linux)\"}"
    COLUMN(AGENT("patch", "?fieldManager=argocd-controller"), "field_manager", "argocd-controller");
    COLUMN(AGENT("create", ""), "field_manager", "helm");
    COLUMN(AGENT("get", ""), "field_manager", "");
}

KB_TEST(columns, what_the_cut_took)
{
    const char *e = HEAD "\"stage\":\"ResponseComplete\",\"requestURI\":\"/"
                         "x\",\"verb\":\"create\",\"user\":{\"username\":\"u\",\"groups\":[\"a\",";
    COLUMN(e, "user", "u");
    COLUMN(e, "caller", "person");
    COLUMN(e, "truncated", "true");
    COLUMN(e, "writes", "true");
    static const char *const lost[] = {
        "groups",       "extra",        "arn",           "account",
        "impersonated", "source_ip",    "source_public", "resource",
        "namespace",    "name",         "object",        "code",
        "succeeded",    "refused",      "created",       "decision",
        "reason",       "grant_kind",   "annotations",   "failed_open",
        "is_workload",  "command",      "program",       "workload.privileged",
        "role.rules",   "netpol.opens", "object_labels", "replicas"};
    for (size_t i = 0; i < sizeof lost / sizeof lost[0]; i++) {
        COLUMN(e, lost[i], "unknown: cut off");
    }
    COLUMN(e, "time", "absent");
    COLUMN(HEAD "\"verb\":\"create\",\"requestURI\":\"/x?dry", "dry_run", "unknown: cut off");
}

KB_TEST(columns, what_the_engine_asks)
{
    KB_AUTO(kb_arena_done) struct kb_arena arena = {0};
    struct kb_err err = {0};
    struct kb_event event;
    struct kb_audit_row row;
    struct kb_row_info info;
    struct kb_audit_cache *cache = kb_audit_cache_new();
    const struct kb_audit_origin origin = {.source = KB_STR("a.log"),
                                           .line = 3,
                                           .offset = 99,
                                           .sequence = 2,
                                           .stream = KB_STR("s"),
                                           .event_id = KB_STR("e"),
                                           .timestamp_ns = INT64_C(1768471200000000000)};
    OK(kb_event_parse(
           KB_STR(DONE
                  "\"verb\":\"delete\",\"user\":{\"username\":\"system:serviceaccount:ci:bot\"},"
                  "\"objectRef\":"
                  "{\"resource\":\"networkpolicies\",\"namespace\":\"shop\",\"name\":\"deny\"}}"),
           false, &event, &err),
       &err);
    kb_audit_row_init(&row, &event, &origin, true, cache);
    struct kb_row view = kb_audit_row_view(&row);
    CHECK(view.table == &kb_table_audit_event);
    view.ops->info(view.data, &arena, &info);
    EQ_STR(info.object, "NetworkPolicy/shop/deny");
    EQ_STR(info.name_space, "shop");
    EQ_STR(info.subject, "ServiceAccount/ci/bot");
    EQ_STR(info.evidence.source, "a.log");
    EQ_STR(info.evidence.locator, "line 3, byte 99, stream s, event e");
    EQ_STR(info.evidence.audit_id, "id-1");
    EQ_INT(info.time_ns, INT64_C(1768471200000000000));
    EQ_STR(info.order, "a.log:0000000000000002");
    OK(kb_event_parse(
           KB_STR(DONE IAM ",\"verb\":\"list\",\"objectRef\":{\"resource\":\"secrets\"}}"), false,
           &event, &err),
       &err);
    kb_audit_row_init(&row, &event, &origin, false, cache);
    view.ops->info(view.data, &arena, &info);
    EQ_STR(info.object, "Secret/*");
    EQ_STR(info.subject, "arn:aws:iam::111122223333:role/ops");
    kb_audit_cache_free(cache);
}

KB_TEST(columns, maps_that_would_be_slow_to_make_are_not_known)
{
    static char event[64 << 10];
    size_t n = (size_t)snprintf(event, sizeof event, "{\"verb\":\"get\",\"requestURI\":\"/x?a");
    for (int i = 0; i < 600; i++) {
        n += (size_t)snprintf(event + n, sizeof event - n, "&p%d=1", i);
    }
    (void)snprintf(event + n, sizeof event - n, "&dryRun=All\"}");
    COLUMN(event, "query", "unknown: more parameters than are read");
    COLUMN(event, "dry_run", "true");
}
