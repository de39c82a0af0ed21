/* Schedules, namespaces and claims as the answers tell them. */
#include "world_backup_facts.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "data/time.h"

struct facts {
    const char *dir;
    const struct kb_world *world;
    struct kb_rows_tally *tally;
};

static void hold(const struct facts *facts, bool ok, const char *fmt, ...) KB_PRINTF(3, 4);
static void hold(const struct facts *facts, bool ok, const char *fmt, ...)
{
    if (ok) {
        facts->tally->passed++;
        return;
    }
    va_list args;
    va_start(args, fmt);
    printf("%s: facts: ", facts->dir);
    vprintf(fmt, args);
    printf("\n");
    va_end(args);
    facts->tally->failed++;
}

static bool is_hours(const json_t *value, int64_t ns)
{
    return json_is_number(value) && fabs(json_number_value(value) * 3600e9 - (double)ns) < 1e9;
}

static void check_schedule(const struct facts *facts, const json_t *row)
{
    const struct kb_backup_schedule *at =
        kb_map_get(&facts->world->backup.schedule_index, kb_rows_str(row, "schedule"));
    const char *name = kb_rows_text(row, "schedule");
    hold(facts, at != NULL, "schedule %s is not there", name);
    if (at == NULL) {
        return;
    }
    const json_t *gap = json_object_get(row, "max_gap_hours");
    bool none = json_is_null(gap) || json_is_string(gap);
    hold(facts, none ? !at->times.fires : at->times.fires && is_hours(gap, at->times.gap_s * 1000000000),
         "schedule %s: gap %lld s", name, (long long)at->times.gap_s);
    hold(facts, is_hours(json_object_get(row, "ttl_hours"), at->spec.ttl_ns), "schedule %s: ttl", name);
    hold(facts, json_is_true(json_object_get(row, "usable")) == (at->usable == KB_YES),
         "schedule %s: usable %d", name, (int)at->usable);
    int64_t wanted = kb_backup_time(row, "newest_own_completed_start");
    int64_t got = at->newest_good == NULL ? KB_BACKUP_NO_TIME : kb_backup_run_start(at->newest_good);
    hold(facts, wanted == got, "schedule %s: newest good run at %lld", name, (long long)got);
}

static void check_namespace(const struct facts *facts, const char *name, const json_t *by)
{
    const struct kb_backup_namespace *at = kb_backup_namespace_of(facts->world, kb_str_c(name));
    bool same = at != NULL && at->by.n == json_array_size(by);
    for (size_t i = 0; same && i < at->by.n; i++) {
        same = kb_str_eq(at->by.at[i], kb_json_view(json_array_get(by, i)));
    }
    hold(facts, same, "namespace %s: covered by %zu", name, at == NULL ? 0 : at->by.n);
}

/* "FSB (by x)", "SNAPSHOT moved (by x)", "SNAPSHOT local (by x)", "NOT COVERED: why". */
static struct kb_str text_of(const struct kb_backup_claim *at, struct kb_arena *arena)
{
    if (at->covered != KB_YES) {
        return kb_arena_printf(arena, "NOT COVERED: %.*s", KB_FMT(at->way.why));
    }
    const char *way = at->way.path == KB_VOLUME_FS_BACKUP ? "FSB"
                      : at->way.path == KB_VOLUME_EXTERNAL ? "EXTERNAL"
                      : at->moved == KB_YES               ? "SNAPSHOT moved"
                                                          : "SNAPSHOT local";
    return kb_arena_printf(arena, "%s (by %.*s)", way, KB_FMT(at->by->at.name));
}

static void check_claim(const struct facts *facts, const char *name, const json_t *wanted)
{
    struct kb_arena arena = {0};
    struct kb_str claim, ns = kb_str_split(kb_str_c(name), '/', &claim);
    const struct kb_backup_claim *at = kb_backup_claim_of(facts->world, ns, claim);
    struct kb_str got = at == NULL ? KB_STR("nothing") : text_of(at, &arena);
    hold(facts, kb_str_eq(got, kb_json_view(wanted)), "claim %s: %.*s; wanted %s", name, KB_FMT(got),
         json_string_value(wanted));
    kb_arena_done(&arena);
}

static void check_tests(const struct facts *facts, const json_t *wanted)
{
    size_t n = 0;
    for (size_t i = 0; i < facts->world->backup.restores.n; i++) {
        n += facts->world->backup.restores.at[i]->qualifies == KB_YES;
    }
    hold(facts, n == json_array_size(wanted), "%zu restores count as tests, wanted %zu", n,
         json_array_size(wanted));
}

void kb_world_backup_facts(const char *dir, const json_t *answers, const struct kb_world *world,
                    struct kb_rows_tally *tally)
{
    struct facts facts = {dir, world, tally};
    const json_t *backup = kb_json_dig(answers, "facts", "backup", NULL);
    const json_t *schedules = kb_json_array(backup, "schedules");
    const char *name;
    json_t *value;
    for (size_t i = 0; i < json_array_size(schedules); i++) {
        check_schedule(&facts, json_array_get(schedules, i));
    }
    json_object_foreach(kb_json_object(backup, "namespace_covered_by"), name, value) {
        check_namespace(&facts, name, value);
    }
    json_object_foreach(kb_json_object(backup, "pvc"), name, value) {
        check_claim(&facts, name, value);
    }
    if (backup != NULL) {
        check_tests(&facts, json_object_get(backup, "isolated_restore_tests"));
    }
}
