/* The table of settings. */
#include "baseline/settings.h"

#include "baseline/mistakes.h"

static const char *const system_namespaces[] = {"kube-system", "kube-node-lease", "kube-public",
                                                NULL};
static const char *const addons[] = {"kube-system/aws-node", "kube-system/kube-proxy",
                                     "kube-system/coredns", NULL};
static const char *const window[] = {"2160h", NULL};
static const char *const tool[] = {"velero", NULL};
static const char *const velero[] = {"velero", NULL};
static const char *const tenant[] = {"tenant", NULL};
static const char *const owner[] = {"kube-baseline.io/owner", NULL};
static const char *const minimum[] = {"baseline", NULL};
static const char *const known_system[] = {"DaemonSet/kube-system/aws-node",
                                           "DaemonSet/kube-system/kube-proxy",
                                           "Deployment/kube-system/coredns", NULL};
static const char *const unsaved[] = {"kube-system", "kube-node-lease", "kube-public", NULL};
static const char *const targets[] = {"restore-*", "*-restore", "*-restore-*", NULL};
static const char *const environment[] = {"environment", NULL};

const struct kb_setting kb_settings[] = {
    {"account", "string", NULL, "The AWS account of the cluster, 12 digits; empty: not told."},
    {"allowedPeerings", "list(string)", NULL,
     "Peering connections, transit gateways and private gateways that the cluster's network may be "
     "joined to, by id."},
    {"auditBuckets", "list(string)", NULL, "Names of the buckets that are archives of logs."},
    {"backupAgents", "list(string)", NULL,
     "Users that back up and restore, by exact name: excused for what backup needs, and only that."},
    {"backupBuckets", "list(string)", NULL,
     "Names of the buckets that hold backups; empty: every bucket whose settings are read, but for "
     "auditBuckets."},
    {"backupExempt", "list(string)", unsaved,
     "Namespaces, by glob, that need no backup; they are not judged, and the report shows them."},
    {"backupTool", "string", tool,
     "What backs the cluster up: \"velero\", or \"aws-backup\"; controls of the others do not apply."},
    {"breakGlass", "list(string)", NULL,
     "Users, roles (ARN) and session names for emergencies: each use of one is recorded."},
    {"deployers", "list(string)", NULL,
     "Users that deploy (GitOps, pipelines), by exact name: excused for changes of objects."},
    {"environmentLabel", "string", environment,
     "The namespace label that names the environment."},
    {"excludedNamespaces", "list(string)", system_namespaces,
     "Namespaces that controls on tenants' namespaces leave out; they are counted in the report."},
    {"knownAccessPolicies", "list(string)", NULL,
     "EKS access policies whose use is expected, each \"<principal ARN> <policy>\" or a policy name."},
    {"kubeSystemKnown", "list(string)", known_system,
     "Workloads that belong into kube-system, each \"Kind/namespace/name\"."},
    {"leavers", "list(string)", NULL,
     "People who have left, by user name or session name: whatever they do is reported."},
    {"networkEngine", "string", NULL,
     "Who enforces network policies, where it cannot be told from objects: \"vpc-cni\", \"vpc-cni-strict\", "
     "\"kubernetes\" (as its documents have it) or \"none\"; empty: told from objects."},
    {"ownerLabel", "string", owner, "The namespace label that names who answers for the namespace."},
    {"podSecurityExempt", "list(string)", NULL,
     "Namespaces that may enforce less than podSecurityMinimum."},
    {"podSecurityMinimum", "string", minimum,
     "The Pod Security level that namespaces enforce at least: \"baseline\" or \"restricted\"."},
    {"privilegedAllowed", "list(string)", NULL,
     "Workloads that may be privileged or use the host, each \"Kind/namespace/name\"."},
    {"protectedObjects", "list(string)", addons,
     "Objects that nobody but a deployer and the add-on manager changes, each \"namespace/name\"."},
    {"publicAllowed", "list(string)", NULL,
     "Objects that the internet may reach, each \"Kind/namespace/name\"."},
    {"reachExpectations", "list(string)", NULL,
     "Who must and must not reach whom, each \"must FROM -> TO PORT\" or \"must-not FROM -> TO PORT\": workloads "
     "\"Kind/namespace/name\", \"namespace/NAME\", \"world\" or addresses; ports \"5432\", \"53/UDP\", or none."},
    {"registries", "list(string)", NULL,
     "Prefixes of images that may run, such as \"111122223333.dkr.ecr.eu-west-1.amazonaws.com/\"; "
     "empty: not judged."},
    {"restoreTargets", "list(string)", targets,
     "Namespaces, by glob, into which restores are tested: what is restored elsewhere is a repair."},
    {"tenantLabel", "string", tenant, "The namespace label that names the tenant."},
    {"trustedNetworks", "list(string)", NULL,
     "CIDR blocks from which people reach the API server; empty: not judged."},
    {"usageWindow", "string", window,
     "How long a log has to cover before a grant is called unused, as a duration."},
    {"veleroNamespace", "string", velero, "The namespace in which Velero runs."},
};
const size_t kb_setting_count = sizeof kb_settings / sizeof kb_settings[0];

int kb_setting_find(struct kb_str name)
{
    for (size_t i = 0; i < kb_setting_count; i++) {
        if (kb_str_eq_c(name, kb_settings[i].name)) {
            return (int)i;
        }
    }
    return -1;
}

const char *kb_setting_suggest(struct kb_str name)
{
    const char *words[sizeof kb_settings / sizeof kb_settings[0] + 1];
    for (size_t i = 0; i < kb_setting_count; i++) {
        words[i] = kb_settings[i].name;
    }
    words[kb_setting_count] = NULL;
    return kb_did_you_mean(name, words);
}

struct kb_cel_val kb_setting_default(size_t index, struct kb_arena *arena)
{
    const struct kb_setting *setting = &kb_settings[index];
    size_t n = 0;
    while (setting->def != NULL && setting->def[n] != NULL) {
        n++;
    }
    if (strcmp(setting->type, "string") == 0) {
        return kb_cel_string(n == 0 ? KB_STR("") : kb_str_c(setting->def[0]));
    }
    struct kb_cel_val *items = KB_NEW_ARRAY(arena, n, struct kb_cel_val);
    for (size_t i = 0; i < n; i++) {
        items[i] = kb_cel_string(kb_str_c(setting->def[i]));
    }
    struct kb_cel_list *list = KB_NEW(arena, struct kb_cel_list);
    *list = (struct kb_cel_list){items, n};
    return kb_cel_list(list);
}
