/* All controls of a library: reading every file, and checking what holds between them. */
#include <stdlib.h>

#include "base/limits.h"
#include "base/map.h"
#include "baseline/control_file.h"
#include "baseline/profile_file.h"

enum file_kind { FILE_OTHER, FILE_CONTROL, FILE_TERMS };

static enum file_kind kind_of(struct kb_str path)
{
    if (kb_str_starts(path, KB_STR("profiles/")) || kb_str_ends(path, KB_STR(".cases.yaml")) ||
        !kb_str_ends(path, KB_STR(".yaml"))) {
        return FILE_OTHER;
    }
    return kb_str_ends(path, KB_STR("_terms.yaml")) ? FILE_TERMS : FILE_CONTROL;
}

struct load {
    struct kb_baseline *baseline;
    struct kb_decode decode;
    KB_VEC(struct kb_control *) controls;
    kb_term_list terms;
    struct kb_map ids;
    bool check;
    const struct kb_str *globs; /* the controls to read; none: all */
    size_t glob_count;
};

static bool wanted(const struct load *load, const struct kb_control *control)
{
    bool any = load->glob_count == 0;
    for (size_t i = 0; !any && i < load->glob_count; i++) {
        any = kb_profile_matches(load->globs[i], control);
    }
    return any;
}

static void load_control(struct load *load, const struct kb_library_file *file)
{
    bool ok = true;
    bool is_new = true;
    struct kb_control *control = kb_control_new(&load->decode, file);
    if (wanted(load, control)) {
        ok = kb_control_read(&load->decode, file, control);
    }
    if (control->id.n > 0) {
        struct kb_map_entry *entry = kb_map_add(&load->ids, control->id, &is_new);
        if (!is_new) {
            const struct kb_control *other = entry->value.ptr;
            kb_mistake_addf(load->decode.mistakes, file->name, 1, 1,
                            "the id '%.*s' is taken by %.*s", KB_FMT(control->id),
                            KB_FMT(other->file));
        } else {
            entry->value.ptr = control;
        }
    }
    if (ok && is_new) {
        *KB_VEC_PUSH(&load->controls) = control;
    }
    if (load->check || !ok) {
        kb_control_check(load->baseline, control, load->decode.mistakes);
    }
}

/* Terms first: controls are checked with them. */
static void load_files(struct load *load, enum file_kind kind)
{
    const struct kb_library *library = load->baseline->library;
    for (size_t i = 0; i < library->n; i++) {
        const struct kb_library_file *file = &library->files[i];
        if (kind_of(file->path) != kind) {
            continue;
        }
        load->decode.file = file->name;
        if (kind == FILE_TERMS) {
            kb_terms_read(&load->decode, file, &load->terms);
        } else if (load->controls.n >= KB_MAX_CONTROLS) {
            kb_mistake_addf(load->decode.mistakes, file->name, 0, 0, "more than %d controls",
                            KB_MAX_CONTROLS);
            return;
        } else {
            load_control(load, file);
        }
    }
}

static int by_id(const void *a, const void *b)
{
    const struct kb_control *const *x = a;
    const struct kb_control *const *y = b;
    return kb_str_cmp((*x)->id, (*y)->id);
}

static void *keep(struct kb_arena *arena, const void *at, size_t n, size_t size)
{
    void *out = kb_arena_array(arena, n, size);
    if (n > 0) {
        memcpy(out, at, n * size);
    }
    return out;
}

static void load_all(struct load *load)
{
    struct kb_baseline *baseline = load->baseline;
    kb_library_digest(baseline->library, baseline->digest);
    load_files(load, FILE_TERMS);
    baseline->terms = keep(&baseline->arena, load->terms.at, load->terms.n, sizeof *load->terms.at);
    baseline->term_count = load->terms.n;
    load_files(load, FILE_CONTROL);
    if (load->controls.n > 1) {
        qsort(load->controls.at, load->controls.n, sizeof *load->controls.at, by_id);
    }
    baseline->controls = keep(&baseline->arena, load->controls.at, load->controls.n,
                              sizeof *load->controls.at);
    baseline->n = load->controls.n;
    if (load->check) {
        kb_terms_check(baseline, load->decode.mistakes);
    }
    kb_mistakes_sort(load->decode.mistakes);
    KB_VEC_DONE(&load->controls);
    KB_VEC_DONE(&load->terms);
    kb_map_done(&load->ids);
}

void kb_baseline_load(struct kb_baseline *baseline, const struct kb_library *library, bool check,
                      struct kb_mistakes *mistakes)
{
    *baseline = (struct kb_baseline){.library = library};
    struct load load = {.baseline = baseline, .check = check};
    load.decode = (struct kb_decode){.arena = &baseline->arena, .mistakes = mistakes};
    load_all(&load);
}

void kb_baseline_load_some(struct kb_baseline *baseline, const struct kb_library *library,
                           const struct kb_str *globs, size_t n, struct kb_mistakes *mistakes)
{
    *baseline = (struct kb_baseline){.library = library};
    struct load load = {.baseline = baseline, .globs = globs, .glob_count = n};
    load.decode = (struct kb_decode){.arena = &baseline->arena, .mistakes = mistakes};
    load_all(&load);
}

void kb_baseline_done(struct kb_baseline *baseline)
{
    kb_arena_done(&baseline->arena);
    *baseline = (struct kb_baseline){0};
}

const struct kb_control *kb_baseline_find(const struct kb_baseline *baseline, struct kb_str id)
{
    const struct kb_control *alias = NULL;
    for (size_t i = 0; i < baseline->n; i++) {
        const struct kb_control *control = baseline->controls[i];
        if (kb_str_eq(control->id, id)) {
            return control;
        }
        for (size_t k = 0; alias == NULL && k < control->aka_count; k++) {
            alias = kb_str_eq(control->aka[k], id) ? control : NULL;
        }
    }
    return alias;
}

const char *kb_baseline_suggest(const struct kb_baseline *baseline, struct kb_str id)
{
    const char **words = kb_alloc((baseline->n + 1) * sizeof *words);
    for (size_t i = 0; i < baseline->n; i++) {
        words[i] = baseline->controls[i]->id.p;
    }
    const char *best = kb_did_you_mean(id, words);
    kb_free(words);
    return best;
}
