/* Where in a text a matcher matches first, and where it may end. */
#include "backup/glob_match.h"

static void end_at(struct kb_glob_ends *ends, size_t offset)
{
    *KB_VEC_PUSH(ends) = (uint32_t)offset;
}

static void ends_done(struct kb_glob_ends *ends)
{
    KB_VEC_DONE(ends);
}

/* Bytes of the character in UTF-8; U+FFFD counts as three even where it stands for one bad byte. */
static size_t rune_length(uint32_t rune)
{
    return rune < 0x80 ? 1 : rune < 0x800 ? 2 : rune < 0x10000 ? 3 : 4;
}

static size_t found(size_t index, size_t end, struct kb_glob_ends *ends)
{
    end_at(ends, end);
    return index;
}

static size_t index_class(const struct kb_gobwas *m, struct kb_str s, struct kb_glob_ends *ends)
{
    for (size_t i = 0; i < s.n;) {
        size_t start = i;
        uint32_t rune = kb_glob_rune(s, &i);
        if (kb_glob_in_class(m, rune)) {
            return found(start, rune_length(rune), ends);
        }
    }
    return SIZE_MAX;
}

/* Before each character from `base` on, and at the end. */
static void all_starts(struct kb_str s, size_t base, struct kb_glob_ends *ends)
{
    for (size_t i = 0; i < s.n;) {
        end_at(ends, base + i);
        (void)kb_glob_rune(s, &i);
    }
    end_at(ends, base + s.n);
}

static size_t index_prefix(const struct kb_gobwas *m, struct kb_str s, struct kb_glob_ends *ends)
{
    size_t index = kb_str_find(s, m->text, 0);
    if (index != SIZE_MAX) {
        s = kb_str_sub(s, index + m->text.n, s.n);
        end_at(ends, m->text.n);
        for (size_t i = 0; i < s.n;) {
            size_t start = i;
            uint32_t rune = kb_glob_rune(s, &i);
            end_at(ends, m->text.n + start + rune_length(rune));
        }
    }
    return index;
}

/* Ends behind each suffix that does not overlap a later one. */
static size_t index_prefix_suffix(const struct kb_gobwas *m, struct kb_str s,
                                  struct kb_glob_ends *ends)
{
    size_t index = kb_str_find(s, m->text, 0);
    if (index == SIZE_MAX) {
        return SIZE_MAX;
    }
    s = kb_str_sub(s, index, s.n);
    size_t first = ends->n;
    for (size_t end = s.n; end >= m->suffix.n && end > 0;) {
        if (kb_str_ends(kb_str_sub(s, 0, end), m->suffix)) {
            end_at(ends, end);
            end -= m->suffix.n;
        } else {
            end--;
        }
    }
    for (size_t i = first, j = ends->n; i + 1 < j; i++) { /* found from the back */
        uint32_t swap = ends->at[i];
        ends->at[i] = ends->at[--j];
        ends->at[j] = swap;
    }
    return ends->n > first ? index : SIZE_MAX;
}

static size_t index_contains(const struct kb_gobwas *m, struct kb_str s, struct kb_glob_ends *ends)
{
    size_t at = kb_str_find(s, m->text, 0);
    if (m->not) {
        all_starts(kb_str_sub(s, 0, at == SIZE_MAX ? s.n : at), 0, ends);
        return 0;
    }
    if (at == SIZE_MAX) {
        return SIZE_MAX;
    }
    at += m->text.n;
    all_starts(kb_str_sub(s, at, s.n), at, ends);
    return 0;
}

/* Ends behind the limit-th character and each later one (MIN), or up to it (MAX). */
static size_t index_counted(const struct kb_gobwas *m, struct kb_str s, struct kb_glob_ends *ends)
{
    bool min = m->kind == KB_GLOB_MIN;
    size_t first = ends->n;
    int count = 0;
    if (min && s.n < (size_t)m->limit) {
        return SIZE_MAX;
    }
    if (!min) {
        end_at(ends, 0);
    }
    for (size_t i = 0; i < s.n && (min || count < m->limit);) {
        size_t start = i;
        uint32_t rune = kb_glob_rune(s, &i);
        count++;
        if (!min || count >= m->limit) {
            end_at(ends, start + rune_length(rune));
        }
    }
    return ends->n > first ? 0 : SIZE_MAX;
}

/* Both ascending without doubles; so is what *into becomes. */
static void merge(struct kb_glob_ends *into, const struct kb_glob_ends *other)
{
    struct kb_glob_ends out = {0};
    size_t x = 0, y = 0;
    while (x < into->n || y < other->n) {
        bool left = y >= other->n || (x < into->n && into->at[x] <= other->at[y]);
        uint32_t value = left ? into->at[x] : other->at[y];
        y += left && y < other->n && other->at[y] == value ? 1 : 0;
        x += left ? 1 : 0;
        y += left ? 0 : 1;
        end_at(&out, value);
    }
    ends_done(into);
    *into = out;
}

static size_t index_any_of(const struct kb_gobwas *m, struct kb_str s, struct kb_glob_ends *ends,
                           struct kb_glob_run *run)
{
    size_t index = SIZE_MAX;
    for (size_t i = 0; i < m->n; i++) {
        KB_AUTO(ends_done) struct kb_glob_ends part = {0};
        size_t at = kb_glob_index(m->parts[i], s, &part, run);
        if (at == SIZE_MAX || at > index) {
            continue;
        }
        if (at < index) {
            ends->n = 0;
        }
        index = at;
        merge(ends, &part);
    }
    return index;
}

/* Ends that both have, the first shifted by `delta`. */
static void intersect(struct kb_glob_ends *into, const struct kb_glob_ends *other, int64_t delta)
{
    struct kb_glob_ends out = {0};
    for (size_t i = 0; i < into->n; i++) {
        for (size_t k = 0; k < other->n; k++) {
            if ((int64_t)into->at[i] + delta == (int64_t)other->at[k]) {
                end_at(&out, other->at[k]);
            }
        }
    }
    ends_done(into);
    *into = out;
}

static size_t index_every_of(const struct kb_gobwas *m, struct kb_str s, struct kb_glob_ends *ends,
                             struct kb_glob_run *run)
{
    size_t index = 0, offset = 0;
    struct kb_str sub = s;
    for (size_t i = 0; i < m->n; i++) {
        KB_AUTO(ends_done) struct kb_glob_ends part = {0};
        size_t at = kb_glob_index(m->parts[i], sub, &part, run);
        if (at == SIZE_MAX || !kb_glob_step(run, ends->n * part.n)) {
            return SIZE_MAX;
        }
        if (i == 0) {
            merge(ends, &part);
        } else {
            intersect(ends, &part, (int64_t)index - (int64_t)(at + offset));
        }
        if (ends->n == 0) {
            return SIZE_MAX;
        }
        index = at + offset;
        sub = kb_str_sub(s, index, s.n);
        offset += at;
    }
    return index;
}

static size_t index_row(const struct kb_gobwas *m, struct kb_str s, struct kb_glob_ends *ends,
                        struct kb_glob_run *run)
{
    for (size_t i = 0; i < s.n && s.n - i >= (size_t)m->length;) {
        if (kb_glob_row(m, kb_str_sub(s, i, s.n), run)) {
            return found(i, (size_t)m->length, ends);
        }
        if (!kb_glob_step(run, 0)) {
            return SIZE_MAX;
        }
        (void)kb_glob_rune(s, &i);
    }
    return SIZE_MAX;
}

static size_t index_text(struct kb_str text, struct kb_str s, bool from_start,
                         struct kb_glob_ends *ends)
{
    size_t index = kb_str_find(s, text, 0);
    if (index == SIZE_MAX) {
        return SIZE_MAX;
    }
    return from_start ? found(0, index + text.n, ends) : found(index, text.n, ends);
}

size_t kb_glob_index(const struct kb_gobwas *m, struct kb_str s, struct kb_glob_ends *ends,
                     struct kb_glob_run *run)
{
    if (!kb_glob_step(run, s.n)) {
        return SIZE_MAX;
    }
    switch (m->kind) {
    case KB_GLOB_NOTHING:
        return found(0, 0, ends);
    case KB_GLOB_M_SUPER:
        all_starts(s, 0, ends);
        return 0;
    case KB_GLOB_M_SINGLE:
    case KB_GLOB_M_LIST:
    case KB_GLOB_M_RANGE:
        return index_class(m, s, ends);
    case KB_GLOB_M_TEXT:
        return index_text(m->text, s, false, ends);
    case KB_GLOB_PREFIX:
        return index_prefix(m, s, ends);
    case KB_GLOB_SUFFIX:
        return index_text(m->suffix, s, true, ends);
    case KB_GLOB_PREFIX_SUFFIX:
        return index_prefix_suffix(m, s, ends);
    case KB_GLOB_CONTAINS:
        return index_contains(m, s, ends);
    case KB_GLOB_MIN:
    case KB_GLOB_MAX:
        return index_counted(m, s, ends);
    case KB_GLOB_ANY_OF:
        return index_any_of(m, s, ends, run);
    case KB_GLOB_EVERY_OF:
        return index_every_of(m, s, ends, run);
    case KB_GLOB_ROW:
        return index_row(m, s, ends, run);
    case KB_GLOB_TREE: /* the library never looks for one */
    case KB_GLOB_MATCHERS:
    default:
        return SIZE_MAX;
    }
}
