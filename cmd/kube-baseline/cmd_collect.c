/* `collect`: read a cluster into a file. */
#include "kube-baseline/commands.h"
#include "kube-baseline/log_group.h"
#include "kube-baseline/sources.h"
#include "kube-baseline/values.h"
#include "report/layout.h"
#include "run/collect.h"

static enum kb_inflate_kind kind_of(struct kb_str path)
{
    return kb_str_ends(path, KB_STR(".zst")) ? KB_INFLATE_ZSTD : KB_INFLATE_GZIP;
}

static KB_RES write_snapshot(struct kb_app *app, const struct kb_sources *sources, int64_t now_ns,
                             struct kb_gathered *gathered, struct kb_err *err)
{
    struct kb_file_sink file = {0};
    struct kb_str path = kb_str_c(app->args.file);
    if (kb_str_eq_c(path, "-")) {
        return kb_run_collect(sources, KB_INFLATE_GZIP, now_ns, app->out.sink, gathered, err);
    }
    kb_res res = kb_file_sink_open(&file, path, err);
    if (!kb_failed(res)) {
        res = kb_run_collect(sources, kind_of(path), now_ns, file.fd.sink, gathered, err);
    }
    if (!kb_failed(res)) {
        res = kb_file_sink_commit(&file, err);
    }
    kb_file_sink_done(&file);
    return res;
}

/* What was not asked for want of another answer follows from that one. */
static bool follows(const struct kb_coverage *at)
{
    return at->error_count > 0 && kb_str_starts(at->errors[0], KB_STR(KB_AWS_NOT_ASKED));
}

/* On standard error, since the snapshot may be on standard output. */
static int tell(const struct kb_app *app, const struct kb_gathered *gathered)
{
    struct kb_buf text = {.max = 64};
    uint64_t items = 0;
    size_t unasked = 0;
    int status = KUBE_BASELINE_CLEAN;
    for (size_t i = 0; i < gathered->coverage.n; i++) {
        const struct kb_coverage *at = &gathered->coverage.at[i];
        items += at->items;
        unasked += follows(at);
        status = at->complete ? status : KUBE_BASELINE_UNKNOWN;
        if (!at->complete && !follows(at)) {
            kb_complain(app, "%.*s (%.*s) is not whole: %.*s", KB_FMT(at->source), KB_FMT(at->what),
                        at->error_count > 0 ? (int)at->errors[0].n : 0,
                        at->error_count > 0 ? at->errors[0].p : "");
        }
    }
    if (unasked > 0) {
        kb_complain(app, "%zu calls more could not be made in full, since what they are about was not answered", unasked);
    }
    kb_add_count(&text, items);
    if (!app->args.quiet) {
        kb_complain(app, "%.*s records of %zu sources", KB_FMT(kb_buf_view(&text)),
                    gathered->coverage.n);
    }
    kb_buf_done(&text);
    return status;
}

int kb_cmd_collect(struct kb_app *app)
{
    struct kb_err err = {0};
    struct kb_named_sources named;
    struct kb_gathered gathered = {0};
    struct kb_aws_client *aws = NULL;
    int64_t now;
    if (app->args.file == NULL) {
        return kb_usage(app, "name the file to write: -o FILE");
    }
    kb_res res = kb_named_sources_init(&named, app, true, &err);
    if (!kb_failed(res)) {
        res = kb_value_now(app, &now, NULL, &err);
    }
    if (!kb_failed(res) && app->args.eks_cluster != NULL) {
        res = kb_aws_open(app, &aws, &err);
        named.sources.aws_live = (struct kb_aws_live_options){
            .client = aws, .cluster = kb_str_c(app->args.eks_cluster), .areas = KB_AWS_AREA_ALL};
    }
    if (!kb_failed(res)) {
        res = write_snapshot(app, &named.sources, now, &gathered, &err);
    }
    int status = kb_failed(res) ? kb_trouble(app, &err) : tell(app, &gathered);
    kb_gathered_done(&gathered);
    kb_aws_client_free(aws);
    return status;
}
