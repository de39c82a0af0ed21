/* Table workload. */
#include "facts/cluster_tables.h"
#include "facts/getters.h"

struct workload_row {
    const struct kb_world *world;
    const struct kb_workload *workload;
    struct kb_str kind, name, name_space, service_account;
    bool host_network, host_pid, host_ipc, privileged, may_escalate, may_run_as_root, keeps_net_raw,
        secret_env;
};

static void get_object(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct workload_row *row = data;
    *out = kb_cel_string(
        kb_cluster_object(&row->workload->at, row->workload->kind->kind, arena));
}

#define TEXTS(name)                                                                                \
    static void get_##name(const void *data, struct kb_arena *arena, struct kb_cel_val *out)       \
    {                                                                                              \
        const struct kb_texts *texts = &((const struct workload_row *)data)->workload->pod->name;  \
        *out = kb_cel_list(kb_text_list(arena, texts->at, texts->n));                              \
    }
TEXTS(host_ports)
TEXTS(host_paths)
TEXTS(capabilities)
TEXTS(images)

static void get_unpinned(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct kb_texts *images = &((const struct workload_row *)data)->workload->pod->images;
    struct kb_str *list = KB_NEW_ARRAY(arena, images->n, struct kb_str);
    size_t n = 0;
    for (size_t i = 0; i < images->n; i++) {
        if (!kb_image_pinned(images->at[i])) {
            list[n++] = images->at[i];
        }
    }
    *out = kb_cel_list(kb_text_list(arena, list, n));
}

static void get_token_mounted(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    const struct workload_row *row = data;
    enum kb_tri mounted =
        kb_world_token_mounted(row->world, row->workload->pod, row->name_space);
    *out = mounted == KB_NOT_KNOWN ? (struct kb_cel_val){.kind = KB_CEL_UNKNOWN}
                                   : kb_cel_bool(mounted == KB_YES);
}

static void get_account_bound(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)arena;
    const struct workload_row *row = data;
    struct kb_rbac_subject account = {KB_RBAC_SERVICE_ACCOUNT, row->service_account,
                                      row->name_space};
    bool bound = kb_rbac_find_holder(&row->world->rbac.policy, &account) != NULL;
    *out = bound || kb_rbac_model_whole(row->world) ? kb_cel_bool(bound)
                                                    : (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
}

KB_GET(STR, workload_row, kind)
KB_GET(STR, workload_row, name)
KB_GET(STR, workload_row, name_space)
KB_GET(STR, workload_row, service_account)
KB_GET(BOOL, workload_row, host_network)
KB_GET(BOOL, workload_row, host_pid)
KB_GET(BOOL, workload_row, host_ipc)
KB_GET(BOOL, workload_row, privileged)
KB_GET(BOOL, workload_row, may_escalate)
KB_GET(BOOL, workload_row, may_run_as_root)
KB_GET(BOOL, workload_row, keeps_net_raw)
KB_GET(BOOL, workload_row, secret_env)

enum { NAMES = 4 };
static const struct kb_column columns[] = {
    {"object", "string", KB_ALWAYS, get_object, "\"Kind/namespace/name\"."},
    {"kind", "string", KB_ALWAYS, get_kind,
     "\"Deployment\", \"DaemonSet\", \"StatefulSet\", \"CronJob\"; \"Job\", \"ReplicaSet\" or \"Pod\" where "
     "nothing controls it."},
    {"name", "string", KB_ALWAYS, get_name, "Its name alone, without kind and namespace."},
    {"namespace", "string", KB_ALWAYS, get_name_space, "Namespace in which its pods run."},
    {"service_account", "string", KB_ALWAYS, get_service_account,
     "Service account of its pods; \"default\" where none is named."},
    {"host_network", "bool", KB_ALWAYS, get_host_network,
     "Whether its pods use the network of the node."},
    {"host_pid", "bool", KB_ALWAYS, get_host_pid, "Whether they see the processes of the node."},
    {"host_ipc", "bool", KB_ALWAYS, get_host_ipc, "Whether they share the IPC of the node."},
    {"host_ports", "list(string)", KB_ALWAYS, get_host_ports, "Ports of the node that they take."},
    {"host_paths", "list(string)", KB_ALWAYS, get_host_paths,
     "Paths of the node that their volumes name."},
    {"privileged", "bool", KB_ALWAYS, get_privileged,
     "Whether some container is privileged (init and ephemeral ones too)."},
    {"may_escalate", "bool", KB_ALWAYS, get_may_escalate,
     "Whether some container does not set allowPrivilegeEscalation to false."},
    {"may_run_as_root", "bool", KB_ALWAYS, get_may_run_as_root,
     "Whether some container runs as user 0, or nothing keeps it from that."},
    {"capabilities", "list(string)", KB_ALWAYS, get_capabilities, "Capabilities that are added."},
    {"keeps_net_raw", "bool", KB_ALWAYS, get_keeps_net_raw,
     "Whether some container drops neither NET_RAW nor ALL."},
    {"token_mounted", "bool", KB_ALWAYS, get_token_mounted,
     "Whether its pods hold the token of their service account; unknown where the account was not read."},
    {"account_bound", "bool", KB_ALWAYS, get_account_bound,
     "Whether some binding names its service account; unknown where not all bindings were read."},
    {"secret_env", "bool", KB_ALWAYS, get_secret_env,
     "Whether some container has a Secret in its environment."},
    {"images", "list(string)", KB_ALWAYS, get_images, "Images of all containers, as written."},
    {"unpinned_images", "list(string)", KB_ALWAYS, get_unpinned,
     "Those without digest whose tag is missing or latest."},
};

const struct kb_table kb_table_workload = {
    .name = "workload",
    .doc = "One row a controller with its template of pods, or a pod that nothing controls.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

/* Of a malformed template nothing is known but whose it is. */
static void get(const void *data, unsigned column, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct workload_row *row = data;
    if (column < NAMES || !row->workload->pod->malformed) {
        columns[column].get(data, arena, out);
    } else {
        *out = (struct kb_cel_val){.kind = KB_CEL_UNKNOWN};
    }
}

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct workload_row *row = data;
    kb_cluster_row_info(&row->workload->at, row->workload->kind->kind, arena, out);
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    static const struct kb_row_ops ops = {get, info};
    for (size_t i = 0; i < world->cluster.workloads.n; i++) {
        const struct kb_workload *workload = &world->cluster.workloads.at[i];
        const struct kb_podspec *pod = workload->pod;
        struct workload_row row = {
            .world = world,
            .workload = workload,
            .kind = kb_str_c(workload->kind->kind),
            .name = workload->at.name,
            .name_space = workload->at.name_space,
            .service_account = pod->service_account,
            .host_network = pod->host_network,
            .host_pid = pod->host_pid,
            .host_ipc = pod->host_ipc,
            .privileged = pod->privileged,
            .may_escalate = pod->may_escalate,
            .may_run_as_root = pod->may_run_as_root,
            .keeps_net_raw = pod->keeps_net_raw,
            .secret_env = pod->secret_env,
        };
        struct kb_row out = {&kb_table_workload, &ops, &row};
        fn(ctx, &out);
    }
}

static const enum kb_kind_id needs[] = {KB_KIND_POD,         KB_KIND_DEPLOYMENT,
                                        KB_KIND_DAEMON_SET,  KB_KIND_STATEFUL_SET,
                                        KB_KIND_REPLICA_SET, KB_KIND_JOB,
                                        KB_KIND_CRON_JOB};

const struct kb_fact_source kb_facts_workload = {
    .table = &kb_table_workload,
    .needs = needs,
    .need_count = sizeof needs / sizeof needs[0],
    .rows = rows,
};
