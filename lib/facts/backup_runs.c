/* Closing runs: whose they are, which are the newest, and what is usual. */
#include "facts/backup_model.h"

#include <stdlib.h>

#include "facts/world.h"

static const int64_t HOUR_NS = INT64_C(3600) * 1000000000;
enum { RECENT = 7, SAMPLES_MAX = 1000 };

/* The runs of one schedule (ad-hoc ones together), from the newest on. */
struct series {
    KB_VEC(struct kb_backup_run *) runs;
};

int64_t kb_backup_run_start(const struct kb_backup_run *run)
{
    return run->started_ns != KB_BACKUP_NO_TIME ? run->started_ns : run->created_ns;
}

bool kb_backup_run_ended(const struct kb_backup_run *run)
{
    static const char *const phases[] = {"Completed", "PartiallyFailed", "Failed",
                                         "FailedValidation"};
    bool found = false;
    for (size_t i = 0; i < sizeof phases / sizeof phases[0] && !found; i++) {
        found = kb_str_eq_c(run->phase, phases[i]);
    }
    return found;
}

bool kb_backup_run_unfinished(const struct kb_backup_run *run)
{
    static const char *const phases[] = {
        "", "New", "Queued", "ReadyToStart", "InProgress", "WaitingForPluginOperations",
        "WaitingForPluginOperationsPartiallyFailed", "Finalizing", "FinalizingPartiallyFailed"};
    bool found = false;
    for (size_t i = 0; i < sizeof phases / sizeof phases[0] && !found; i++) {
        found = kb_str_eq_c(run->phase, phases[i]);
    }
    return found;
}

static int newest_first(const void *a, const void *b)
{
    const struct kb_backup_run *x = *(const struct kb_backup_run *const *)a;
    const struct kb_backup_run *y = *(const struct kb_backup_run *const *)b;
    int64_t from = kb_backup_run_start(x), to = kb_backup_run_start(y);
    return from != to ? (from < to ? 1 : -1) : kb_str_cmp(x->at.name, y->at.name);
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static bool has_data(const struct kb_backup_run *run)
{
    return kb_str_eq_c(run->phase, "Completed") || kb_str_eq_c(run->phase, "PartiallyFailed");
}

/* Median of what the last runs before saved; -1 with fewer than three. */
static int64_t usual_items(const struct series *series, size_t from)
{
    int64_t items[RECENT] = {0};
    size_t n = 0;
    for (size_t i = from; i < series->runs.n && n < RECENT; i++) {
        if (kb_str_eq_c(series->runs.at[i]->phase, "Completed")) {
            items[n++] = series->runs.at[i]->items;
        }
    }
    qsort(items, n, sizeof items[0], by_value);
    return n < 3 ? -1 : items[n / 2];
}

static void mark_newest(const struct series *series)
{
    bool ended = false, data = false;
    uint64_t partial = 0;
    size_t seen = 0;
    struct kb_backup_run *newest = NULL;
    for (size_t i = 0; i < series->runs.n; i++) {
        struct kb_backup_run *run = series->runs.at[i];
        if (kb_backup_run_ended(run)) {
            run->newest = !ended;
            newest = ended ? newest : run;
            partial += seen < RECENT && kb_str_eq_c(run->phase, "PartiallyFailed");
            seen++;
            ended = true;
        }
        if (has_data(run) && !data) {
            run->newest_data = data = true;
            run->usual_items = usual_items(series, i + 1);
        }
    }
    if (newest != NULL) {
        newest->partial_recent = partial;
    }
}

/* So long that of a hundred runs 95 were not longer. */
static int64_t usual_length(const struct series *series)
{
    int64_t length[SAMPLES_MAX] = {0};
    size_t n = 0;
    for (size_t i = 0; i < series->runs.n && n < SAMPLES_MAX; i++) {
        const struct kb_backup_run *run = series->runs.at[i];
        if (has_data(run) && run->completed_ns != KB_BACKUP_NO_TIME &&
            run->started_ns != KB_BACKUP_NO_TIME) {
            length[n++] = run->completed_ns - run->started_ns;
        }
    }
    qsort(length, n, sizeof length[0], by_value);
    return n == 0 ? 0 : length[(n * 95 + 99) / 100 - 1];
}

static bool is_stuck(const struct kb_world *world, const struct kb_backup_run *run)
{
    int64_t limit = (run->spec.item_timeout_ns > 0 ? run->spec.item_timeout_ns : 4 * HOUR_NS) + HOUR_NS;
    return kb_backup_run_unfinished(run) && kb_backup_run_start(run) != KB_BACKUP_NO_TIME &&
           world->now_ns - kb_backup_run_start(run) > limit;
}

static void tell_schedule(struct kb_world *world, const struct series *series)
{
    struct kb_backup_schedule *schedule =
        kb_map_get(&world->backup.schedule_index, series->runs.at[0]->schedule);
    if (schedule == NULL) {
        return;
    }
    schedule->usual_ns = usual_length(series);
    for (size_t i = 0; i < series->runs.n; i++) {
        const struct kb_backup_run *run = series->runs.at[i];
        schedule->newest = run->newest ? run : schedule->newest;
        schedule->ended += kb_backup_run_ended(run);
        schedule->good += kb_str_eq_c(run->phase, "Completed");
        if (schedule->newest_good == NULL && kb_str_eq_c(run->phase, "Completed")) {
            schedule->newest_good = run;
        }
        schedule->stuck = is_stuck(world, run) ? run : schedule->stuck;
    }
}

/* Synced from a bucket: made here after it was completed. */
static bool is_foreign(const struct kb_backup_run *run)
{
    return run->completed_ns != KB_BACKUP_NO_TIME && run->created_ns != KB_OBJECT_NO_TIME &&
           run->created_ns > run->completed_ns;
}

static void count_foreign(struct kb_world *world, const struct kb_backup_run *run)
{
    for (size_t i = 0; i < world->backup.locations.n; i++) {
        struct kb_backup_location *at = world->backup.locations.at[i];
        at->foreign += kb_str_eq(at->at.name, run->location);
    }
}

static void collect(struct kb_world *world, struct kb_map *all)
{
    for (size_t i = 0; i < world->backup.runs.n; i++) {
        struct kb_backup_run *run = world->backup.runs.at[i];
        run->foreign = is_foreign(run);
        run->fs_backup = run->spec.fs_default == KB_YES;
        if (run->foreign) {
            count_foreign(world, run);
            continue;
        }
        struct kb_map_entry *entry = kb_map_add(all, run->schedule, NULL);
        if (entry->value.ptr == NULL) {
            entry->value.ptr = kb_alloc(sizeof(struct series));
        }
        struct series *series = entry->value.ptr;
        *KB_VEC_PUSH(&series->runs) = run;
    }
}

static void mark_volume_runs(struct kb_world *world)
{
    for (size_t i = 0; i < world->backup.volume_runs.n; i++) {
        struct kb_backup_volume_run *at = world->backup.volume_runs.at[i];
        struct kb_backup_run *run = kb_map_get(&world->backup.run_index, at->backup);
        if (run != NULL) {
            at->newest = run->newest;
            run->fs_backup = run->fs_backup || !at->upload;
            run->uploads += at->upload && kb_str_eq_c(at->phase, "Completed");
        }
    }
}

void kb_backup_close_runs(struct kb_world *world)
{
    struct kb_map all = {0};
    collect(world, &all);
    for (size_t i = 0; i < all.n; i++) {
        struct series *series = all.entries[i].value.ptr;
        qsort((void *)series->runs.at, series->runs.n, sizeof *series->runs.at, newest_first);
        mark_newest(series);
        if (all.entries[i].key.n > 0) {
            tell_schedule(world, series);
        }
        KB_VEC_DONE(&series->runs);
        kb_free(series);
    }
    kb_map_done(&all);
    mark_volume_runs(world);
}
