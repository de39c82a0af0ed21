/* Reading for the `network` commands, and their common words. */
#include "kube-baseline/network_view.h"

#include <sys/stat.h>

#include "data/glob.h"

static const struct kb_kind_set kinds = {{[KB_KIND_NAMESPACE] = true,
                                          [KB_KIND_POD] = true,
                                          [KB_KIND_NODE] = true,
                                          [KB_KIND_SERVICE] = true,
                                          [KB_KIND_CONFIG_MAP] = true,
                                          [KB_KIND_DAEMON_SET] = true,
                                          [KB_KIND_REPLICA_SET] = true,
                                          [KB_KIND_JOB] = true,
                                          [KB_KIND_NETWORK_POLICY] = true,
                                          [KB_KIND_ADMIN_NETWORK_POLICY] = true,
                                          [KB_KIND_BASELINE_ADMIN_NETWORK_POLICY] = true,
                                          [KB_KIND_CLUSTER_NETWORK_POLICY] = true,
                                          [KB_KIND_AWS_CLUSTER_NETWORK_POLICY] = true,
                                          [KB_KIND_AWS_APPLICATION_NETWORK_POLICY] = true,
                                          [KB_KIND_CALICO_NETWORK_POLICY] = true,
                                          [KB_KIND_CALICO_GLOBAL_NETWORK_POLICY] = true,
                                          [KB_KIND_CILIUM_NETWORK_POLICY] = true,
                                          [KB_KIND_CILIUM_CLUSTERWIDE_NETWORK_POLICY] = true,
                                          [KB_KIND_NODE_CLASS] = true,
                                          [KB_KIND_CUSTOM_RESOURCE_DEFINITION] = true}};

static struct kb_cel_val setting(const void *ctx, const char *name)
{
    const struct kb_network_view *view = ctx;
    const char *engine = view->app->args.engine;
    if (strcmp(name, "networkEngine") == 0 && engine != NULL && strcmp(engine, "auto") != 0) {
        return kb_cel_string(kb_str_c(engine));
    }
    struct kb_cel_val none = {.kind = KB_CEL_NULL};
    return view->profile == NULL ? none : kb_profile_setting(view->profile, name);
}

/* A sink that leaves out what is skipped. */
struct filter {
    struct kb_network_view *view;
    struct kb_object_sink to;
    bool names_only; /* note names, and pass nothing on */
};

static struct kb_str name_of(const struct filter *filter, const struct kb_object *object)
{
    return kb_object_name(&filter->view->arena, object);
}

static void on_object(void *ctx, const struct kb_object *object)
{
    struct filter *filter = ctx;
    struct kb_str name = name_of(filter, object);
    if (filter->names_only) {
        (void)kb_map_add(&filter->view->skipped, name, NULL);
    } else if (kb_map_find(&filter->view->skipped, name) == NULL) {
        filter->to.object(filter->to.ctx, object);
    } else {
        kb_map_find(&filter->view->skipped, name)->value.u = 1;
    }
}

static void on_list(void *ctx, const struct kb_list_report *report)
{
    const struct filter *filter = ctx;
    if (!filter->names_only) {
        filter->to.list(filter->to.ctx, report);
    }
}

static void on_rejected(void *ctx, struct kb_str source, struct kb_str locator,
                        const struct kb_err *why)
{
    const struct filter *filter = ctx;
    if (!filter->names_only) {
        filter->to.rejected(filter->to.ctx, source, locator, why);
    }
}

static void on_other(void *ctx, struct kb_str api_version, struct kb_str kind, uint64_t count)
{
    const struct filter *filter = ctx;
    filter->to.other(filter->to.ctx, api_version, kind, count);
}

static void no_list(void *ctx, const struct kb_list_report *report)
{
    (void)ctx;
    (void)report;
}

static struct kb_object_sink filtered(struct filter *filter)
{
    return (struct kb_object_sink){filter, on_object, on_list, on_rejected, on_other};
}

static void no_answer(void *ctx, const struct kb_aws_answer *answer)
{
    (void)ctx;
    (void)answer;
}

/* Read the files of --with: their names first, so that what they replace is left out; then all. */
static KB_RES read_added(struct kb_network_view *view, const struct kb_object_sink *objects,
                         struct kb_err *err)
{
    const kb_words *with = &view->app->args.with;
    struct kb_sources sources = {.objects = with->at, .object_count = with->n};
    struct kb_aws_sink none = {NULL, no_answer};
    kb_gathered_done(&view->added);
    view->added = (struct kb_gathered){0};
    return with->n == 0 ? KB_SUCCESS : kb_gather(&sources, objects, &none, &view->added, err);
}

static KB_RES read_all(struct kb_network_view *view, const struct kb_sources *sources,
                       struct kb_err *err)
{
    struct kb_object_sink world = kb_world_sink(&view->world);
    struct kb_aws_sink aws = kb_world_aws_sink(&view->world);
    struct filter filter = {.view = view, .to = world, .names_only = true};
    struct kb_object_sink sink = filtered(&filter);
    const kb_words *without = &view->app->args.without;
    KB_TRY(read_added(view, &sink, err));
    for (size_t i = 0; i < without->n; i++) {
        (void)kb_map_add(&view->skipped, without->at[i], NULL);
    }
    filter.names_only = false;
    KB_TRY(kb_gather(sources, &sink, &aws, &view->gathered, err));
    for (size_t i = 0; i < without->n; i++) {
        KB_ENSURE(kb_map_find(&view->skipped, without->at[i])->value.u == 1, err, KB_ERR_USAGE,
                  "--without %.*s: there is no such object", KB_FMT(without->at[i]));
    }
    world.list = no_list; /* a file of changes says nothing of how whole the rest is */
    KB_TRY(read_added(view, &world, err));
    kb_world_told_version(&view->world, view->gathered.cluster.version);
    kb_world_close(&view->world);
    return KB_SUCCESS;
}

static void begin(struct kb_network_view *view, struct kb_app *app, const struct kb_profile *profile)
{
    *view = (struct kb_network_view){.app = app, .profile = profile};
    kb_world_init(&view->world, 0, setting, view);
    view->net = &view->world.network->net;
}

static int open_view(struct kb_network_view *view, struct kb_app *app, const struct kb_profile *profile,
                     const struct kb_kind_set *set)
{
    struct kb_err err = {0};
    begin(view, app, profile);
    kb_res res = kb_named_sources_init(&view->named, app, true, &err);
    if (!kb_failed(res)) {
        view->named.sources.cluster.kinds = set;
        res = read_all(view, &view->named.sources, &err);
    }
    return kb_failed(res) ? kb_trouble(app, &err) : KUBE_BASELINE_CLEAN;
}

int kb_network_view_open(struct kb_network_view *view, struct kb_app *app)
{
    return open_view(view, app, NULL, &kinds);
}

int kb_network_view_open_judged(struct kb_network_view *view, struct kb_app *app,
                                const struct kb_profile *profile)
{
    static const enum kb_kind_id more[] = {KB_KIND_DEPLOYMENT, KB_KIND_STATEFUL_SET, KB_KIND_CRON_JOB,
                                           KB_KIND_SERVICE_ACCOUNT, KB_KIND_ENDPOINT_SLICE};
    struct kb_kind_set set = kinds;
    for (size_t i = 0; i < sizeof more / sizeof more[0]; i++) {
        set.has[more[i]] = true;
    }
    return open_view(view, app, profile, &set);
}

int kb_network_view_open_path(struct kb_network_view *view, struct kb_app *app, struct kb_str path)
{
    struct kb_err err = {0}, first;
    struct stat info;
    struct kb_str name = {path.p, path.n};
    begin(view, app, NULL);
    bool folder = stat(path.p, &info) == 0 && S_ISDIR(info.st_mode);
    struct kb_sources sources = {.objects = &name, .object_count = 1};
    struct kb_sources snapshot = {.snapshot = path};
    if (!folder && !kb_failed(read_all(view, &snapshot, &first))) {
        return KUBE_BASELINE_CLEAN;
    }
    if (!folder) { /* it is no snapshot: from the beginning */
        kb_network_view_done(view);
        begin(view, app, NULL);
    }
    return kb_failed(read_all(view, &sources, &err)) ? kb_trouble(app, &err) : KUBE_BASELINE_CLEAN;
}

void kb_network_view_done(struct kb_network_view *view)
{
    kb_world_done(&view->world);
    kb_gathered_done(&view->gathered);
    kb_gathered_done(&view->added);
    kb_map_done(&view->skipped);
    kb_arena_done(&view->arena);
}

static struct kb_str unread(struct kb_network_view *view)
{
    struct kb_str unsure = kb_net_unsure(&view->world, &view->arena);
    return kb_world_whole(&view->world, KB_KIND_POD)
               ? unsure
               : kb_arena_printf(&view->arena, "pods %s%s%.*s",
                                 kb_list_state_name(view->world.lists[KB_KIND_POD].state),
                                 unsure.n > 0 ? "; " : "", KB_FMT(unsure));
}

bool kb_network_view_whole(struct kb_network_view *view)
{
    return unread(view).n == 0;
}

int kb_network_view_end(struct kb_network_view *view, int status)
{
    const struct kb_net_model *model = view->world.network;
    struct kb_str unsure = unread(view);
    for (size_t i = 0; i < view->net->problems.n; i++) {
        const struct kb_net_problem *at = &view->net->problems.at[i];
        kb_complain(view->app, "%.*s: %.*s%s%.*s", KB_FMT(at->object), KB_FMT(at->path),
                    at->path.n > 0 ? ": " : "", KB_FMT(at->text));
    }
    if (model->forced == NULL) {
        kb_complain(view->app, "engine: %s; judged as %s (see --engine)",
                    kb_net_engine_name(model->engine), view->net->profile->name);
    }
    if (unsure.n == 0) {
        return status;
    }
    kb_complain(view->app, "the answer may lack something: %.*s", KB_FMT(unsure));
    return status == KUBE_BASELINE_CLEAN ? KUBE_BASELINE_UNKNOWN : status;
}

static const struct kb_net_group *group_of_pod(const struct kb_network_view *view,
                                               const struct kb_net_pod *pod)
{
    const struct kb_net_model *model = view->world.network;
    for (size_t i = 0; i < model->groups.n; i++) {
        const struct kb_net_group *at = &model->groups.at[i];
        bool here = kb_str_eq(at->name_space, pod->name_space);
        for (size_t k = 0; here && k < at->class_count; k++) {
            if (at->classes[k] == pod->cls) {
                return at;
            }
        }
    }
    return NULL;
}

/* "namespace/name", where no two workloads have it. */
static KB_RES find_short(const struct kb_network_view *view, struct kb_str name,
                         const struct kb_net_group **out, struct kb_err *err)
{
    const struct kb_net_model *model = view->world.network;
    struct kb_str rest, space = kb_str_split(name, '/', &rest);
    for (size_t i = 0; i < model->groups.n; i++) {
        const struct kb_net_group *at = &model->groups.at[i];
        if (kb_str_eq(at->object, name) ||
            (kb_str_eq(at->name_space, space) && kb_str_eq(at->name, rest))) {
            KB_ENSURE(*out == NULL, err, KB_ERR_USAGE, "'%.*s' may be %.*s or %.*s", KB_FMT(name),
                      KB_FMT((*out)->object), KB_FMT(at->object));
            *out = at;
        }
    }
    KB_ENSURE(*out != NULL, err, KB_ERR_USAGE,
              "'%.*s' is no workload with live pods, no pod and no address", KB_FMT(name));
    return KB_SUCCESS;
}

KB_RES kb_network_end_find(struct kb_network_view *view, struct kb_str name, struct kb_network_end *out,
                           struct kb_err *err)
{
    struct kb_ip ip;
    struct kb_str rest, pod_name, kind = kb_str_split(name, '/', &rest);
    *out = (struct kb_network_end){.text = name};
    if (!kb_failed(kb_ip_parse(name, &ip, NULL))) {
        out->end = kb_net_end_ip(view->net, &ip);
        out->group = out->end.pod == NULL ? NULL : group_of_pod(view, out->end.pod);
        return KB_SUCCESS;
    }
    struct kb_str space = kb_str_split(rest, '/', &pod_name);
    const struct kb_net_pod *pod =
        kb_str_eq_c(kind, "Pod") ? kb_net_find_pod(view->net, space, pod_name) : NULL;
    if (pod != NULL) {
        out->end = kb_net_end_pod(pod);
        out->group = group_of_pod(view, pod);
        return KB_SUCCESS;
    }
    KB_TRY(find_short(view, name, &out->group, err));
    out->text = out->group->object;
    out->end = kb_net_end_pod(out->group->pod);
    return KB_SUCCESS;
}

KB_RES kb_network_port_read(struct kb_str text, struct kb_net_range *out, struct kb_err *err)
{
    struct kb_str protocol, number = kb_str_split(text, '/', &protocol);
    uint64_t port = 0;
    *out = (struct kb_net_range){.protocol = KB_NET_TCP};
    KB_ENSURE(kb_str_u64(number, &port) && port >= 1 && port <= KB_NET_PORT_MAX &&
                  (protocol.p == NULL || kb_net_protocol_find(protocol, &out->protocol)),
              err, KB_ERR_USAGE, "a port is written 8080, 8080/TCP, 53/UDP or 132/SCTP, not '%.*s'",
              KB_FMT(text));
    out->first = out->last = (uint16_t)port;
    return KB_SUCCESS;
}

struct kb_str kb_network_range_text(struct kb_network_view *view, const struct kb_ip *first,
                                    const struct kb_ip *last)
{
    return kb_net_range_text(first, last, &view->arena);
}

struct kb_str kb_network_ports_text(struct kb_network_view *view, kb_net_ports ports)
{
    return ports == KB_NET_NO_PORTS ? KB_STR("none")
                                    : kb_net_ports_show(view->net, ports, &view->arena);
}

bool kb_network_is_meant(const struct kb_network_view *view, const struct kb_net_group *group,
                         const char *glob)
{
    const kb_words *spaces = &view->app->args.name_space;
    struct kb_str rest;
    bool in = spaces->n == 0 || glob != NULL;
    for (size_t i = 0; i < spaces->n && !in; i++) {
        in = kb_glob_match(spaces->at[i], group->name_space);
    }
    (void)kb_str_split(group->object, '/', &rest);
    return in && (glob == NULL || kb_glob_match(kb_str_c(glob), group->object) ||
                  kb_glob_match(kb_str_c(glob), rest));
}
