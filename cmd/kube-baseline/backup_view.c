/* Reading for the `backup` commands, and their cells. */
#include "kube-baseline/backup_view.h"

#include "data/time.h"
#include "kube-baseline/baseline.h"
#include "kube-baseline/values.h"

static const int64_t NS = 1000000000, DAY_S = 86400;

/* Without these an answer is not whole. */
static const enum kb_kind_id needed[] = {
    KB_KIND_NAMESPACE,       KB_KIND_PERSISTENT_VOLUME,  KB_KIND_PERSISTENT_VOLUME_CLAIM,
    KB_KIND_POD,             KB_KIND_DEPLOYMENT,         KB_KIND_DAEMON_SET,
    KB_KIND_VELERO_SCHEDULE, KB_KIND_VELERO_BACKUP,      KB_KIND_VELERO_LOCATION,
    KB_KIND_DATA_UPLOAD,     KB_KIND_POD_VOLUME_BACKUP,  KB_KIND_VOLUME_SNAPSHOT_CLASS};
/* These tell more where they are there. */
static const enum kb_kind_id wanted[] = {
    KB_KIND_NODE, KB_KIND_STATEFUL_SET, KB_KIND_STORAGE_CLASS, KB_KIND_VELERO_SNAPSHOT_LOCATION,
    KB_KIND_VELERO_RESTORE, KB_KIND_CONFIG_MAP, KB_KIND_CUSTOM_RESOURCE_DEFINITION,
    KB_KIND_CNPG_CLUSTER, KB_KIND_CNPG_SCHEDULED_BACKUP, KB_KIND_K8UP_SCHEDULE,
    KB_KIND_LONGHORN_RECURRING_JOB, KB_KIND_STASH_CONFIGURATION, KB_KIND_KUBESTASH_CONFIGURATION,
    KB_KIND_KASTEN_POLICY};

static void name_kinds(struct kb_kind_set *set)
{
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        set->has[needed[i]] = true;
    }
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        set->has[wanted[i]] = true;
    }
}

static KB_RES read_world(struct kb_backup_view *view, struct kb_err *err)
{
    static struct kb_kind_set kinds;
    name_kinds(&kinds);
    KB_TRY(kb_named_sources_init(&view->named, view->app, true, err));
    struct kb_object_sink objects = kb_world_sink(&view->world);
    struct kb_aws_sink aws = kb_world_aws_sink(&view->world);
    view->named.sources.cluster.kinds = &kinds;
    KB_TRY(kb_gather(&view->named.sources, &objects, &aws, &view->gathered, err));
    kb_world_told_version(&view->world, view->gathered.cluster.version);
    kb_world_close(&view->world);
    return KB_SUCCESS;
}

static struct kb_cel_val setting(const void *ctx, const char *name)
{
    return kb_profile_setting(ctx, name);
}

static KB_RES load_profile(struct kb_backup_view *view, struct kb_err *err)
{
    struct kb_mistakes mistakes = {0};
    const char *name = view->app->args.profile;
    kb_res res = kb_baselines_load(&view->baselines, KB_STR(""),
                                   name == NULL ? KB_STR("cluster") : kb_str_c(name), NULL, 0,
                                   &mistakes, err);
    if (mistakes.total > 0) {
        kb_tell_mistakes(view->app, &mistakes);
    }
    kb_mistakes_done(&mistakes);
    return res;
}

int kb_backup_view_open(struct kb_backup_view *view, struct kb_app *app)
{
    struct kb_err err = {0};
    int64_t now_ns;
    bool given;
    *view = (struct kb_backup_view){.app = app};
    kb_res res = kb_value_now(app, &now_ns, &given, &err);
    if (!kb_failed(res)) {
        view->loaded = true;
        res = load_profile(view, &err);
    }
    if (!kb_failed(res)) {
        kb_world_init(&view->world, now_ns, setting, &view->baselines.profile);
        view->world.backup.tiers = (struct kb_tiers){view->baselines.profile.tiers,
                                                     view->baselines.profile.tier_count};
        res = read_world(view, &err);
    }
    return kb_failed(res) ? kb_trouble(app, &err) : KUBE_BASELINE_CLEAN;
}

void kb_backup_view_done(struct kb_backup_view *view)
{
    kb_world_done(&view->world);
    kb_gathered_done(&view->gathered);
    if (view->loaded) {
        kb_baselines_done(&view->baselines);
    }
    kb_arena_done(&view->arena);
}

int kb_backup_view_end(struct kb_backup_view *view, int status)
{
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        const struct kb_list_report *report = &view->world.lists[needed[i]];
        if (!kb_world_whole(&view->world, needed[i])) {
            kb_complain(view->app, "%s were not read whole (%s%s%.*s): the answer may lack something",
                        kb_kinds[needed[i]].plural, kb_list_state_name(report->state),
                        report->reason.n > 0 ? ": " : "", KB_FMT(report->reason));
            status = KUBE_BASELINE_UNKNOWN;
        }
    }
    return status;
}

struct kb_str kb_backup_when(struct kb_backup_view *view, int64_t ns)
{
    struct kb_buf text;
    if (ns == KB_BACKUP_NO_TIME) {
        return KB_STR("");
    }
    kb_buf_init(&text, 64);
    kb_time_format((struct kb_time){ns / NS, 0}, KB_TIME_SECONDS, &text);
    struct kb_str copy = kb_arena_copy(&view->arena, kb_buf_view(&text));
    kb_buf_done(&text);
    return copy;
}

struct kb_str kb_backup_span(struct kb_backup_view *view, int64_t ns)
{
    int64_t s = ns / NS;
    long long days = s / DAY_S, hours = s % DAY_S / 3600, minutes = s % 3600 / 60;
    if (ns < 0) {
        return KB_STR("");
    }
    if (days >= 3) {
        return hours > 0 ? kb_arena_printf(&view->arena, "%lldd%lldh", days, hours)
                         : kb_arena_printf(&view->arena, "%lldd", days);
    }
    hours += days * 24;
    if (hours == 0) {
        return kb_arena_printf(&view->arena, "%lldm", minutes);
    }
    return minutes > 0 ? kb_arena_printf(&view->arena, "%lldh%lldm", hours, minutes)
                       : kb_arena_printf(&view->arena, "%lldh", hours);
}

struct kb_str kb_backup_tri(enum kb_tri tri)
{
    static const char *const words[] = {"no", "yes", "unknown"};
    return kb_str_c(words[tri]);
}
