/* Nanoseconds per evaluation of expressions as controls have them, over one row. Build in release.
 */
#include <stdio.h>
#include <time.h>

#include "cel/cel.h"

static const struct {
    const char *name;
    const char *type;
    bool optional;
} columns[] = {
    {"verb", "string", false},         {"resource", "string", false},
    {"user", "string", false},         {"code", "int", true},
    {"groups", "list(string)", false}, {"labels", "map(string, string)", false},
    {"time", "timestamp", false},      {"workload.privileged", "bool", true},
};

static const char *const expressions[] = {
    "resource == \"secrets\" && verb in [\"get\", \"list\"]",
    "verb in [\"get\", \"list\", \"watch\"]",
    "resource == \"pods\"",
    "user.startsWith(\"system:\") && !(\"system:masters\" in groups)",
    "has(code) && code >= 400 && code < 500",
    "groups.exists(g, g == \"system:masters\")",
    "user.matches(\"^system:node:ip-[0-9-]+$\")",
    "has(labels.app) && labels.app == \"web\"",
    "time > timestamp(\"2026-01-01T00:00:00Z\") && size(groups) > 1",
    "has(workload.privileged) ? workload.privileged : verb != \"get\"",
};

static struct kb_cel_val row[8];

static void get(void *ctx, unsigned var, struct kb_arena *arena, struct kb_cel_val *out)
{
    (void)ctx;
    (void)arena;
    *out = row[var];
}

static void fill_row(void)
{
    static struct kb_cel_val items[3];
    static struct kb_cel_list list = {items, 3};
    static struct kb_cel_map_entry entries[2];
    static struct kb_cel_map map = {entries, 2};
    items[0] = kb_cel_string(KB_STR("system:nodes"));
    items[1] = kb_cel_string(KB_STR("system:authenticated"));
    items[2] = kb_cel_string(KB_STR("eks:nodes"));
    entries[0] =
        (struct kb_cel_map_entry){kb_cel_string(KB_STR("tier")), kb_cel_string(KB_STR("db"))};
    entries[1] =
        (struct kb_cel_map_entry){kb_cel_string(KB_STR("app")), kb_cel_string(KB_STR("web"))};
    row[0] = kb_cel_string(KB_STR("list"));
    row[1] = kb_cel_string(KB_STR("secrets"));
    row[2] = kb_cel_string(KB_STR("system:node:ip-10-0-0-1"));
    row[3] = kb_cel_int(403);
    row[4] = kb_cel_list(&list);
    row[5] = kb_cel_map(&map);
    row[6] = kb_cel_timestamp(1790000000, 0);
    row[7] = kb_cel_absent();
}

static double now_ns(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void measure(struct kb_cel_env *env, const char *text)
{
    enum { ROUNDS = 300000 };
    const struct kb_cel_program *program = NULL;
    struct kb_cel_issues issues;
    if (kb_failed(kb_cel_compile(env, kb_str_c(text), &program, &issues))) {
        printf("%s: %.*s\n", text, KB_FMT(issues.at[0].message));
        return;
    }
    struct kb_arena arena = {0};
    struct kb_cel_activation activation = {.get = get};
    double best = 1e18;
    unsigned kinds = 0;
    for (unsigned repeat = 0; repeat < 3; repeat++) {
        double from = now_ns();
        for (unsigned i = 0; i < ROUNDS; i++) {
            kinds |= 1U << kb_cel_eval(program, &activation, &arena).kind;
            kb_arena_reset(&arena);
        }
        double spent = (now_ns() - from) / ROUNDS;
        best = spent < best ? spent : best;
    }
    printf("%7.1f ns  %s%s\n", best, text, kinds == 1U << KB_CEL_BOOL ? "" : "  (not bool)");
    kb_arena_done(&arena);
}

int main(void)
{
    fill_row();
    struct kb_cel_env *env = kb_cel_env_new(&(struct kb_cel_env_options){.flags = KB_CEL_COLUMNS});
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        (void)kb_cel_env_var(env, kb_str_c(columns[i].name),
                             kb_cel_env_type(env, kb_str_c(columns[i].type)), columns[i].optional);
    }
    for (size_t i = 0; i < sizeof expressions / sizeof expressions[0]; i++) {
        measure(env, expressions[i]);
    }
    kb_cel_env_free(env);
    return 0;
}
