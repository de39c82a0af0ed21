/* Names of types: short names first, then the mapper, which takes the first group that has one. */
#include "backup/velero_types.h"

#include "base/utf8.h"

enum { NAME_MAX_BYTES = 512 };

struct kb_str kb_velero_full_name(struct kb_arena *arena, struct kb_str name, struct kb_str group)
{
    return group.n == 0 ? kb_arena_copy(arena, name)
                        : kb_arena_printf(arena, "%.*s.%.*s", KB_FMT(name), KB_FMT(group));
}

/* The plural of a short name, of the group exactly or of one that begins so; empty where it is none. */
static struct kb_str from_short(struct kb_velero_types types, struct kb_str name, struct kb_str group,
                                bool prefix)
{
    for (size_t i = 0; i < types.n; i++) {
        const struct kb_velero_type *type = &types.at[i];
        bool in_group = prefix ? kb_str_starts(type->group, group)
                               : group.n == 0 || kb_str_eq(type->group, group);
        if (in_group && kb_velero_names_have(type->short_names, name)) {
            return type->name;
        }
    }
    return KB_STR("");
}

/* Short names that Velero knows where discovery does not. */
static struct kb_str built_in_short(struct kb_str name, struct kb_str group)
{
    static const struct {
        const char *name, *plural, *group;
    } known[] = {{"svc", "services", ""}, {"netpol", "networkpolicies", "extensions"}};
    for (size_t i = 0; i < 2; i++) {
        if (kb_str_eq_c(name, known[i].name) && (group.n == 0 || kb_str_eq_c(group, known[i].group))) {
            return kb_str_c(known[i].plural);
        }
    }
    return KB_STR("");
}

static struct kb_str expand(struct kb_velero_types types, struct kb_str name, struct kb_str group)
{
    struct kb_str plural = from_short(types, name, group, false);
    if (plural.n == 0 && from_short(types, name, KB_STR(""), false).n == 0) {
        plural = built_in_short(name, group);
    }
    if (plural.n == 0 && group.n > 0) {
        plural = from_short(types, name, group, true);
    }
    return plural.n == 0 ? name : plural;
}

/* Go's strings.ToLower, as far as it can lead to a name of ASCII letters. */
static struct kb_str lower(struct kb_str s, struct kb_buf *out)
{
    for (size_t i = 0; i < s.n;) {
        uint32_t rune;
        size_t n = kb_utf8_decode(kb_str_sub(s, i, s.n), &rune);
        i += n > 0 ? n : 1;
        rune = rune >= 'A' && rune <= 'Z' ? rune - 'A' + 'a' : rune;
        rune = rune == 0x130 ? 'i' : rune == 0x212A ? 'k' : rune;
        kb_utf8_add(out, rune);
    }
    return kb_buf_view(out);
}

static size_t group_rank(struct kb_velero_types types, struct kb_str group)
{
    size_t i = 0;
    while (i < types.n && !kb_str_eq(types.at[i].group, group)) {
        i++;
    }
    return i;
}

const struct kb_velero_type *kb_velero_resolve(struct kb_velero_types types, struct kb_str text)
{
    struct kb_str group;
    struct kb_str name = kb_str_split(text, '.', &group);
    if (name.n == 0 || text.n > NAME_MAX_BYTES) {
        return NULL;
    }
    KB_AUTO(kb_buf_done) struct kb_buf room = {.max = 4 * NAME_MAX_BYTES};
    name = lower(expand(types, name, group), &room);
    const struct kb_velero_type *found = NULL;
    size_t rank = SIZE_MAX;
    bool two = false;
    for (size_t i = 0; i < types.n; i++) {
        const struct kb_velero_type *type = &types.at[i];
        if (!kb_str_starts(type->group, group) ||
            (!kb_str_eq(type->name, name) && !kb_str_eq(type->singular, name))) {
            continue;
        }
        size_t at = group_rank(types, type->group);
        two = at == rank || (two && at > rank);
        found = at < rank ? type : found;
        rank = at < rank ? at : rank;
    }
    return two ? NULL : found;
}
