#include "aws/settings.h"

#include <jansson.h>
#include <stdlib.h>

#include "data/json.h"
#include "test.h"
#include "test_data.h"
#include "world.h"

static void parses(const char *text, size_t index, const char *section, const char *key,
                   const char *value)
{
    struct kb_arena arena = {0};
    struct kb_aws_ini ini;
    struct kb_err err = {0};
    OK(kb_aws_ini_parse("f", kb_str_c(text), &arena, &ini, &err), &err);
    if (CHECK(index < ini.n)) {
        kb_test_str(ini.at[index].section, kb_str_c(section), __FILE__, __LINE__);
        kb_test_str(ini.at[index].key, kb_str_c(key), __FILE__, __LINE__);
        kb_test_str(ini.at[index].value, kb_str_c(value), __FILE__, __LINE__);
    }
    kb_aws_ini_done(&ini);
    kb_arena_done(&arena);
}

static void fails_at(const char *text, unsigned line)
{
    struct kb_arena arena = {0};
    struct kb_aws_ini ini;
    struct kb_err err = {0};
    FAILS(kb_aws_ini_parse("f", kb_str_c(text), &arena, &ini, &err), KB_ERR_SYNTAX);
    EQ_UINT(err.line, line);
    kb_aws_ini_done(&ini);
    kb_arena_done(&arena);
}

KB_TEST(ini, reads_sections_keys_and_nested_pairs)
{
    parses("# c\n[ default ]\r\nRegion = eu-west-1 \r\n", 1, "default", "region", "eu-west-1");
    parses("\xef\xbb\xbf[a]\n  x = 1\n  y=2=3\n", 2, "a", "y", "2=3");
    parses("[services s]\ns3 =\n  endpoint_url = http://h\n  other = 1\nx = 2\n", 3, "services s",
           "s3.other", "1");
    parses("[services s]\ns3 =\n  endpoint_url = http://h\nx = 2\n", 3, "services s", "x", "2");
    parses("[a] ; c\nk =\n[b]\nk = v\n", 3, "b", "k", "v");
}

KB_TEST(ini, mistakes_are_told_with_their_line)
{
    fails_at("[a]\nb\n", 2);
    fails_at("[a\n", 1);
    fails_at("\nk = v\n", 2);
    fails_at("[a]\nk = v\n\n  more\n", 4);
    fails_at("[a]\nk = v\n[a]\nK = w\n", 4);
    fails_at("[a]\n= v\n", 2);
}

static void splits(const char *text, size_t n, const char *last)
{
    struct kb_arena arena = {0};
    struct kb_err err = {0};
    const char **words = NULL;
    size_t got = 0;
    OK(kb_aws_split_words(kb_str_c(text), &arena, &words, &got, &err), &err);
    EQ_UINT(got, n);
    EQ_C(got > 0 ? words[got - 1] : "", last);
    kb_arena_done(&arena);
}

KB_TEST(ini, words_are_split_as_a_shell_does)
{
    struct kb_arena arena = {0};
    struct kb_err err = {0};
    const char **words;
    size_t n;
    splits("", 0, "");
    splits("a  b\tc", 3, "c");
    splits("a 'b  c'", 2, "b  c");
    splits("a \"b \\\" \\x $HOME\"d", 2, "b \" \\x $HOMEd");
    splits("a b\\ c ''", 3, "");
    FAILS(kb_aws_split_words(KB_STR("a 'b"), &arena, &words, &n, &err), KB_ERR_SYNTAX);
    kb_arena_done(&arena);
}

KB_TEST(endpoints, are_those_of_the_sdks)
{
    struct kb_buf text = test_data("aws/endpoints.jsonl.gz");
    struct kb_str rest = kb_buf_view(&text);
    unsigned checked = 0;
    while (rest.p != NULL) {
        KB_AUTO(kb_json_done) json_t *row = NULL;
        struct kb_str line = kb_str_split(rest, '\n', &rest), service = {0}, url = {0};
        struct kb_aws_place place = {0};
        char host[KB_AWS_HOST_MAX] = "";
        if (line.n == 0 || kb_failed(kb_json_parse(NULL, line, 0, &row, NULL))) {
            continue;
        }
        (void)kb_json_str(row, "service", &service);
        (void)kb_json_str(row, "region", &place.region);
        (void)kb_json_bool(row, "fips", &place.fips);
        (void)kb_json_bool(row, "dualstack", &place.dualstack);
        bool given = kb_json_str(row, "url", &url);
        kb_res res = kb_aws_host(kb_aws_service_find(service), &place, host, NULL);
        CHECK(kb_failed(res) != given);
        kb_test_str(kb_str_c(host), given ? kb_str_sub(url, 8, url.n) : KB_STR(""), __FILE__, __LINE__);
        checked++;
    }
    EQ_UINT(checked, 3264);
    kb_buf_done(&text);
}

#define CONFIG                                                                                     \
    "[default]\nregion = us-east-1\nca_bundle = /nowhere\n"                                        \
    "[profile dev]\nregion = eu-west-1\nuse_fips_endpoint = true\nmax_attempts = 7\n"              \
    "services = local\nendpoint_url = http://all.example/\n"                                       \
    "[services local]\neks =\n  endpoint_url = http://eks.example:81/p\n"
#define CREDENTIALS "[dev]\nregion = eu-west-3\n[other]\naws_access_key_id = A\n"

static kb_res load(struct world *world, const char *profile, struct kb_aws_settings *out,
                   struct kb_err *err)
{
    const struct kb_aws_flags flags = {.profile = kb_str_c(profile)};
    world_file(world, "config", CONFIG);
    world_file(world, "credentials", CREDENTIALS);
    return kb_aws_settings_load(&flags, &world->env, out, err);
}

static void endpoint_is(const struct kb_aws_settings *settings, const char *service,
                        const char *wanted)
{
    char url[KB_AWS_URL_MAX] = "";
    bool custom;
    struct kb_err err = {0};
    OK(kb_aws_endpoint(settings, kb_aws_service_find(kb_str_c(service)), settings->region, url,
                       &custom, &err), &err);
    EQ_C(url, wanted);
}

KB_TEST(settings, come_from_the_profile_where_the_environment_is_silent)
{
    struct world world = {0};
    struct kb_aws_settings s;
    struct kb_err err = {0};
    world_open(&world);
    OK(load(&world, "dev", &s, &err), &err);
    EQ_STR(s.region, "eu-west-3");
    CHECK(s.fips && !s.dualstack);
    EQ_UINT(s.max_attempts, 7);
    endpoint_is(&s, "eks", "http://eks.example:81/p");
    endpoint_is(&s, "sts", "http://all.example");
    kb_aws_settings_done(&s);
    world_set(&world, "AWS_REGION", "ap-south-1");
    world_set(&world, "AWS_USE_FIPS_ENDPOINT", "False");
    world_set(&world, "AWS_MAX_ATTEMPTS", "2");
    world_set(&world, "AWS_ENDPOINT_URL", "http://127.0.0.1:1");
    world_set(&world, "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", "http://127.0.0.1:2/");
    OK(load(&world, "dev", &s, &err), &err);
    EQ_STR(s.region, "ap-south-1");
    CHECK(!s.fips);
    EQ_UINT(s.max_attempts, 2);
    endpoint_is(&s, "eks", "http://127.0.0.1:1");
    endpoint_is(&s, "logs", "http://127.0.0.1:2");
    kb_aws_settings_done(&s);
    world_set(&world, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
    OK(load(&world, "dev", &s, &err), &err);
    endpoint_is(&s, "eks", "https://eks.ap-south-1.amazonaws.com");
    kb_aws_settings_done(&s);
    world_close(&world);
}

KB_TEST(settings, without_a_meaning_are_told)
{
    static const struct {
        const char *profile, *name, *value;
        enum kb_code code;
    } cases[] = {
        {"missing", NULL, NULL, KB_ERR_NOT_FOUND},
        {"", "AWS_PROFILE", "missing", KB_ERR_NOT_FOUND},
        {"", NULL, NULL, KB_ERR_NOT_FOUND}, /* the default profile's ca_bundle */
        {"dev", "AWS_REGION", "eu.west/1", KB_ERR_INVALID},
        {"dev", "AWS_USE_DUALSTACK_ENDPOINT", "yes", KB_ERR_INVALID},
        {"dev", "AWS_RETRY_MODE", "often", KB_ERR_INVALID},
        {"dev", "AWS_MAX_ATTEMPTS", "0", KB_ERR_INVALID},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct world world = {0};
        struct kb_aws_settings s;
        struct kb_err err = {0};
        world_open(&world);
        if (cases[i].name != NULL) {
            world_set(&world, cases[i].name, cases[i].value);
        }
        FAILS(load(&world, cases[i].profile, &s, &err), cases[i].code);
        kb_aws_settings_done(&s);
        world_close(&world);
    }
}

KB_TEST(settings, endpoints_that_are_no_urls_are_refused)
{
    static const char *const urls[] = {"h.example", "ftp://h", "https://u@h", "https://h?x"};
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        struct world world = {0};
        struct kb_aws_settings s;
        struct kb_err err = {0};
        char url[KB_AWS_URL_MAX];
        bool custom;
        world_open(&world);
        world_set(&world, "AWS_ENDPOINT_URL_STS", urls[i]);
        OK(load(&world, "dev", &s, &err), &err);
        FAILS(kb_aws_endpoint(&s, kb_aws_service_find(KB_STR("sts")), s.region, url, &custom, &err),
              KB_ERR_INVALID);
        kb_aws_settings_done(&s);
        world_close(&world);
    }
}
