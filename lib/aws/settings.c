/* One look-up a setting. */
#include "aws/settings.h"

#include <stdio.h>

#include "aws/partition.h"

enum { CA_MAX = 4 << 20, VARIABLE_MAX = 96 };

struct kb_str kb_aws_setting(const struct kb_aws_settings *settings, const char *variable,
                             const char *key)
{
    struct kb_str value = variable == NULL ? KB_STR("") : kb_aws_env_get(&settings->env, variable);
    return value.n > 0 || key == NULL ? value
                                      : kb_aws_profile_get(&settings->profiles, settings->profile, key);
}

static KB_RES choose_profile(const struct kb_aws_flags *flags, struct kb_aws_settings *out,
                             struct kb_err *err)
{
    const struct kb_str names[] = {flags->profile, kb_aws_env_get(&out->env, "AWS_PROFILE"),
                                   kb_aws_env_get(&out->env, "AWS_DEFAULT_PROFILE")};
    out->profile_flag = flags->profile.n > 0;
    out->profile = KB_STR("default");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].n > 0) {
            out->profile = kb_arena_copy(&out->profiles.arena, names[i]);
            KB_ENSURE(kb_aws_profile_exists(&out->profiles, names[i]), err, KB_ERR_NOT_FOUND,
                      "AWS profile \"%.*s\" is neither in %.*s nor in %.*s", KB_FMT(names[i]),
                      KB_FMT(out->profiles.config_file), KB_FMT(out->profiles.credentials_file));
            return KB_SUCCESS;
        }
    }
    return KB_SUCCESS;
}

static KB_RES choose_region(const struct kb_aws_flags *flags, struct kb_aws_settings *out,
                            struct kb_err *err)
{
    struct kb_str region = flags->region;
    region = region.n > 0 ? region : kb_aws_env_get(&out->env, "AWS_REGION");
    region = region.n > 0 ? region : kb_aws_setting(out, "AWS_DEFAULT_REGION", "region");
    out->region = kb_arena_copy(&out->profiles.arena, region);
    KB_ENSURE(region.n == 0 || kb_aws_region_valid(region), err, KB_ERR_INVALID,
              "\"%.*s\" is not the name of a region", KB_FMT(region));
    return KB_SUCCESS;
}

static KB_RES read_flag(const struct kb_aws_settings *settings, const char *variable, const char *key,
                        bool *out, struct kb_err *err)
{
    struct kb_str value = kb_aws_setting(settings, variable, key);
    *out = kb_aws_is_true(value);
    bool known = *out || value.n == 0 || (value.n == 5 && (value.p[0] | 0x20) == 'f');
    KB_ENSURE(known, err, KB_ERR_INVALID, "%s is \"%.*s\", not true or false", variable,
              KB_FMT(value));
    return KB_SUCCESS;
}

static KB_RES read_attempts(struct kb_aws_settings *out, struct kb_err *err)
{
    static const char *const modes[] = {"", "standard", "adaptive", "legacy"};
    struct kb_str text = kb_aws_setting(out, "AWS_MAX_ATTEMPTS", "max_attempts");
    struct kb_str mode = kb_aws_setting(out, "AWS_RETRY_MODE", "retry_mode");
    uint64_t n = kb_str_eq_c(mode, "legacy") ? KB_AWS_ATTEMPTS + 2 : KB_AWS_ATTEMPTS;
    bool known = false;
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        known = known || kb_str_eq_c(mode, modes[i]);
    }
    KB_ENSURE(known, err, KB_ERR_INVALID,
              "AWS_RETRY_MODE is \"%.*s\", not standard, adaptive or legacy", KB_FMT(mode));
    KB_ENSURE(text.n == 0 || (kb_str_u64(text, &n) && n > 0), err, KB_ERR_INVALID,
              "AWS_MAX_ATTEMPTS is \"%.*s\", not a number from 1", KB_FMT(text));
    out->max_attempts = n < KB_AWS_ATTEMPTS_MAX ? (unsigned)n : KB_AWS_ATTEMPTS_MAX;
    return KB_SUCCESS;
}

static KB_RES read_trust(struct kb_aws_settings *out, struct kb_err *err)
{
    struct kb_str path = kb_aws_setting(out, "AWS_CA_BUNDLE", "ca_bundle");
    if (path.n == 0) {
        return KB_SUCCESS;
    }
    path = kb_aws_expand_home(&out->profiles, path);
    KB_TRY_CTX(err, kb_aws_read_file(&out->profiles.arena, path, CA_MAX, &out->ca_pem, err),
               "AWS_CA_BUNDLE");
    KB_ENSURE(kb_str_find(out->ca_pem, KB_STR("-----BEGIN"), 0) != SIZE_MAX, err, KB_ERR_INVALID,
              "AWS_CA_BUNDLE: %.*s holds no certificate", KB_FMT(path));
    return KB_SUCCESS;
}

KB_RES kb_aws_settings_load(const struct kb_aws_flags *flags, const struct kb_aws_env *env,
                            struct kb_aws_settings *out, struct kb_err *err)
{
    *out = (struct kb_aws_settings){.env = *env};
    KB_TRY(kb_aws_profiles_load(env, &out->profiles, err));
    out->user_agent = kb_arena_copy(&out->profiles.arena, flags->user_agent);
    out->endpoint_url = kb_arena_copy(&out->profiles.arena, flags->endpoint_url);
    out->role_arn = kb_arena_copy(&out->profiles.arena, flags->role_arn);
    out->role_session = kb_arena_copy(&out->profiles.arena, flags->role_session);
    KB_TRY(choose_profile(flags, out, err));
    KB_TRY(choose_region(flags, out, err));
    KB_TRY(read_flag(out, "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint", &out->fips, err));
    KB_TRY(read_flag(out, "AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint", &out->dualstack,
                     err));
    KB_TRY(read_flag(out, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls",
                     &out->ignore_endpoints, err));
    KB_TRY(read_attempts(out, err));
    return read_trust(out, err);
}

void kb_aws_settings_done(struct kb_aws_settings *settings)
{
    kb_aws_profiles_done(&settings->profiles);
    *settings = (struct kb_aws_settings){0};
}

/* What settings say about the endpoint of this service; empty: nothing. */
static struct kb_str configured(const struct kb_aws_settings *settings,
                                const struct kb_aws_service *service)
{
    char variable[VARIABLE_MAX] = "AWS_ENDPOINT_URL_", key[VARIABLE_MAX];
    size_t n = strlen(variable);
    for (const char *c = service->setting; *c != '\0' && n + 1 < sizeof variable; c++) {
        variable[n++] = *c >= 'a' && *c <= 'z' ? (char)(*c & ~0x20) : *c;
    }
    (void)snprintf(key, sizeof key, "%s.endpoint_url", service->setting);
    struct kb_str services = kb_aws_setting(settings, NULL, "services");
    const struct kb_str urls[] = {
        kb_aws_env_get(&settings->env, variable),
        kb_aws_env_get(&settings->env, "AWS_ENDPOINT_URL"),
        services.n > 0 ? kb_aws_section_get(&settings->profiles, "services", services, key)
                       : KB_STR(""),
        kb_aws_setting(settings, NULL, "endpoint_url"),
    };
    for (size_t i = 0; i < sizeof urls / sizeof urls[0] && !settings->ignore_endpoints; i++) {
        if (urls[i].n > 0) {
            return urls[i];
        }
    }
    return KB_STR("");
}

KB_RES kb_aws_endpoint(const struct kb_aws_settings *settings, const struct kb_aws_service *service,
                       struct kb_str region, char out[KB_AWS_URL_MAX], bool *custom,
                       struct kb_err *err)
{
    const struct kb_aws_place place = {region, settings->fips, settings->dualstack};
    char host[KB_AWS_HOST_MAX];
    struct kb_str url = settings->endpoint_url.n > 0 ? settings->endpoint_url : configured(settings, service);
    *custom = url.n > 0;
    if (!*custom) {
        KB_TRY(kb_aws_host(service, &place, host, err));
        (void)snprintf(out, KB_AWS_URL_MAX, "https://%s", host);
        return KB_SUCCESS;
    }
    bool http = kb_str_starts(url, KB_STR("http://")) || kb_str_starts(url, KB_STR("https://"));
    KB_ENSURE(http && memchr(url.p, '?', url.n) == NULL && memchr(url.p, '#', url.n) == NULL &&
                  memchr(url.p, '@', url.n) == NULL,
              err, KB_ERR_INVALID, "endpoint of %s: \"%.*s\" is no URL of the form https://host[/path]",
              service->id, KB_FMT(url));
    while (url.n > 0 && url.p[url.n - 1] == '/') {
        url.n--;
    }
    KB_ENSURE(url.n < KB_AWS_URL_MAX, err, KB_ERR_LIMIT, "endpoint of %s: the URL is too long",
              service->id);
    (void)snprintf(out, KB_AWS_URL_MAX, "%.*s", KB_FMT(url));
    return KB_SUCCESS;
}
