/* Deep copies with a budget. */
#include "baseline/copy.h"

#include "base/utf8.h"

enum { CUT_MAX = 512, REASONS_MAX = 3 };

/* Bytes a copy would take; stops counting over `limit`. */
static size_t size_of(const struct kb_cel_val *value, size_t limit)
{
    size_t size = sizeof *value;
    switch ((enum kb_cel_kind)value->kind) {
    case KB_CEL_STRING:
    case KB_CEL_BYTES:
    case KB_CEL_TYPE:
    case KB_CEL_ERROR:
        return size + value->s.n;
    case KB_CEL_LIST:
        for (size_t i = 0; i < value->list->n && size <= limit; i++) {
            size += size_of(&value->list->items[i], limit - size);
        }
        return size;
    case KB_CEL_MAP:
        for (size_t i = 0; i < value->map->n && size <= limit; i++) {
            size += size_of(&value->map->entries[i].key, limit);
            size += size_of(&value->map->entries[i].value, limit);
        }
        return size;
    case KB_CEL_NULL:
    case KB_CEL_BOOL:
    case KB_CEL_INT:
    case KB_CEL_UINT:
    case KB_CEL_DOUBLE:
    case KB_CEL_TIMESTAMP:
    case KB_CEL_DURATION:
    case KB_CEL_OPTIONAL:
    case KB_CEL_OBJECT:
    case KB_CEL_UNKNOWN:
    case KB_CEL_ABSENT:
        break;
    }
    return size;
}

static struct kb_cel_val copy(const struct kb_cel_val *value, struct kb_arena *arena);

static struct kb_cel_val copy_list(const struct kb_cel_list *list, struct kb_arena *arena)
{
    struct kb_cel_val *items = KB_NEW_ARRAY(arena, list->n, struct kb_cel_val);
    for (size_t i = 0; i < list->n; i++) {
        items[i] = copy(&list->items[i], arena);
    }
    struct kb_cel_list *out = KB_NEW(arena, struct kb_cel_list);
    *out = (struct kb_cel_list){items, list->n};
    return kb_cel_list(out);
}

static struct kb_cel_val copy_map(const struct kb_cel_map *map, struct kb_arena *arena)
{
    struct kb_cel_map_entry *entries = KB_NEW_ARRAY(arena, map->n, struct kb_cel_map_entry);
    for (size_t i = 0; i < map->n; i++) {
        entries[i].key = copy(&map->entries[i].key, arena);
        entries[i].value = copy(&map->entries[i].value, arena);
    }
    struct kb_cel_map *out = KB_NEW(arena, struct kb_cel_map);
    *out = (struct kb_cel_map){entries, map->n};
    return kb_cel_map(out);
}

static struct kb_cel_val copy_unknown(const struct kb_cel_unknown *unknown, struct kb_arena *arena)
{
    struct kb_cel_unknown *first = NULL;
    struct kb_cel_unknown *last = NULL;
    for (int n = 0; unknown != NULL && n < REASONS_MAX; unknown = unknown->next, n++) {
        struct kb_cel_unknown *one = KB_NEW(arena, struct kb_cel_unknown);
        one->attribute = kb_arena_copy(arena, unknown->attribute);
        one->reason = kb_arena_copy(arena, unknown->reason);
        if (last == NULL) {
            first = one;
        } else {
            last->next = one;
        }
        last = one;
    }
    return (struct kb_cel_val){.kind = KB_CEL_UNKNOWN, .unknown = first};
}

/* The printed text as a string; at most CUT_MAX bytes of it. */
static struct kb_cel_val as_text(const struct kb_cel_val *value, struct kb_arena *arena)
{
    struct kb_buf text = {.max = CUT_MAX};
    kb_cel_print(value, &text);
    struct kb_str kept = kb_arena_copy(arena, kb_buf_view(&text));
    kb_buf_done(&text);
    return kb_cel_string(kept);
}

static struct kb_cel_val copy(const struct kb_cel_val *value, struct kb_arena *arena)
{
    struct kb_cel_val out = *value;
    switch ((enum kb_cel_kind)value->kind) {
    case KB_CEL_STRING:
    case KB_CEL_BYTES:
    case KB_CEL_TYPE:
    case KB_CEL_ERROR:
        out.s = kb_arena_copy(arena, value->s);
        return out;
    case KB_CEL_LIST:
        return copy_list(value->list, arena);
    case KB_CEL_MAP:
        return copy_map(value->map, arena);
    case KB_CEL_UNKNOWN:
        return copy_unknown(value->unknown, arena);
    case KB_CEL_OPTIONAL:
    case KB_CEL_OBJECT:
        return as_text(value, arena);
    case KB_CEL_NULL:
    case KB_CEL_BOOL:
    case KB_CEL_INT:
    case KB_CEL_UINT:
    case KB_CEL_DOUBLE:
    case KB_CEL_TIMESTAMP:
    case KB_CEL_DURATION:
    case KB_CEL_ABSENT:
        break;
    }
    return out;
}

/* Its beginning, at a code point's border, and what is missing. */
static struct kb_cel_val cut(const struct kb_cel_val *value, struct kb_arena *arena, size_t *budget)
{
    struct kb_str whole =
        value->kind == KB_CEL_STRING ? value->s : as_text(value, arena).s;
    size_t keep = *budget < CUT_MAX ? *budget : CUT_MAX;
    keep = whole.n < keep ? whole.n : keep;
    while (keep > 0 && keep < whole.n && ((unsigned char)whole.p[keep] & 0xC0u) == 0x80u) {
        keep--;
    }
    *budget -= keep;
    struct kb_str text = value->kind == KB_CEL_STRING
                             ? kb_arena_printf(arena, "%.*s… (%zu bytes)", (int)keep, whole.p, whole.n)
                             : kb_arena_printf(arena, "%.*s… (cut)", (int)keep, whole.p);
    return kb_cel_string(text);
}

struct kb_cel_val kb_value_copy(const struct kb_cel_val *value, struct kb_arena *arena,
                                size_t *budget)
{
    size_t size = size_of(value, *budget);
    if (size > *budget) {
        return cut(value, arena, budget);
    }
    *budget -= size;
    return copy(value, arena);
}

struct kb_evidence kb_evidence_copy(const struct kb_evidence *evidence, struct kb_arena *arena)
{
    return (struct kb_evidence){.source = kb_arena_copy(arena, evidence->source),
                                .locator = kb_arena_copy(arena, evidence->locator),
                                .audit_id = kb_arena_copy(arena, evidence->audit_id)};
}

void kb_finding_copy(const struct kb_finding *finding, struct kb_arena *arena,
                     struct kb_finding *out)
{
    *out = *finding;
    out->object = kb_arena_copy(arena, finding->object);
    out->message = kb_arena_copy(arena, finding->message);
    out->reason = kb_arena_copy(arena, finding->reason);
    out->waiver = kb_arena_copy(arena, finding->waiver);
    out->folded_under = kb_arena_copy(arena, finding->folded_under);
    struct kb_cell *cells = KB_NEW_ARRAY(arena, finding->cell_count, struct kb_cell);
    for (size_t i = 0; i < finding->cell_count; i++) {
        cells[i].column = finding->cells[i].column;
        cells[i].value = copy(&finding->cells[i].value, arena);
    }
    struct kb_evidence *evidence = KB_NEW_ARRAY(arena, finding->evidence_count, struct kb_evidence);
    for (size_t i = 0; i < finding->evidence_count; i++) {
        evidence[i] = kb_evidence_copy(&finding->evidence[i], arena);
    }
    out->cells = cells;
    out->evidence = evidence;
}

void kb_reason_print(const struct kb_cel_val *value, struct kb_buf *out)
{
    if (value->kind == KB_CEL_ERROR) {
        kb_buf_str(out, value->s);
        return;
    }
    if (value->kind != KB_CEL_UNKNOWN) {
        kb_buf_c(out, "the expression is neither true nor false");
        return;
    }
    const struct kb_cel_unknown *u = value->unknown;
    for (int n = 0; u != NULL && n < REASONS_MAX; u = u->next, n++) {
        kb_buf_printf(out, "%s%.*s: %.*s", n == 0 ? "" : "; ", KB_FMT(u->attribute),
                      KB_FMT(u->reason));
    }
    if (u != NULL) {
        kb_buf_c(out, "; …");
    }
}
