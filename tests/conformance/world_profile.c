/* A profile in JSON, which is YAML too. */
#include "world_profile.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data/json.h"
#include "data/time.h"

static json_t *day(int64_t now_ns, int64_t days)
{
    struct kb_buf text = {.max = 64};
    struct kb_time time = {now_ns / 1000000000 + days * 86400, 0};
    kb_time_format(time, KB_TIME_SECONDS, &text);
    json_t *out = json_stringn(text.p, 10);
    kb_buf_done(&text);
    return out;
}

/* Approvals need a beginning and an end within a year. */
static json_t *approval(const json_t *subject, const json_t *reason, const json_t *approver,
                        const char *controls, int64_t now_ns)
{
    return json_pack("{s:O,s:[s],s:O,s:O,s:o,s:o}", "subject", subject, "controls", controls,
                     "reason", reason, "approver", approver, "created", day(now_ns, -30), "expires",
                     day(now_ns, 300));
}

static void add_approvals(json_t *to, const json_t *rbac, int64_t now_ns)
{
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(rbac, "approved_subjects"), i, row) {
        json_array_append_new(to, approval(json_object_get(row, "subject"),
                                           json_object_get(row, "reason"),
                                           json_object_get(row, "approver"), "rbac-*", now_ns));
    }
    json_array_foreach(json_object_get(rbac, "approved_access_entries"), i, row) {
        json_array_append_new(to, approval(json_object_get(row, "principal"),
                                           json_object_get(row, "reason"),
                                           json_object_get(row, "approver"), "eks-access-entry-*",
                                           now_ns));
    }
}

/* params.json → setting of the profile. */
static const struct {
    const char *section, *member, *setting;
} settings[] = {
    {"workloads", "registries", "registries"},
    {"workloads", "psa_min", "podSecurityMinimum"},
    {"workloads", "psa_exempt", "podSecurityExempt"},
    {"workloads", "privileged_allowed", "privilegedAllowed"},
    {"workloads", "kube_system_known", "kubeSystemKnown"},
    {"network", "public_allowed", "publicAllowed"},
    {"network", "excluded_namespaces", "excludedNamespaces"},
    {"control_plane", "allowed_peerings", "allowedPeerings"},
    {"backup", "exempt_namespaces", "backupExempt"},
    {"backup", "velero_namespace", "veleroNamespace"},
    {"backup", "tool", "backupTool"},
    {NULL, "tenant_label", "tenantLabel"},
    {NULL, "environment_label", "environmentLabel"},
    {NULL, "owner_label", "ownerLabel"},
};

static json_t *settings_of(const json_t *params)
{
    json_t *out = json_object();
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        const json_t *section = settings[i].section == NULL
                                    ? params
                                    : json_object_get(params, settings[i].section);
        json_t *value = json_object_get(section, settings[i].member);
        if (value != NULL) {
            json_object_set(out, settings[i].setting, value);
        }
    }
    struct kb_str prefix = kb_json_view(kb_json_dig(params, "backup", "restore_prefix", NULL));
    if (prefix.n > 0) {
        json_object_set_new(out, "restoreTargets",
                            json_pack("[o]", json_sprintf("%.*s*", KB_FMT(prefix))));
    }
    return out;
}

static json_t *hours(const json_t *backup, const char *key)
{
    char text[32];
    (void)snprintf(text, sizeof text, "%lldh",
                   (long long)json_integer_value(json_object_get(backup, key)));
    return json_string(text);
}

/* Hours of one schedule, else those of all. */
static json_t *hours_of(const json_t *backup, const char *table, const char *schedule, const char *key)
{
    const json_t *own = json_object_get(json_object_get(backup, table), schedule);
    char text[32];
    (void)snprintf(text, sizeof text, "%lldh", (long long)json_integer_value(own));
    return own == NULL ? hours(backup, key) : json_string(text);
}

static json_t *tier(const json_t *backup, const char *by, const char *name)
{
    return json_pack("{s:{s:[s]},s:o,s:o,s:o,s:O}", "match", by, name, "rpo",
                     hours_of(backup, "tiers", name, "rpo_hours"), "rto", hours(backup, "rto_hours"),
                     "ttlMin", hours_of(backup, "ttl_min_override", name, "ttl_min_hours"),
                     "restoreDays", json_object_get(backup, "restore_days"));
}

static json_t *tiers_of(const json_t *params)
{
    static const char *const tables[] = {"tiers", "ttl_min_override"};
    const json_t *backup = json_object_get(params, "backup");
    json_t *out = json_array();
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        const char *name;
        json_t *value;
        json_object_foreach(json_object_get(backup, tables[i]), name, value) {
            json_array_append_new(out, tier(backup, "schedules", name));
        }
    }
    json_array_append_new(out, tier(backup, "namespaces", "*"));
    return out;
}

/* params.json → parameter of a control; `per` divides a number. */
static const struct {
    const char *section, *member, *param;
    int per;
} parameters[] = {
    {"rbac", "namespace_admin_threshold", "rbac-namespace-admin-all.threshold", 1},
    {"network", "allowed_cross_tenant", "reach-cross-tenant.allowed", 1},
    {"network", "egress_world_allowed", "reach-pod-to-world.allowed", 1},
    {"network", "public_allowed", "reach-world-to-pod.allowed", 1},
    {"network", "allowed_datastore_clients", "reach-datastore-ports.allowed", 1},
    {"network", "enforcing_mode", "netpol-enforcing-mode.mode", 1},
    {"control_plane", "log_retention_min_days", "eks-loggroup-retention.min_days", 1},
    {"control_plane", "version_window_days", "cp-version-window.days", 1},
    {"control_plane", "allowed_endpoint_cidrs", "api-endpoint-public-open.allowed", 1},
    {"backup", "ttl_min_hours", "s3-backup-object-lock.min_days", 24},
};

/* A pair is a list of its ends here, and a text in a profile. */
static json_t *as_text(json_t *value)
{
    bool pair = json_is_array(value) && json_array_size(value) >= 2;
    return pair ? json_sprintf("%s -> %s", json_string_value(json_array_get(value, 0)),
                               json_string_value(json_array_get(value, 1)))
                : json_incref(value);
}

static json_t *as_param(json_t *value, int per)
{
    json_t *list, *item;
    size_t i;
    if (json_is_integer(value)) {
        return json_integer(json_integer_value(value) / per);
    }
    if (!json_is_array(value)) {
        return json_incref(value);
    }
    list = json_array();
    json_array_foreach(value, i, item) {
        json_array_append_new(list, as_text(item));
    }
    return list;
}

static json_t *params_of(const json_t *params)
{
    json_t *out = json_object();
    for (size_t i = 0; i < sizeof parameters / sizeof parameters[0]; i++) {
        json_t *value = json_object_get(json_object_get(params, parameters[i].section),
                                        parameters[i].member);
        if (value != NULL) {
            json_object_set_new(out, parameters[i].param, as_param(value, parameters[i].per));
        }
    }
    return out;
}

static bool write_file(const json_t *profile, char *path, size_t size)
{
    const char *folder = getenv("TMPDIR");
    (void)snprintf(path, size, "%s/kb-world-XXXXXX.yaml", folder == NULL ? "/tmp" : folder);
    int fd = mkstemps(path, sizeof ".yaml" - 1);
    char *text = json_dumps(profile, JSON_INDENT(1));
    bool ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    free(text);
    return fd >= 0 && close(fd) == 0 && ok;
}

bool kb_world_profile(const json_t *params, int64_t now_ns, char *path, size_t size)
{
    const json_t *rbac = json_object_get(params, "rbac");
    json_t *approvals = json_array();
    add_approvals(approvals, rbac, now_ns);
    json_t *profile =
        json_pack("{s:s,s:s,s:O,s:o,s:o,s:o,s:o}", "profile", "world", "extends", "eks-full",
                  "ownership", json_object_get(params, "ownership"), "approvals", approvals,
                  "settings", settings_of(params), "tiers", tiers_of(params), "params", params_of(params));
    bool ok = profile != NULL && write_file(profile, path, size);
    json_decref(profile);
    return ok;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

json_t *kb_world_files(const char *folder)
{
    enum { FILES = 1000 };
    char *names[FILES];
    size_t n = 0;
    json_t *out = json_array();
    DIR *dir = opendir(folder);
    struct dirent *entry;
    while (dir != NULL && n < FILES && (entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] != '.') {
            names[n++] = strdup(entry->d_name);
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
    qsort(names, n, sizeof names[0], by_name);
    for (size_t i = 0; i < n; i++) {
        json_array_append_new(out, json_string(names[i]));
        free(names[i]);
    }
    return out;
}
