/* Reading and judging for the picture of VPCs. */
#include "kube-baseline/baseline.h"
#include "kube-baseline/values.h"
#include "kube-baseline/vpc_graph.h"
#include "run/tables.h"
#include "run/world_judge.h"

static KB_RES load_profile(struct kb_vpc_view *view, struct kb_err *err)
{
    struct kb_mistakes mistakes = {0};
    const char *name = view->app->args.profile;
    kb_res res = kb_baselines_load(&view->baselines, KB_STR(""),
                                   name == NULL ? KB_STR("cluster-settings") : kb_str_c(name), NULL,
                                   0, &mistakes, err);
    if (mistakes.total > 0) {
        kb_tell_mistakes(view->app, &mistakes);
    }
    kb_mistakes_done(&mistakes);
    return res;
}

static KB_RES check_sources(const struct kb_vpc_view *view, struct kb_err *err)
{
    const struct kb_args *args = &view->app->args;
    KB_ENSURE(args->aws.n > 0 || args->snapshot != NULL, err, KB_ERR_USAGE,
              "--layer vpc is drawn from AWS settings: name them by --aws or --snapshot");
    KB_ENSURE(!view->named.sources.live && args->objects.n == 0, err, KB_ERR_USAGE,
              "--layer vpc is drawn from AWS settings (--aws, --snapshot), not from objects");
    KB_ENSURE(args->with.n + args->without.n + args->name_space.n == 0, err, KB_ERR_USAGE,
              "--with, --without and --namespace are of the layers of objects, not of vpc");
    return KB_SUCCESS;
}

static KB_RES read_world(struct kb_vpc_view *view, struct kb_err *err)
{
    struct kb_object_sink objects = kb_world_sink(&view->world);
    struct kb_aws_sink aws = kb_world_aws_sink(&view->world);
    KB_TRY(kb_gather(&view->named.sources, &objects, &aws, &view->gathered, err));
    kb_world_close(&view->world);
    return KB_SUCCESS;
}

static void judge(struct kb_vpc_view *view, int64_t now_ns)
{
    struct kb_engine_options options = {.now_ns = now_ns, .fail_on = KB_FAIL_ON_NEVER};
    struct kb_engine *engine = kb_engine_new(view->baselines.plan, &options);
    kb_tables_unread(engine);
    kb_world_judge(engine, view->baselines.plan, &view->world);
    kb_engine_finish(engine, &view->result);
    kb_engine_free(engine);
}

int kb_vpc_view_open(struct kb_vpc_view *view, struct kb_app *app)
{
    struct kb_err err = {0};
    int64_t now_ns = 0;
    *view = (struct kb_vpc_view){.app = app};
    kb_res res = kb_named_sources_init(&view->named, app, false, &err);
    if (!kb_failed(res)) {
        res = check_sources(view, &err);
    }
    if (!kb_failed(res)) {
        res = kb_value_now(app, &now_ns, NULL, &err);
    }
    if (!kb_failed(res)) {
        view->began = true;
        res = load_profile(view, &err);
    }
    kb_world_init(&view->world, now_ns, kb_world_profile_setting, &view->baselines.profile);
    if (!kb_failed(res)) {
        res = read_world(view, &err);
    }
    if (!kb_failed(res)) {
        judge(view, now_ns);
    }
    return kb_failed(res) ? kb_trouble(app, &err) : KUBE_BASELINE_CLEAN;
}

void kb_vpc_view_done(struct kb_vpc_view *view)
{
    kb_result_done(&view->result);
    kb_world_done(&view->world);
    kb_gathered_done(&view->gathered);
    if (view->began) {
        kb_baselines_done(&view->baselines);
    }
    kb_arena_done(&view->arena);
}

int kb_vpc_view_end(struct kb_vpc_view *view)
{
    static const char *const calls[] = {
        "eks describe-cluster",        "eks list-nodegroups",
        "ec2 describe-subnets",        "ec2 describe-route-tables",
        "ec2 describe-nat-gateways",   "ec2 describe-security-groups",
        "ec2 describe-vpc-endpoints",  "ec2 describe-vpc-peering-connections"};
    struct kb_str unread =
        kb_aws_unread(&view->world, calls, sizeof calls / sizeof calls[0], &view->arena);
    if (unread.n == 0 && !kb_net_nodegroups_whole(&view->world)) {
        unread = KB_STR("not every node group was described");
    }
    if (unread.n == 0) {
        return KUBE_BASELINE_CLEAN;
    }
    kb_complain(view->app, "the picture may lack something: %.*s", KB_FMT(unread));
    return KUBE_BASELINE_UNKNOWN;
}
