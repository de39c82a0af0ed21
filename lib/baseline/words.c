/* Stable text ids of verdicts, severities, owners and judgements. */
#include "baseline/control.h"

#define NAME(sym, id) id,
static const char *const verdicts[] = {KB_VERDICTS(NAME)};
static const char *const severities[] = {KB_SEVERITIES(NAME)};
static const char *const owners[] = {KB_OWNERS(NAME)};
static const char *const judgements[] = {KB_JUDGEMENTS(NAME)};
#undef NAME

static int find(const char *const *words, int n, struct kb_str name)
{
    for (int i = 0; i < n; i++) {
        if (kb_str_eq_c(name, words[i])) {
            return i;
        }
    }
    return -1;
}

const char *kb_verdict_name(enum kb_verdict v)
{
    return verdicts[v];
}

const char *kb_severity_name(enum kb_severity s)
{
    return severities[s];
}

const char *kb_owner_name(enum kb_owner o)
{
    return owners[o];
}

const char *kb_judgement_name(enum kb_judgement judgement)
{
    return judgements[judgement];
}

int kb_verdict_find(struct kb_str name)
{
    return find(verdicts, KB_VERDICT_COUNT, name);
}

int kb_severity_find(struct kb_str name)
{
    return find(severities, KB_SEVERITY_COUNT, name);
}

int kb_owner_find(struct kb_str name)
{
    return find(owners, KB_OWNER_COUNT, name);
}
