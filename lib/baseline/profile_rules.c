/* The parts of a profile that say who owns what, what is aimed at, and what is accepted. */
#include "baseline/profile_file.h"
#include "data/glob.h"
#include "data/time.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static bool keep_node(const struct kb_decode *d, const struct kb_yaml_node *node, void *target)
{
    (void)d;
    *(const struct kb_yaml_node **)target = node;
    return true;
}

/* `n` new elements before the old ones. */
static void *prepend(struct kb_arena *arena, size_t n, const void *old, size_t old_n, size_t size)
{
    char *out = kb_arena_array(arena, n + old_n, size);
    if (old_n > 0) {
        memcpy(out + n * size, old, old_n * size);
    }
    return out;
}

/* Globs of controls, each of which must be known. */
static bool decode_controls(const struct kb_decode *d, const struct kb_yaml_node *node, void *target)
{
    struct kb_globs *globs = target;
    if (!kb_decode_texts(d, node, &globs->at, &globs->n)) {
        return false;
    }
    bool ok = true;
    for (size_t i = 0; i < globs->n; i++) {
        ok = kb_profile_known(d, node->items[i], globs->at[i]) && ok;
    }
    return ok;
}

struct tier_draft {
    const struct kb_yaml_node *match;
    struct kb_tier tier;
};

static const struct kb_key tier_match_keys[] = {
    {"namespaces", kb_decode_globs, offsetof(struct kb_tier, namespaces), 0},
    {"schedules", kb_decode_globs, offsetof(struct kb_tier, schedules), 0},
};

#define IN_TIER(field) offsetof(struct tier_draft, tier.field)
static const struct kb_key tier_keys[] = {
    {"match", keep_node, offsetof(struct tier_draft, match), KB_KEY_REQUIRED},
    {"rpo", kb_decode_duration, IN_TIER(rpo_ns), 0},
    {"rto", kb_decode_duration, IN_TIER(rto_ns), 0},
    {"ttlMin", kb_decode_duration, IN_TIER(ttl_min_ns), 0},
    {"ttlMax", kb_decode_duration, IN_TIER(ttl_max_ns), 0},
    {"restoreDays", kb_decode_count, IN_TIER(restore_days), 0},
    {"offsite", kb_decode_bool, IN_TIER(offsite), 0},
};

void kb_profile_tiers(const struct kb_decode *d, const struct kb_yaml_node *node,
                      struct kb_profile *profile)
{
    if (node == NULL || !kb_decode_is(d, node, KB_YAML_SEQ)) {
        return;
    }
    struct kb_tier *tiers =
        prepend(d->arena, node->n, profile->tiers, profile->tier_count, sizeof *tiers);
    for (size_t i = 0; i < node->n; i++) {
        struct tier_draft draft = {.match = NULL};
        if (kb_decode_map(d, node->items[i], tier_keys, COUNT(tier_keys), &draft, "a tier") &&
            kb_decode_map(d, draft.match, tier_match_keys, COUNT(tier_match_keys), &draft.tier,
                          "match")) {
            tiers[i] = draft.tier;
        }
        if (draft.match != NULL && tiers[i].namespaces.n + tiers[i].schedules.n == 0) {
            kb_decode_mistake(d, draft.match, "match must name namespaces or schedules");
        }
    }
    profile->tiers = tiers;
    profile->tier_count += node->n;
}

struct owner_draft {
    const struct kb_yaml_node *match, *owner;
    struct kb_ownership_rule rule;
};

#define IN_RULE(field) offsetof(struct kb_ownership_rule, field)
static const struct kb_key owner_match_keys[] = {
    {"controls", decode_controls, IN_RULE(controls), 0},
    {"namespaces", kb_decode_globs, IN_RULE(namespaces), 0},
    {"subjects", kb_decode_globs, IN_RULE(subjects), 0},
    {"namespaceLabel", kb_decode_text, IN_RULE(namespace_label), 0},
};

static const struct kb_key owner_keys[] = {
    {"match", keep_node, offsetof(struct owner_draft, match), KB_KEY_REQUIRED},
    {"owner", keep_node, offsetof(struct owner_draft, owner), KB_KEY_REQUIRED},
};

static bool decode_rule(const struct kb_decode *d, const struct kb_yaml_node *node,
                        struct kb_ownership_rule *out)
{
    struct owner_draft draft = {.rule = {.namespace_label = KB_STR("")}};
    if (!kb_decode_map(d, node, owner_keys, COUNT(owner_keys), &draft, "an ownership rule") ||
        !kb_decode_map(d, draft.match, owner_match_keys, COUNT(owner_match_keys), &draft.rule,
                       "match")) {
        return false;
    }
    if (draft.match->n == 0) {
        kb_decode_mistake(d, draft.match, "match must name something");
        return false;
    }
    draft.rule.from_label = draft.owner->kind == KB_YAML_SCALAR &&
                            kb_str_eq_c(draft.owner->text, "label");
    if (draft.rule.from_label && draft.rule.namespace_label.n == 0) {
        kb_decode_mistake(d, draft.owner, "owner: label needs match.namespaceLabel");
        return false;
    }
    if (!draft.rule.from_label && !kb_decode_owner(d, draft.owner, &draft.rule.owner)) {
        return false;
    }
    *out = draft.rule;
    return true;
}

void kb_profile_ownership(const struct kb_decode *d, const struct kb_yaml_node *node,
                          struct kb_profile *profile)
{
    if (node == NULL || !kb_decode_is(d, node, KB_YAML_SEQ)) {
        return;
    }
    struct kb_ownership_rule *rules =
        prepend(d->arena, node->n, profile->ownership, profile->ownership_count, sizeof *rules);
    for (size_t i = 0; i < node->n; i++) {
        (void)decode_rule(d, node->items[i], &rules[i]);
    }
    profile->ownership = rules;
    profile->ownership_count += node->n;
}

struct day {
    int64_t year, month, day;
    int64_t ns; /* its first instant */
};

static const int64_t NS_PER_DAY = INT64_C(86400) * 1000000000;

/* "2026-01-10" */
static bool decode_day(const struct kb_decode *d, const struct kb_yaml_node *node, struct day *out)
{
    struct kb_err err;
    struct kb_time t;
    char text[32];
    if (node->kind == KB_YAML_SCALAR && node->text.n == 10) {
        memcpy(text, node->text.p, 10);
        memcpy(text + 10, "T00:00:00Z", 11);
        if (!kb_failed(kb_time_parse(kb_str_c(text), KB_TIME_STRICT, &t, &err))) {
            struct kb_civil civil = kb_time_civil(t.s);
            if (civil.year >= 1970 && civil.year < 2200) {
                *out = (struct day){civil.year, civil.month, civil.day, t.s * 1000000000};
                return true;
            }
        }
    }
    kb_decode_mistake(d, node, "a day such as 2026-01-31 is expected here");
    return false;
}

static bool within_a_year(const struct day *from, const struct day *to)
{
    int64_t limit = (from->year + 1) * 10000 + from->month * 100 + from->day;
    return to->year * 10000 + to->month * 100 + to->day <= limit;
}

struct exception_draft {
    struct kb_exception exception;
    struct kb_str control;
    const struct kb_yaml_node *control_node, *owner, *created, *expires;
};

static bool decode_id(const struct kb_decode *d, const struct kb_yaml_node *node, void *target)
{
    if (!kb_decode_is(d, node, KB_YAML_SCALAR)) {
        return false;
    }
    *(struct kb_str *)target = kb_arena_copy(d->arena, node->text);
    return true;
}

/* Text that says something. */
static bool decode_words(const struct kb_decode *d, const struct kb_yaml_node *node, void *target)
{
    if (!kb_decode_text(d, node, target)) {
        return false;
    }
    if (kb_str_trim(*(struct kb_str *)target).n == 0) {
        kb_decode_mistake(d, node, "this must not be empty");
        return false;
    }
    return true;
}

static bool decode_pattern(const struct kb_decode *d, const struct kb_yaml_node *node, void *target)
{
    if (!decode_words(d, node, target)) {
        return false;
    }
    if (!kb_glob_valid(*(struct kb_str *)target)) {
        kb_decode_mistake(d, node, "'%.*s' is no valid glob", KB_FMT(*(struct kb_str *)target));
        return false;
    }
    return true;
}

#define IN_EXCEPTION(field) offsetof(struct exception_draft, exception.field)
#define COMMON_KEYS                                                                                \
    {"reason", decode_words, IN_EXCEPTION(reason), KB_KEY_REQUIRED},                               \
    {"approver", decode_words, IN_EXCEPTION(approver), KB_KEY_REQUIRED},                           \
    {"ticket", decode_id, IN_EXCEPTION(ticket), 0},                                                \
    {"owner", keep_node, offsetof(struct exception_draft, owner), 0},                              \
    {"created", keep_node, offsetof(struct exception_draft, created), KB_KEY_REQUIRED},            \
    {"expires", keep_node, offsetof(struct exception_draft, expires), KB_KEY_REQUIRED}

static const struct kb_key approval_keys[] = {
    {"id", decode_id, IN_EXCEPTION(id), 0},
    {"subject", decode_pattern, IN_EXCEPTION(pattern), KB_KEY_REQUIRED},
    {"controls", decode_controls, IN_EXCEPTION(controls), KB_KEY_REQUIRED},
    COMMON_KEYS,
};

static const struct kb_key waiver_keys[] = {
    {"id", decode_id, IN_EXCEPTION(id), KB_KEY_REQUIRED},
    {"control", keep_node, offsetof(struct exception_draft, control_node), KB_KEY_REQUIRED},
    {"object", decode_pattern, IN_EXCEPTION(pattern), KB_KEY_REQUIRED},
    COMMON_KEYS,
};

static bool decode_term(const struct kb_decode *d, struct exception_draft *draft)
{
    struct day created;
    struct day expires;
    bool ok = decode_day(d, draft->created, &created);
    ok = decode_day(d, draft->expires, &expires) && ok;
    if (!ok) {
        return false;
    }
    if (expires.ns < created.ns || !within_a_year(&created, &expires)) {
        kb_decode_mistake(d, draft->expires, "expires must be after created, by a year at most");
        return false;
    }
    draft->exception.created_ns = created.ns;
    draft->exception.expires_ns = expires.ns + NS_PER_DAY; /* it holds through its last day */
    draft->exception.created = kb_arena_copy(d->arena, draft->created->text);
    draft->exception.expires = kb_arena_copy(d->arena, draft->expires->text);
    return true;
}

static bool decode_waived_control(const struct kb_decode *d, struct exception_draft *draft)
{
    struct kb_str *glob = KB_NEW(d->arena, struct kb_str);
    if (!kb_decode_text(d, draft->control_node, glob) ||
        !kb_profile_known(d, draft->control_node, *glob)) {
        return false;
    }
    draft->exception.controls = (struct kb_globs){glob, 1};
    return true;
}

static bool id_is_free(const struct kb_decode *d, const struct kb_yaml_node *node,
                       const struct kb_profile *profile, struct kb_str id)
{
    for (size_t i = 0; i < profile->exception_count; i++) {
        if (kb_str_eq(profile->exceptions[i].id, id)) {
            kb_decode_mistake(d, node, "the id '%.*s' is taken", KB_FMT(id));
            return false;
        }
    }
    return true;
}

static bool decode_exception(const struct kb_decode *d, const struct kb_yaml_node *node,
                             bool approval, const struct kb_profile *profile,
                             struct kb_exception *out)
{
    struct exception_draft draft = {.exception = {.approval = approval, .id = KB_STR(""),
                                                  .ticket = KB_STR("")}};
    bool ok = approval ? kb_decode_map(d, node, approval_keys, COUNT(approval_keys), &draft,
                                       "an approval")
                       : kb_decode_map(d, node, waiver_keys, COUNT(waiver_keys), &draft, "a waiver");
    if (draft.created != NULL && draft.expires != NULL) {
        ok = decode_term(d, &draft) && ok;
    }
    if (draft.control_node != NULL) {
        ok = decode_waived_control(d, &draft) && ok;
    }
    if (draft.owner != NULL) {
        draft.exception.has_owner = kb_decode_owner(d, draft.owner, &draft.exception.owner);
        ok = draft.exception.has_owner && ok;
    }
    if (!ok) {
        return false;
    }
    if (draft.exception.id.n == 0) {
        draft.exception.id = kb_arena_printf(d->arena, "approval of %.*s",
                                             KB_FMT(draft.exception.pattern));
    } else if (!id_is_free(d, node, profile, draft.exception.id)) {
        return false;
    }
    *out = draft.exception;
    return true;
}

void kb_profile_exceptions(const struct kb_decode *d, const struct kb_yaml_node *node, bool approvals,
                           struct kb_profile *profile)
{
    if (node == NULL || !kb_decode_is(d, node, KB_YAML_SEQ)) {
        return;
    }
    struct kb_exception *all =
        KB_NEW_ARRAY(d->arena, profile->exception_count + node->n, struct kb_exception);
    if (profile->exception_count > 0) {
        memcpy(all, profile->exceptions, profile->exception_count * sizeof *all);
    }
    profile->exceptions = all;
    for (size_t i = 0; i < node->n; i++) {
        if (decode_exception(d, node->items[i], approvals, profile,
                             &all[profile->exception_count])) {
            profile->exception_count++;
        }
    }
}
