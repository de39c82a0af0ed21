/* What a statement of a resource policy says. */
#include "facts/aws_policy.h"

#include "base/mem.h"

enum { PATTERN_MAX = 2048 };

json_t *kb_iam_policy(struct kb_str text)
{
    json_t *policy = NULL;
    return kb_failed(kb_json_parse(NULL, text, 0, &policy, NULL)) ? NULL : policy;
}

const json_t *kb_iam_statement(const json_t *policy, size_t i)
{
    const json_t *list = json_object_get(policy, "Statement");
    const json_t *single = i == 0 && json_is_object(list) ? list : NULL;
    return json_is_array(list) ? json_array_get(list, i) : single;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* `*` and `?`, without case; backtracks to the last star only. */
bool kb_iam_like(struct kb_str pattern, struct kb_str text)
{
    size_t p = 0, t = 0, star = SIZE_MAX, mark = 0;
    while (t < text.n) {
        if (p < pattern.n && pattern.p[p] == '*') {
            star = p++;
            mark = t;
        } else if (p < pattern.n &&
                   (pattern.p[p] == '?' || lower(pattern.p[p]) == lower(text.p[t]))) {
            p++;
            t++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            t = ++mark;
        } else {
            return false;
        }
    }
    while (p < pattern.n && pattern.p[p] == '*') {
        p++;
    }
    return p == pattern.n;
}

/* Element `i` of a list, or of a text alone. */
static bool element(const json_t *value, size_t i, struct kb_str *out)
{
    const json_t *single = i == 0 && json_is_string(value) ? value : NULL;
    const json_t *at = json_is_array(value) ? json_array_get(value, i) : single;
    *out = kb_json_view(at);
    return at != NULL;
}

static bool any_like(const json_t *patterns, struct kb_str text)
{
    struct kb_str pattern;
    bool found = false;
    for (size_t i = 0; !found && element(patterns, i, &pattern); i++) {
        found = pattern.n <= PATTERN_MAX && kb_iam_like(pattern, text);
    }
    return found;
}

bool kb_iam_denies(const json_t *statement)
{
    return kb_str_eq_c(kb_json_view(json_object_get(statement, "Effect")), "Deny");
}

static bool allows(const json_t *statement)
{
    return kb_str_eq_c(kb_json_view(json_object_get(statement, "Effect")), "Allow");
}

bool kb_iam_covers_action(const json_t *statement, struct kb_str action)
{
    const json_t *named = json_object_get(statement, "Action");
    const json_t *others = json_object_get(statement, "NotAction");
    return named != NULL ? any_like(named, action) : others != NULL && !any_like(others, action);
}

bool kb_iam_covers_resource(const json_t *statement, struct kb_str arn)
{
    const json_t *named = json_object_get(statement, "Resource");
    const json_t *others = json_object_get(statement, "NotResource");
    return named != NULL ? any_like(named, arn) : others == NULL || !any_like(others, arn);
}

bool kb_iam_everybody(const json_t *statement)
{
    const json_t *principal = json_object_get(statement, "Principal");
    const json_t *aws = json_object_get(principal, "AWS");
    struct kb_str one;
    bool all = kb_str_eq_c(kb_json_view(principal), "*");
    for (size_t i = 0; !all && element(aws, i, &one); i++) {
        all = kb_str_eq_c(one, "*");
    }
    return all;
}

bool kb_iam_conditional(const json_t *statement)
{
    return json_object_size(json_object_get(statement, "Condition")) > 0;
}

static bool is_one_of(const char *key, const char *const *names, size_t n)
{
    bool found = false;
    for (size_t i = 0; i < n && !found; i++) {
        found = kb_iam_like(kb_str_c(names[i]), kb_str_c(key));
    }
    return found;
}

/* Whether some condition of operator `operators` (patterns) has a key of `keys`. */
static bool has_condition(const json_t *statement, const char *const *operators, size_t n,
                          const char *const *keys, size_t m)
{
    const char *operator, *key;
    json_t *block, *value;
    bool found = false;
    json_object_foreach(json_object_get(statement, "Condition"), operator, block) {
        json_object_foreach(block, key, value) {
            found = found || (is_one_of(operator, operators, n) && is_one_of(key, keys, m));
        }
    }
    return found;
}

bool kb_iam_public(const json_t *statement)
{
    static const char *const operators[] = {"StringEquals*", "StringLike*", "ArnEquals*", "ArnLike*",
                                            "IpAddress*"};
    static const char *const keys[] = {
        "aws:PrincipalOrgID",  "aws:PrincipalOrgPaths", "aws:PrincipalAccount", "aws:PrincipalArn",
        "aws:SourceAccount",   "aws:SourceArn",         "aws:SourceOrgID",      "aws:SourceVpc",
        "aws:SourceVpce",      "aws:SourceIp",          "aws:SourceOwner",      "aws:VpcSourceIp",
        "s3:DataAccessPointAccount"};
    return allows(statement) && kb_iam_everybody(statement) &&
           !has_condition(statement, operators, sizeof operators / sizeof operators[0], keys,
                          sizeof keys / sizeof keys[0]);
}

bool kb_iam_denies_others(const json_t *statement, struct kb_str action)
{
    static const char *const operators[] = {"StringNotEquals*", "StringNotLike*", "ArnNotEquals*",
                                            "ArnNotLike*"};
    static const char *const keys[] = {"aws:PrincipalArn", "aws:userid", "aws:PrincipalTag/*"};
    bool named = json_object_get(statement, "NotPrincipal") != NULL && !kb_iam_conditional(statement);
    bool by_condition = kb_iam_everybody(statement) &&
                        json_object_size(json_object_get(statement, "Condition")) == 1 &&
                        has_condition(statement, operators, 4, keys, 3);
    return kb_iam_denies(statement) && kb_iam_covers_action(statement, action) &&
           (named || by_condition || kb_iam_denies_all(statement, action));
}

bool kb_iam_scp_denies(const json_t *statement, struct kb_str action)
{
    static const char *const operators[] = {"StringNotEquals*", "StringNotLike*", "ArnNotEquals*",
                                            "ArnNotLike*"};
    static const char *const keys[] = {"aws:PrincipalArn", "aws:PrincipalTag/*"};
    bool narrow = !kb_iam_conditional(statement) ||
                  (json_object_size(json_object_get(statement, "Condition")) == 1 &&
                   has_condition(statement, operators, 4, keys, 2));
    return kb_iam_denies(statement) && narrow && kb_iam_covers_action(statement, action) &&
           kb_iam_covers_resource(statement, KB_STR("*"));
}

bool kb_iam_denies_all(const json_t *statement, struct kb_str action)
{
    return kb_iam_denies(statement) && kb_iam_everybody(statement) &&
           !kb_iam_conditional(statement) && kb_iam_covers_action(statement, action);
}

bool kb_iam_denies_plain(const json_t *statement)
{
    static const char *const bools[] = {"Bool", "BoolIfExists"};
    const json_t *conditions = json_object_get(statement, "Condition");
    bool plain = false;
    for (size_t i = 0; i < 2 && !plain; i++) {
        const char *key;
        json_t *value;
        json_object_foreach(json_object_get(conditions, bools[i]), key, value) {
            plain = plain || (kb_iam_like(KB_STR("aws:SecureTransport"), kb_str_c(key)) &&
                              (json_is_false(value) || json_is_false(json_array_get(value, 0)) ||
                               any_like(value, KB_STR("false"))));
        }
    }
    return plain && json_object_size(conditions) == 1 && kb_iam_denies(statement) &&
           kb_iam_everybody(statement) && kb_iam_covers_action(statement, KB_STR("s3:GetObject")) &&
           kb_iam_covers_action(statement, KB_STR("s3:PutObject"));
}
