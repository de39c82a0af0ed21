/*
 * Worlds: clusters made up with their answers. Each is judged as a user would judge it, and compared topic
 * by topic: a topic is a control's id, or one of its `aka`.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <unistd.h>

#include "data/time.h"
#include "rows.h"
#include "run/baselines.h"
#include "run/run.h"
#include "run/world_judge.h"
#include "world_backup_facts.h"
#include "world_facts.h"
#include "world_profile.h"

enum { PATH_BYTES = 4096, FINDINGS = 1 << 20 };

struct world {
    const char *dir;  /* as named */
    const char *base; /* where objects and AWS answers lie */
    json_t *answers, *params, *variant;
    struct kb_result result;
    const struct kb_baselines *baselines;
    unsigned passed, failed;
    json_t *skipped; /* topic: true */
};

static json_t *load(const char *dir, const char *name)
{
    char path[PATH_BYTES];
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    return json_load_file(path, 0, NULL);
}

static bool complain(struct world *world, const char *topic, struct kb_str object, const char *fmt,
                     ...) KB_PRINTF(4, 5);
static bool complain(struct world *world, const char *topic, struct kb_str object, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    printf("%s: %s: %.*s: ", world->dir, topic, KB_FMT(object));
    vprintf(fmt, args);
    printf("\n");
    va_end(args);
    world->failed++;
    return false;
}

/* "Kind//name" is written "Kind/name" here. */
static struct kb_str normal(struct kb_str object, struct kb_arena *arena)
{
    size_t at = kb_str_find(object, KB_STR("//"), 0);
    bool arn = kb_str_starts(object, KB_STR("arn:"));
    return at == SIZE_MAX || arn
               ? object
               : kb_arena_printf(arena, "%.*s/%.*s", KB_FMT(kb_str_sub(object, 0, at)),
                                 KB_FMT(kb_str_sub(object, at + 2, object.n)));
}

/* Two catalogues give these names, to a detection in the log and to a statement on grants. */
static struct kb_str renamed(struct kb_str topic)
{
    static const char *const names[][2] = {
        {"rbac-cluster-admin-binding", "rbac-cluster-admin-held"},
        {"rbac-role-write", "rbac-role-write-grant"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (kb_str_eq_c(topic, names[i][0])) {
            return kb_str_c(names[i][1]);
        }
    }
    return topic;
}

/* The control of a topic: over objects or settings, not over the log. */
static const struct kb_control *control_of(const struct world *world, struct kb_str name)
{
    struct kb_str topic = renamed(name);
    const struct kb_baseline *baseline = &world->baselines->baseline;
    for (size_t i = 0; i < baseline->n; i++) {
        const struct kb_control *control = baseline->controls[i];
        bool named = kb_str_eq(control->id, topic);
        for (size_t k = 0; k < control->aka_count && !named; k++) {
            named = kb_str_eq(control->aka[k], topic);
        }
        if (named && control->table != NULL &&
            strncmp(control->table->name, "audit.", strlen("audit.")) != 0) {
            return control;
        }
    }
    return NULL;
}

static const struct kb_control_result *result_of(struct world *world, const char *topic)
{
    const struct kb_control *control = control_of(world, kb_str_c(topic));
    for (size_t i = 0; control != NULL && i < world->result.control_count; i++) {
        if (kb_str_eq(world->result.controls[i].id, control->id)) {
            return &world->result.controls[i];
        }
    }
    (void)json_object_set_new(world->skipped, topic, json_true());
    return NULL;
}

static const struct kb_finding *finding_on(const struct kb_control_result *control,
                                           struct kb_str object)
{
    for (size_t i = 0; i < control->finding_count; i++) {
        if (kb_str_eq(control->findings[i].object, object) &&
            control->findings[i].verdict == KB_FAIL) {
            return &control->findings[i];
        }
    }
    return NULL;
}

static void check_finding(struct world *world, const json_t *row)
{
    struct kb_arena arena = {0};
    const char *topic = kb_rows_text(row, "topic");
    struct kb_str object = normal(kb_rows_str(row, "object"), &arena);
    const struct kb_control_result *control = result_of(world, topic);
    if (control != NULL) {
        const struct kb_finding *finding = finding_on(control, object);
        const char *owner = kb_rows_text(row, "owner");
        if (finding == NULL) {
            (void)complain(world, topic, object, "not reported (%s)", kb_rows_text(row, "why"));
        } else if (strcmp(kb_owner_name(finding->owner), owner) != 0) {
            (void)complain(world, topic, object, "owner %s, wanted %s",
                           kb_owner_name(finding->owner), owner);
        } else {
            world->passed++;
        }
    }
    kb_arena_done(&arena);
}

static void check_fine(struct world *world, const json_t *row)
{
    struct kb_arena arena = {0};
    const char *topic = kb_rows_text(row, "topic");
    struct kb_str object = normal(kb_rows_str(row, "object"), &arena);
    const struct kb_control_result *control = result_of(world, topic);
    if (control != NULL && finding_on(control, object) != NULL) {
        (void)complain(world, topic, object, "reported, though it is fine (%s)",
                       kb_rows_text(row, "why"));
    } else if (control != NULL) {
        world->passed++;
    }
    kb_arena_done(&arena);
}

/* Whether some list of the answers names this pair. */
static bool is_listed(const json_t *answers, const char *list, const char *topic,
                      struct kb_str object)
{
    const json_t *rows = json_object_get(answers, list);
    bool found = false;
    for (size_t i = 0; i < json_array_size(rows) && !found; i++) {
        struct kb_arena arena = {0};
        const json_t *row = json_array_get(rows, i);
        found = strcmp(kb_rows_text(row, "topic"), topic) == 0 &&
                kb_str_eq(normal(kb_rows_str(row, "object"), &arena), object);
        kb_arena_done(&arena);
    }
    return found;
}

/* What a complete topic does not list is a false alarm. */
static void check_complete(struct world *world, const char *topic)
{
    const struct kb_control_result *control = result_of(world, topic);
    for (size_t i = 0; control != NULL && i < control->finding_count; i++) {
        const struct kb_finding *finding = &control->findings[i];
        bool allowed = finding->verdict != KB_FAIL ||
                       is_listed(world->answers, "findings", topic, finding->object) ||
                       is_listed(world->answers, "either", topic, finding->object) ||
                       is_listed(world->answers, "exceptions", topic, finding->object);
        if (!allowed) {
            (void)complain(world, topic, finding->object, "false alarm: %.*s",
                           KB_FMT(finding->message));
        }
    }
    world->passed += control != NULL;
}

/* The forbidden variant: a verdict for each topic. */
static void check_verdict(struct world *world, const json_t *row)
{
    const char *topic = kb_rows_text(row, "topic");
    const char *expect = kb_rows_text(row, "expect");
    const struct kb_control_result *control = result_of(world, topic);
    if (control == NULL) {
        return;
    }
    const json_t *still = json_object_get(row, "still_failing");
    bool ok = strcmp(kb_verdict_name(control->verdict), expect) == 0;
    for (size_t i = 0; ok && i < json_array_size(still); i++) {
        struct kb_arena arena = {0};
        const json_t *item = json_array_get(still, i);
        struct kb_str object = json_is_string(item) ? kb_json_view(item) : kb_rows_str(item, "object");
        ok = finding_on(control, normal(object, &arena)) != NULL;
        kb_arena_done(&arena);
    }
    if (ok) {
        world->passed++;
    } else {
        (void)complain(world, topic, KB_STR("verdict"), "%s (%.*s), wanted %s",
                       kb_verdict_name(control->verdict), KB_FMT(control->reason), expect);
    }
}

static void each(struct world *world, const char *list,
                 void (*check)(struct world *world, const json_t *row))
{
    const json_t *rows = json_object_get(world->answers, list);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        check(world, json_array_get(rows, i));
    }
}

static void compare(struct world *world)
{
    const json_t *topics = json_object_get(world->answers, "complete_topics");
    each(world, "findings", check_finding);
    each(world, "fine", check_fine);
    each(world, "verdicts", check_verdict);
    for (size_t i = 0; i < json_array_size(topics); i++) {
        check_complete(world, json_string_value(json_array_get(topics, i)));
    }
}

/* Files of the base world, but for those that the variant says were refused. */
static size_t list_files(const struct world *world, const char *folder, struct kb_arena *arena,
                         struct kb_str *out, size_t max)
{
    char pattern[PATH_BYTES];
    const json_t *absent = json_object_get(world->variant, "absent");
    size_t n = 0;
    (void)snprintf(pattern, sizeof pattern, "%s/%s", world->base, folder);
    json_t *names = kb_world_files(pattern);
    for (size_t i = 0; i < json_array_size(names) && n < max; i++) {
        const char *name = json_string_value(json_array_get(names, i));
        bool kept = true;
        for (size_t k = 0; k < json_array_size(absent); k++) {
            const char *gone = json_string_value(json_array_get(absent, k));
            struct kb_str path = kb_arena_printf(arena, "%s/%s", folder, name);
            kept = kept && !kb_str_eq_c(path, gone) && strcmp(gone, name) != 0;
        }
        if (kept) {
            out[n++] = kb_arena_printf(arena, "%s/%s/%s", world->base, folder, name);
        }
    }
    json_decref(names);
    return n;
}

/* The same files once more, for what the tables are built from. */
static void compare_backup_facts(struct world *world, const struct kb_check_options *options)
{
    struct kb_world built;
    struct kb_gathered gathered = {0};
    struct kb_baselines own = {0};
    struct kb_mistakes mistakes = {0};
    struct kb_rows_tally tally = {0};
    kb_res res = kb_baselines_load(&own, KB_STR(""), options->profile, NULL, 0, &mistakes, NULL);
    kb_world_init(&built, options->now_ns, kb_world_profile_setting, &own.profile);
    if (!kb_failed(res)) {
        struct kb_object_sink objects = kb_world_sink(&built);
        struct kb_aws_sink aws = kb_world_aws_sink(&built);
        res = kb_gather(&options->sources, &objects, &aws, &gathered, NULL);
    }
    if (kb_failed(res)) {
        tally.failed++;
    } else {
        kb_world_close(&built);
        kb_world_backup_facts(world->dir, world->answers, &built, &tally);
    }
    world->passed += tally.passed;
    world->failed += tally.failed;
    kb_world_done(&built);
    kb_gathered_done(&gathered);
    kb_mistakes_done(&mistakes);
    kb_baselines_done(&own);
}

static bool run_check(struct world *world, const char *profile, int64_t now_ns)
{
    enum { FILES = 1000 };
    struct kb_arena arena = {0};
    struct kb_str *objects = KB_NEW_ARRAY(&arena, FILES, struct kb_str);
    struct kb_str *aws = KB_NEW_ARRAY(&arena, FILES, struct kb_str);
    struct kb_check_options options = {
        .sources = {.objects = objects,
                    .object_count = list_files(world, "objects", &arena, objects, FILES),
                    .aws = aws,
                    .aws_count = list_files(world, "aws", &arena, aws, FILES)},
        .profile = kb_str_c(profile),
        .now_ns = now_ns,
        .since_ns = KB_TIME_NONE,
        .until_ns = KB_TIME_NONE,
        .fail_on = KB_FAIL_ON_NEVER,
        .max_findings = FINDINGS,
    };
    struct kb_mistakes mistakes = {0};
    struct kb_err err = {0};
    bool ok = !kb_failed(kb_run_check(&options, &world->result, &mistakes, &err));
    if (!ok) {
        struct kb_buf text = {.max = 1 << 20};
        kb_mistakes_print(&mistakes, &text);
        printf("%s: %s\n%.*s", world->dir, err.msg, KB_FMT(kb_buf_view(&text)));
        kb_buf_done(&text);
    }
    kb_mistakes_done(&mistakes);
    if (json_object_get(world->answers, "facts") != NULL) {
        compare_backup_facts(world, &options);
    }
    kb_arena_done(&arena);
    return ok;
}

/* Facts of the network, where the answers have some. */
static void compare_network_facts(struct world *world)
{
    enum { FILES = 1000 };
    const json_t *facts =
        json_object_get(json_object_get(world->answers, "facts"), "network");
    struct kb_arena arena = {0};
    struct kb_rows_tally tally = {0};
    struct kb_str *objects = KB_NEW_ARRAY(&arena, FILES, struct kb_str);
    struct kb_sources sources = {.objects = objects};
    if (facts != NULL) {
        sources.object_count = list_files(world, "objects", &arena, objects, FILES);
        kb_world_facts(world->dir, &sources, world->params, facts, &tally);
    }
    world->passed += tally.passed;
    world->failed += tally.failed;
    kb_arena_done(&arena);
}

static bool read_clock(const struct world *world, int64_t *now_ns)
{
    struct kb_time time, epoch = {0};
    struct kb_str text = kb_rows_str(world->answers, "now");
    return !kb_failed(kb_time_parse(text, KB_TIME_STRICT, &time, NULL)) &&
           kb_time_diff(time, epoch, now_ns);
}

static void judge(struct world *world)
{
    char profile[PATH_BYTES];
    int64_t now_ns = 0;
    bool ok = read_clock(world, &now_ns) &&
              kb_world_profile(world->params, now_ns, profile, sizeof profile);
    if (!ok) {
        printf("%s: no clock, or no profile\n", world->dir);
    } else {
        ok = run_check(world, profile, now_ns);
        (void)unlink(profile);
    }
    if (ok) {
        compare(world);
        compare_network_facts(world);
        kb_result_done(&world->result);
    } else {
        world->failed++;
    }
}

static void run_world(const char *dir, const struct kb_baselines *baselines,
                      struct kb_rows_tally *tally, json_t *skipped)
{
    char base[PATH_BYTES];
    struct world world = {.dir = dir, .base = dir, .baselines = baselines, .skipped = skipped};
    world.variant = load(dir, "world.json");
    if (world.variant != NULL) {
        (void)snprintf(base, sizeof base, "%s/..", dir);
        world.base = base;
    }
    world.answers = load(dir, "answers.json");
    world.params = load(world.base, "params.json");
    if (world.answers == NULL || world.params == NULL) {
        printf("%s: answers.json or params.json cannot be read\n", dir);
        world.failed++;
    } else {
        judge(&world);
    }
    tally->passed += world.passed;
    tally->failed += world.failed;
    json_decref(world.answers);
    json_decref(world.params);
    json_decref(world.variant);
}

int main(int argc, char **argv)
{
    struct kb_rows_tally tally = {0};
    struct kb_baselines baselines;
    struct kb_mistakes mistakes = {0};
    json_t *skipped = json_object();
    const char *topic;
    json_t *value;
    if (kb_failed(kb_baselines_load(&baselines, KB_STR(""), KB_STR("eks-full"), NULL, 0, &mistakes,
                                    NULL))) {
        return 1;
    }
    for (int i = 1; i < argc; i++) {
        run_world(argv[i], &baselines, &tally, skipped);
    }
    printf("%zu topics without a control, skipped:", json_object_size(skipped));
    json_object_foreach(skipped, topic, value) {
        printf(" %s", topic);
    }
    printf("\n");
    json_decref(skipped);
    kb_mistakes_done(&mistakes);
    kb_baselines_done(&baselines);
    return kb_rows_close(&tally);
}
