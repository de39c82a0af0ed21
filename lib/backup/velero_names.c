/* Patterns of namespaces: what Velero takes for one, and what it refuses. */
#include "backup/velero_names.h"

static bool has_any(struct kb_str s, const char *chars)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '\0' && strchr(chars, s.p[i]) != NULL) {
            return true;
        }
    }
    return false;
}

bool kb_velero_is_pattern(struct kb_str name)
{
    return has_any(name, "*?[");
}

static const char *bracket_problem(struct kb_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == ']') {
            return "wildcard pattern contains unmatched closing bracket ']'";
        }
        if (s.p[i] == '[') {
            size_t end = kb_str_find(s, KB_STR("]"), i);
            if (end == SIZE_MAX) {
                return "wildcard pattern contains unclosed bracket '['";
            }
            if (end == i + 1) {
                return "wildcard pattern contains empty bracket pattern '[]'";
            }
            i = end;
        }
    }
    return NULL;
}

kb_res kb_velero_check_pattern(struct kb_str pattern, struct kb_err *err)
{
    if (has_any(pattern, "|()!{},")) {
        return kb_fail(err, KB_ERR_INVALID,
                       "wildcard pattern contains unsupported characters: |, (, ), !, {, }, ,");
    }
    if (kb_str_find(pattern, KB_STR("**"), 0) != SIZE_MAX) {
        return kb_fail(err, KB_ERR_INVALID,
                       "wildcard pattern contains consecutive asterisks (only single * allowed)");
    }
    const char *problem = bracket_problem(pattern);
    return problem == NULL ? KB_SUCCESS : kb_fail(err, KB_ERR_INVALID, "%s", problem);
}
