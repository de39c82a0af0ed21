/*
 * Renders one made-up result that has everything in it, hostile text included: for the golden tests
 * of report formats.
 *
 *     render_fixture FORMAT [-v] [-q] [-c] [-a] [-e]   verbose, quiet, colour, ASCII, nothing in it
 */
#include <stdio.h>
#include <unistd.h>

#include "report/report.h"
#include "report/sink.h"

#define S(text) KB_STR_INIT(text)
#define ARRAY(a) (a), sizeof(a) / sizeof *(a)
#define NS INT64_C(1000000000)
#define T(s) ((INT64_C(1795600800) + (s)) * NS) /* 2026-11-25T10:00:00Z and s seconds */

static const struct kb_evidence lines[] = {
    {S("audit-1.log.gz"), S("line 812, byte 1204411"), S("8f3c0a52-5b4e-4e43-9a1c-2f60a3b0d001")},
    {S("audit-1.log.gz"), S("line 813, byte 1205120"), S("8f3c0a52-5b4e-4e43-9a1c-2f60a3b0d002")},
};
static const struct kb_evidence stream[] = {
    {S("/aws/eks/prod/cluster"), S("stream kube-apiserver-audit-0a, event 3812"), S("\x1b[2J\xff")},
};

static const struct kb_cel_val verbs[] = {{.kind = KB_CEL_STRING, .s = S("get")},
                                          {.kind = KB_CEL_STRING, .s = S("list")}};
static const struct kb_cel_list verb_list = {ARRAY(verbs)};
static const struct kb_cel_unknown no_body = {S("workload.privileged"),
                                              S("level Metadata carries no body"), NULL};
static const struct kb_cell cells[] = {
    {"user", {.kind = KB_CEL_STRING, .s = S("system:anonymous")}},
    {"code", {.kind = KB_CEL_INT, .i = 200}},
    {"verbs", {.kind = KB_CEL_LIST, .list = &verb_list}},
    {"time", {.kind = KB_CEL_TIMESTAMP, .i = 1795600800, .nanos = 123456000}},
    {"workload.privileged", {.kind = KB_CEL_UNKNOWN, .unknown = &no_body}},
    {"namespace", {.kind = KB_CEL_ABSENT}},
};

#define FINDING(print, v, who, what, text, at)                                                     \
    {                                                                                              \
        .fingerprint = print, .verdict = v, .owner = who, .object = S(what), .message = S(text),   \
        .time_ns = at, .cells = cells, .cell_count = sizeof cells / sizeof *cells,                 \
        .evidence = lines, .evidence_count = 1                                                     \
    }

static const struct kb_finding anonymous[] = {
    FINDING("00000000000000000000000000000001", KB_FAIL, KB_PROVIDER, "Pod/kube-system/aws-node",
            "system:anonymous got pods in kube-system (200)", T(62)),
    FINDING("00000000000000000000000000000002", KB_FAIL, KB_PROVIDER, "Pod/kube-system/aws-node",
            "system:anonymous got pods in kube-system (200)", T(900)),
    FINDING("00000000000000000000000000000003", KB_FAIL, KB_CLIENT, "Pod/shop-a/web",
            "system:anonymous got pods in shop-a \xe2\x80\xae\x1b[31mnasty\nnewline (200)", T(901)),
    FINDING("00000000000000000000000000000004", KB_FAIL, KB_PROVIDER, "Secret/kube-system/a",
            "system:anonymous listed secrets in kube-system, which is a long message that does not "
            "fit on one line "
            "of a usual terminal and has to be broken (200)",
            T(902)),
    FINDING("00000000000000000000000000000005", KB_FAIL, KB_PROVIDER, "Secret/kube-system/b",
            "system:anonymous got secret b", T(903)),
    FINDING("00000000000000000000000000000006", KB_FAIL, KB_PROVIDER, "Secret/kube-system/c",
            "system:anonymous got secret c", T(90300)),
    FINDING("00000000000000000000000000000007", KB_FAIL, KB_PROVIDER, "Secret/kube-system/d",
            "system:anonymous got secret d", T(90301)),
};
static const struct kb_finding exec[] = {
    {.fingerprint = "00000000000000000000000000000008",
     .verdict = KB_FAIL,
     .owner = KB_CLIENT,
     .object = S("Pod/shop-a/web"),
     .message = S("alice opened bash in web"),
     .time_ns = INT64_MIN,
     .evidence = stream,
     .evidence_count = 1},
};
static const struct kb_finding bodies[] = {
    {.fingerprint = "00000000000000000000000000000009",
     .verdict = KB_UNKNOWN,
     .owner = KB_SHARED,
     .object = S("Pod/shop-a/job"),
     .message = S("bob created pod job"),
     .reason = S("workload.privileged: level Metadata carries no body"),
     .time_ns = T(1000),
     .cells = cells,
     .cell_count = sizeof cells / sizeof *cells,
     .evidence = lines,
     .evidence_count = 2},
};
static const struct kb_finding waived[] = {
    {.fingerprint = "0000000000000000000000000000000a",
     .verdict = KB_WAIVED,
     .owner = KB_PROVIDER,
     .object = S("Pod/monitoring/node-exporter-1"),
     .message = S("node-exporter-1 uses the host's network"),
     .time_ns = T(30),
     .evidence = lines,
     .evidence_count = 1,
     .waiver = S("W-7")},
};
static const struct kb_finding restores[] = {
    FINDING("0000000000000000000000000000000b", KB_PASS, KB_PROVIDER, "Restore/velero/r1",
            "=cmd|' /C calc'!A0 restored shop-a", T(40)),
};

static const struct kb_criterion criteria[] = {
    {S("soc2"), S("CC6.1")}, {S("soc2"), S("CC6.6")}, {S("cis-eks"), S("3.2.1")}};

static const struct kb_control_result controls[] = {
    {.id = S("audit-anonymous-access"),
     .title = S("Anonymous requests reach nothing but health endpoints"),
     .table = S("audit.event"),
     .why = S("Whoever reaches the API server needs no credential then."),
     .fix = S("Remove the binding that admits anonymous users:\n  kubectl delete "
              "clusterrolebinding \\\n    NAME\n"),
     .severity = KB_CRITICAL,
     .owner = KB_PROVIDER,
     .criteria = criteria,
     .criterion_count = 3,
     .verdict = KB_FAIL,
     .rows = 4011,
     .rows_seen = 1204332,
     .findings = anonymous,
     .finding_count = 7,
     .findings_total = 1209,
     .totals = {[KB_FAIL] = 1209}},
    {.id = S("audit-exec-shell"),
     .title = S("Nobody opens a shell in a pod"),
     .table = S("audit.event"),
     .fix = S("Ask alice."),
     .severity = KB_MEDIUM,
     .owner = KB_CLIENT,
     .criteria = criteria,
     .criterion_count = 1,
     .verdict = KB_FAIL,
     .rows = 1,
     .rows_seen = 1204332,
     .findings = exec,
     .finding_count = 1,
     .findings_total = 1,
     .totals = {[KB_FAIL] = 1, [KB_UNKNOWN] = 0}},
    {.id = S("audit-privileged-pod"),
     .title = S("No privileged pods are made"),
     .table = S("audit.event"),
     .severity = KB_HIGH,
     .owner = KB_SHARED,
     .verdict = KB_UNKNOWN,
     .rows = 14,
     .rows_seen = 1204332,
     .findings = bodies,
     .finding_count = 1,
     .findings_total = 1,
     .totals = {[KB_UNKNOWN] = 1}},
    {.id = S("audit-restores"),
     .title = S("Restores that were done"),
     .table = S("audit.event"),
     .severity = KB_INFO,
     .owner = KB_PROVIDER,
     .verdict = KB_PASS,
     .record = true,
     .rows = 1,
     .rows_seen = 1204332,
     .findings = restores,
     .finding_count = 1,
     .findings_total = 1,
     .totals = {[KB_PASS] = 1}},
    {.id = S("authn-failures"),
     .title = S("No bursts of failed logins"),
     .table = S("audit.authn"),
     .severity = KB_LOW,
     .owner = KB_CLIENT,
     .verdict = KB_UNKNOWN,
     .reason = S("audit.authn: not read to its end")},
    {.id = S("authn-other"),
     .title = S("Other"),
     .table = S("audit.authn"),
     .severity = KB_HIGH,
     .owner = KB_CLIENT,
     .verdict = KB_UNKNOWN,
     .reason = S("audit.authn: not read to its end")},
    {.id = S("host-network-pod"),
     .title = S("Pods do not use the host's network"),
     .table = S("audit.event"),
     .severity = KB_MEDIUM,
     .owner = KB_PROVIDER,
     .verdict = KB_WAIVED,
     .rows = 1,
     .rows_seen = 10,
     .findings = waived,
     .finding_count = 1,
     .findings_total = 1,
     .totals = {[KB_WAIVED] = 1}},
    {.id = S("policy-review"),
     .title = S("The access policy was reviewed this year"),
     .severity = KB_LOW,
     .owner = KB_SHARED,
     .verdict = KB_MANUAL},
    {.id = S("rbac-cluster-admin-grant"),
     .title = S("cluster-admin is granted to nobody new"),
     .table = S("audit.event"),
     .severity = KB_HIGH,
     .owner = KB_SHARED,
     .verdict = KB_PASS,
     .rows = 12,
     .rows_seen = 1204332},
    {.id = S("rbac-nothing"),
     .title = S("Nothing"),
     .table = S("audit.event"),
     .severity = KB_HIGH,
     .owner = KB_SHARED,
     .verdict = KB_PASS,
     .rows_seen = 1204332},
    {.id = S("velero-schedule"),
     .title = S("Schedules"),
     .table = S("audit.event"),
     .severity = KB_HIGH,
     .owner = KB_PROVIDER,
     .verdict = KB_NOT_APPLICABLE,
     .reason = S("Velero is not installed")},
};

static const struct kb_gap gaps[] = {{S("no events"), T(3600), T(4800)}};
static const struct kb_str errors[] = {S("line 9912: cut in the middle of an event\x1b[0m")};
static const struct kb_coverage coverage[] = {
    {.source = S("audit-1.log.gz"),
     .what = S("audit"),
     .complete = true,
     .items = 1200000,
     .bytes = 1899000000,
     .first_ns = T(3),
     .last_ns = T(86401),
     .duplicates = 12},
    {.source = S("audit-2.log.gz"),
     .what = S("audit"),
     .complete = false,
     .items = 4332,
     .bytes = 1000000,
     .malformed = 1,
     .truncated = 2,
     .conflicts = 1,
     .first_ns = T(9),
     .last_ns = T(90301),
     .gaps = gaps,
     .gap_count = 1,
     .errors = errors,
     .error_count = 1},
};
static const struct kb_waiver_use waivers[] = {
    {S("W-7"), S("host-network-pod"), S("Pod/monitoring/node-exporter-*"), KB_WAIVER_MATCHED, 1},
    {S("W-8"), S("host-network-pod"), S("Pod/x/*"), KB_WAIVER_UNUSED, 0},
    {S("W-9"), S("host-pid-pod"), S("Pod/y/*"), KB_WAIVER_EXPIRED, 0},
};

int main(int argc, char **argv)
{
    struct kb_result result = {.profile = S("audit-log"),
                               .baseline_digest = S("3b1f"),
                               .control_total = 64,
                               .run_id = S("run-1"),
                               .now_ns = T(100000),
                               .started_ns = T(100000),
                               .finished_ns = T(100000),
                               .controls = controls,
                               .control_count = sizeof controls / sizeof *controls,
                               .coverage = coverage,
                               .coverage_count = 2,
                               .waivers = waivers,
                               .waiver_count = 3,
                               .exit_status = 1};
    struct kb_report_options options = {
        .version = "0.0.0", .commit = "", .width = 100, .unicode = true, .fail_on = KB_LOW};
    for (int opt; (opt = getopt(argc, argv, "vqcaew:")) != -1;) {
        uint64_t width = 0;
        options.verbose |= opt == 'v';
        options.quiet |= opt == 'q';
        options.color |= opt == 'c';
        options.unicode &= opt != 'a';
        if (opt == 'w' && kb_str_u64(kb_str_c(optarg), &width)) {
            options.width = (size_t)width;
        }
        if (opt == 'e') {
            result.control_count = result.coverage_count = result.waiver_count = 0;
            result.exit_status = 0;
        }
    }
    struct kb_err err = {0};
    struct kb_fd_sink out;
    kb_fd_sink_init(&out, STDOUT_FILENO, "standard output");
    const struct kb_report_format *format = kb_report_find(kb_str_c(argv[optind]));
    kb_res res = format == NULL ? kb_fail(&err, KB_ERR_USAGE, "no such format")
                                : format->render(&result, &options, out.sink, &err);
    if (!kb_failed(res)) {
        res = kb_fd_sink_flush(&out, &err);
    }
    kb_fd_sink_done(&out);
    if (kb_failed(res)) {
        fprintf(stderr, "%s\n", err.msg);
    }
    return kb_failed(res) ? 2 : 0;
}
