/* Two files, one set of profiles. */
#include "aws/profile.h"

#include "aws/secret.h"

struct kb_str kb_aws_expand_home(struct kb_aws_profiles *profiles, struct kb_str path)
{
    if (!kb_str_starts(path, KB_STR("~/"))) {
        return path;
    }
    return kb_arena_printf(&profiles->arena, "%.*s%.*s", KB_FMT(profiles->home),
                           KB_FMT(kb_str_sub(path, 1, path.n)));
}

static KB_RES load(struct kb_aws_profiles *profiles, struct kb_str path, struct kb_str *text,
                   struct kb_aws_ini *out, struct kb_err *err)
{
    struct kb_err local = {0};
    kb_res res = kb_aws_read_file(&profiles->arena, path, KB_AWS_INI_MAX, text, &local);
    if (res.code == KB_ERR_NOT_FOUND) {
        return KB_SUCCESS;
    }
    if (kb_failed(res)) {
        return kb_fail(err, res.code, "%s", local.msg);
    }
    const char *name = kb_arena_copy(&profiles->arena, path).p;
    return kb_aws_ini_parse(name, *text, &profiles->arena, out, err);
}

static struct kb_str file_path(struct kb_aws_profiles *profiles, const struct kb_aws_env *env,
                               const char *variable, const char *usual)
{
    struct kb_str named = kb_aws_env_get(env, variable);
    return kb_aws_expand_home(profiles, named.n > 0 ? named : kb_str_c(usual));
}

KB_RES kb_aws_profiles_load(const struct kb_aws_env *env, struct kb_aws_profiles *out,
                            struct kb_err *err)
{
    *out = (struct kb_aws_profiles){0};
    out->home = kb_arena_copy(&out->arena, kb_aws_env_get(env, "HOME"));
    out->config_file = file_path(out, env, "AWS_CONFIG_FILE", "~/.aws/config");
    out->credentials_file =
        file_path(out, env, "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials");
    KB_TRY(load(out, out->config_file, &out->texts[0], &out->config, err));
    return load(out, out->credentials_file, &out->texts[1], &out->credentials, err);
}

void kb_aws_profiles_done(struct kb_aws_profiles *profiles)
{
    kb_aws_wipe(profiles->texts[0]);
    kb_aws_wipe(profiles->texts[1]);
    kb_aws_ini_done(&profiles->config);
    kb_aws_ini_done(&profiles->credentials);
    kb_arena_done(&profiles->arena);
    *profiles = (struct kb_aws_profiles){0};
}

/* "KIND NAME", the name perhaps in quotes. */
static bool is_section(struct kb_str section, const char *kind, struct kb_str name)
{
    struct kb_str word = kb_str_c(kind);
    if (!kb_str_starts(section, word) || section.n <= word.n ||
        (section.p[word.n] != ' ' && section.p[word.n] != '\t')) {
        return false;
    }
    struct kb_str rest = kb_str_trim(kb_str_sub(section, word.n, section.n));
    bool quoted = rest.n >= 2 && (rest.p[0] == '"' || rest.p[0] == '\'') &&
                  rest.p[rest.n - 1] == rest.p[0];
    return kb_str_eq(quoted ? kb_str_sub(rest, 1, rest.n - 1) : rest, name);
}

static bool is_profile(struct kb_str section, struct kb_str name, bool config)
{
    if (config && is_section(section, "profile", name)) {
        return true;
    }
    return kb_str_eq(section, name) && (!config || kb_str_eq_c(name, "default"));
}

static const struct kb_aws_ini_entry *find(const struct kb_aws_ini *ini, struct kb_str name,
                                           const char *key, bool config)
{
    for (size_t i = 0; i < ini->n; i++) {
        if (kb_str_eq_c(ini->at[i].key, key) && is_profile(ini->at[i].section, name, config)) {
            return &ini->at[i];
        }
    }
    return NULL;
}

bool kb_aws_profile_exists(const struct kb_aws_profiles *profiles, struct kb_str name)
{
    return find(&profiles->config, name, "", true) != NULL ||
           find(&profiles->credentials, name, "", false) != NULL;
}

struct kb_str kb_aws_profile_get(const struct kb_aws_profiles *profiles, struct kb_str name,
                                 const char *key)
{
    const struct kb_aws_ini_entry *entry = find(&profiles->credentials, name, key, false);
    entry = entry != NULL ? entry : find(&profiles->config, name, key, true);
    return entry != NULL ? entry->value : KB_STR("");
}

struct kb_str kb_aws_section_get(const struct kb_aws_profiles *profiles, const char *kind,
                                 struct kb_str name, const char *key)
{
    const struct kb_aws_ini *ini = &profiles->config;
    for (size_t i = 0; i < ini->n; i++) {
        if (kb_str_eq_c(ini->at[i].key, key) && is_section(ini->at[i].section, kind, name)) {
            return ini->at[i].value;
        }
    }
    return KB_STR("");
}
