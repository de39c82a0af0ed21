/* matches(): regular expressions in RE2's language. Constant ones are compiled with the program. */
#include "cel/func.h"
#include "cel/libraries.h"
#include "cel/program.h"
#include "data/regex.h"

static struct kb_cel_val match(struct kb_cel_call *call, const struct kb_regex *regex,
                               struct kb_str text)
{
    struct kb_err err;
    bool matched = false;
    call->cost += text.n / 16;
    if (kb_failed(kb_regex_match(regex, text, &matched, &err))) {
        return kb_cel_error(call->arena, "%s", err.msg);
    }
    return kb_cel_bool(matched);
}

static struct kb_cel_val matches(struct kb_cel_call *call, const struct kb_cel_val *a, size_t n)
{
    (void)n;
    enum { COMPILE_COST = 100 };
    struct kb_err err;
    struct kb_regex *regex = NULL;
    call->cost += COMPILE_COST + a[1].s.n;
    if (call->cost > call->cost_max) {
        return kb_cel_cost_error();
    }
    if (kb_failed(kb_regex_compile(a[1].s, &regex, &err))) {
        return kb_cel_error(call->arena, "%s", err.msg);
    }
    struct kb_cel_val out = match(call, regex, a[0].s);
    kb_regex_free(regex);
    return out;
}

struct kb_cel_val kb_cel_eval_matches(const struct kb_cel_node *node, struct kb_cel_frame *frame)
{
    struct kb_cel_val v = kb_cel_run(node->kids[0], frame);
    if (v.kind != KB_CEL_STRING) {
        return kb_cel_is_bad(&v) ? v : kb_cel_error_static("no such overload: matches");
    }
    return match(&frame->call, node->regex, v.s);
}

static const struct kb_cel_func funcs[] = {
    {"matches", "(string, string) -> bool", matches, 0, "the expression matches anywhere in it"},
    {"matches", "(string, string) -> bool", matches, KB_CEL_MEMBER,
     "the expression matches anywhere in it"},
};

const struct kb_cel_library kb_cel_lib_matches = {"matches", funcs, 2};
