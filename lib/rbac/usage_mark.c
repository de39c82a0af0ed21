/* Marking what the tuples stood on. */
#include "rbac/usage.h"

struct mark_key {
    uint64_t binding, subject, rule;
};

static struct kb_usage_mark *mark_at(struct kb_usage *usage, const struct kb_rbac_binding *binding,
                                     size_t subject, size_t rule)
{
    bool is_new;
    struct mark_key key = {binding->number, subject, rule};
    struct kb_map_entry *entry =
        kb_map_add(&usage->mark_index, (struct kb_str){(const char *)&key, sizeof key}, &is_new);
    if (is_new) {
        struct kb_usage_mark *mark = KB_NEW(&usage->arena, struct kb_usage_mark);
        *mark = (struct kb_usage_mark){.first_ns = INT64_MAX, .last_ns = INT64_MIN};
        *KB_VEC_PUSH(&usage->marks) = mark;
        entry->value.ptr = mark;
        return mark;
    }
    return entry->value.ptr;
}

const struct kb_usage_mark *kb_usage_mark_of(const struct kb_usage *usage,
                                             const struct kb_rbac_binding *binding, size_t subject,
                                             size_t rule)
{
    struct mark_key key = {binding->number, subject, rule};
    return kb_map_get(&usage->mark_index, (struct kb_str){(const char *)&key, sizeof key});
}

typedef KB_VEC(struct kb_str) text_list;

/* The lists of marks have one layout: false where the text is new and there is no room. */
static bool keep_text(void *list, struct kb_str text, size_t max)
{
    text_list *to = list;
    for (size_t i = 0; i < to->n; i++) {
        if (kb_str_eq(to->at[i], text)) {
            return true;
        }
    }
    if (to->n == max) {
        return false;
    }
    *KB_VEC_PUSH(to) = text;
    return true;
}

static struct kb_str atom_of(struct kb_usage *usage, const struct kb_rbac_request *request)
{
    struct kb_arena arena = {0};
    struct kb_str text =
        request->path_request
            ? kb_arena_printf(&arena, "%.*s %.*s", KB_FMT(request->verb), KB_FMT(request->path))
            : kb_arena_printf(&arena, "%.*s %.*s%s%.*s", KB_FMT(request->verb),
                              KB_FMT(request->resource), request->subresource.n > 0 ? "/" : "",
                              KB_FMT(request->subresource));
    struct kb_str kept = kb_map_intern(&usage->texts, text);
    kb_arena_done(&arena);
    return kept;
}

static void mark(struct kb_usage *usage, struct kb_usage_mark *to, const struct kb_usage_tuple *tuple,
                 bool sole)
{
    const struct kb_rbac_request *request = &tuple->request;
    to->count += tuple->count;
    to->first_ns = tuple->first_ns < to->first_ns ? tuple->first_ns : to->first_ns;
    to->last_ns = tuple->last_ns > to->last_ns ? tuple->last_ns : to->last_ns;
    to->sole = to->sole || sole;
    if (request->path_request || request->name_space.n == 0) {
        to->cluster_wide = true;
    } else {
        to->more = !keep_text(&to->namespaces, request->name_space, KB_USAGE_NAMESPACES) || to->more;
    }
    to->more = !keep_text(&to->atoms, atom_of(usage, request), KB_USAGE_ATOMS) || to->more;
    (void)keep_text(&to->verbs, request->verb, KB_USAGE_ATOMS);
}

struct asking {
    struct kb_rbac_request request;
    KB_VEC(struct kb_rbac_source) sources;
};

static bool take_source(void *ctx, const struct kb_rbac_source *source)
{
    struct asking *asking = ctx;
    if (kb_rbac_rule_allows(source->rule, &asking->request)) {
        *KB_VEC_PUSH(&asking->sources) = *source;
    }
    return true;
}

/* Rules of one binding to one subject are one source: taking the binding away takes them all. */
static bool is_sole(const struct asking *asking)
{
    const struct kb_rbac_source *first = asking->sources.at;
    bool sole = true;
    for (size_t i = 1; i < asking->sources.n && sole; i++) {
        sole = asking->sources.at[i].binding == first->binding &&
               asking->sources.at[i].subject == first->subject;
    }
    return sole;
}

static void mark_sources(struct kb_usage *usage, const struct asking *asking,
                         const struct kb_usage_tuple *tuple)
{
    bool sole = is_sole(asking);
    for (size_t i = 0; i < asking->sources.n; i++) {
        const struct kb_rbac_source *source = &asking->sources.at[i];
        const struct kb_rbac_binding *binding = source->binding;
        size_t subject = (size_t)(source->subject - binding->subjects);
        size_t rule = (size_t)(source->rule - binding->role->rules.at);
        bool first = true;
        for (size_t k = 0; k < i && first; k++) {
            first = asking->sources.at[k].binding != binding ||
                    asking->sources.at[k].subject != source->subject;
        }
        if (first) {
            mark(usage, mark_at(usage, binding, subject, SIZE_MAX), tuple, sole);
        }
        mark(usage, mark_at(usage, binding, subject, rule), tuple, sole);
    }
}

void kb_usage_attribute(struct kb_usage *usage, const struct kb_rbac_policy *policy)
{
    struct asking asking = {.sources = {0}};
    for (size_t i = 0; i < usage->tuples.n; i++) {
        const struct kb_usage_tuple *tuple = &usage->tuples.at[i];
        const struct kb_usage_actor *actor = &usage->actors.at[tuple->actor];
        asking.request = tuple->request;
        asking.sources.n = 0;
        kb_rbac_visit(policy, actor->user, actor->groups.at, actor->groups.n,
                      tuple->request.path_request ? KB_STR("") : tuple->request.name_space,
                      take_source, &asking);
        mark_sources(usage, &asking, tuple);
    }
    KB_VEC_DONE(&asking.sources);
}

static bool only(struct kb_rbac_words words, const char *const *known, size_t n)
{
    bool all = words.n > 0;
    for (size_t i = 0; i < words.n && all; i++) {
        bool found = false;
        for (size_t k = 0; k < n && !found; k++) {
            struct kb_str prefix = kb_str_c(known[k]);
            found = prefix.n > 0 && prefix.p[prefix.n - 1] == '*'
                        ? kb_str_starts(words.at[i], kb_str_sub(prefix, 0, prefix.n - 1))
                        : kb_str_eq(words.at[i], prefix);
        }
        all = found;
    }
    return all;
}

bool kb_usage_hidden(const struct kb_rbac_rule *rule)
{
    static const char *const core[] = {""};
    static const char *const events[] = {"events"};
    static const char *const urls[] = {"/healthz*", "/version", "/swagger*"};
    bool of_resources =
        rule->resources.n > 0 && only(rule->groups, core, 1) && only(rule->resources, events, 1);
    bool of_urls = rule->urls.n > 0 && only(rule->urls, urls, sizeof urls / sizeof urls[0]);
    return (of_resources && rule->urls.n == 0) || (of_urls && rule->resources.n == 0);
}
