/* context.json says of a cluster what a profile says; only the names differ. */
#include "context.h"

/* A JSON text is a YAML text too. */
static void add_json(struct kb_buf *out, const json_t *value)
{
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    kb_buf_c(out, text == NULL ? "[]" : text);
    kb_free(text);
}

struct name {
    const char *key;  /* in the context */
    const char *name; /* of the setting, or of a control's parameter */
};

static void add_values(struct kb_buf *out, const json_t *context, const struct name *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const json_t *value = json_object_get(context, names[i].key);
        if (value != NULL) {
            kb_buf_printf(out, "  %s: ", names[i].name);
            add_json(out, value);
            kb_buf_c(out, "\n");
        }
    }
}

/* Each as "principal policy". */
static void add_access_policies(struct kb_buf *out, const json_t *list)
{
    size_t i;
    json_t *entry;
    if (json_array_size(list) > 0) {
        kb_buf_c(out, "  knownAccessPolicies:\n");
    }
    json_array_foreach(list, i, entry)
    {
        const char *principal = json_string_value(json_object_get(entry, "principal"));
        const char *policy = json_string_value(json_object_get(entry, "policy"));
        if (principal != NULL && policy != NULL) {
            kb_buf_printf(out, "  - \"%s %s\"\n", principal, policy);
        }
    }
}

/* From how many on something is reported; the parameter says how many are none yet. */
static void add_thresholds(struct kb_buf *out, json_t *thresholds)
{
    const char *control;
    json_t *least;
    json_object_foreach(thresholds, control, least)
    {
        if (json_is_integer(least)) {
            kb_buf_printf(out, "  %s.max: %d\n", control, (int)json_integer_value(least) - 1);
        }
    }
}

/* A map of the profile, where there is something in it. */
static void add_part(struct kb_buf *out, const char *key, struct kb_buf *part)
{
    if (part->n > 0) {
        kb_buf_printf(out, "%s:\n", key);
        kb_buf_str(out, kb_buf_view(part));
    }
    kb_buf_clear(part);
}

void kb_context_profile(const json_t *context, struct kb_buf *out)
{
    static const struct name settings[] = {
        {"own_account", "account"},      {"deployers", "deployers"},
        {"backup_agents", "backupAgents"}, {"break_glass", "breakGlass"},
        {"protected_objects", "protectedObjects"}, {"image_registries", "registries"},
    };
    static const struct name params[] = {
        {"backup_secrets", "backup-secret-read.secrets"},
        {"node_name_pattern", "node-join-untrusted.names"},
        {"known_secret_readers", "secrets-list-all.readers"},
        {"known_secret_readers", "secrets-list-sensitive-namespace.readers"},
        {"known_secret_readers", "secret-read-node-or-sa.readers"},
        {"known_secret_readers", "secrets-burst.readers"},
    };
    struct kb_buf part = {.max = 1 << 20};
    kb_buf_c(out, "profile: labels\ncontrols: {include: [\"audit/*\"]}\n");
    add_values(&part, context, settings, sizeof settings / sizeof settings[0]);
    add_access_policies(&part, json_object_get(context, "access_policies_in_baseline"));
    add_part(out, "settings", &part);
    add_values(&part, context, params, sizeof params / sizeof params[0]);
    add_thresholds(&part, json_object_get(context, "thresholds"));
    add_part(out, "params", &part);
    kb_buf_done(&part);
}
