/* An expression over some columns: compiled as controls are and as CEL is, and evaluated. */
#include "base/limits.h"
#include "cel/cel.h"
#include "fuzz.h"

static const struct {
    const char *name;
    const char *type;
    bool optional;
} columns[] = {
    {"user", "string", false},        {"code", "int", true},
    {"groups", "list(string)", false}, {"extra", "map(string, list(string))", false},
    {"time", "timestamp", true},      {"succeeded", "bool", false},
    {"role.rules", "list(map(string, list(string)))", false},
};

/* Every third column is unknown, every second optional one absent. */
static void get(void *ctx, unsigned var, struct kb_arena *arena, struct kb_cel_val *out)
{
    static const struct kb_cel_list empty_list = {0};
    static const struct kb_cel_map empty_map = {0};
    (void)ctx;
    switch (var) {
    case 0:
        *out = kb_cel_string(KB_STR("system:node:ip-10-0-0-1"));
        break;
    case 1:
        *out = kb_cel_int(403);
        break;
    case 2:
        *out = kb_cel_list(&empty_list);
        break;
    case 3:
        *out = kb_cel_map(&empty_map);
        break;
    case 4:
        *out = kb_cel_absent();
        break;
    default:
        *out = kb_cel_unknown(arena, KB_STR("column"), KB_STR("the record is cut"));
        break;
    }
}

/* The index may leave an expression out only where it is false. */
static void check_required(const struct kb_cel_program *program, const struct kb_cel_val *value)
{
    struct kb_str required[8];
    size_t n = kb_cel_required(program, 0, required, 8);
    bool listed = n == 0;
    for (size_t i = 0; i < n; i++) {
        listed = listed || kb_str_eq(required[i], KB_STR("system:node:ip-10-0-0-1"));
    }
    KB_HOLDS(listed || (value->kind == KB_CEL_BOOL && !value->b));
}

static void evaluate(const struct kb_cel_program *program)
{
    struct kb_arena arena = {0};
    struct kb_buf text;
    kb_buf_init(&text, 64 << 20);
    const struct kb_cel_activation activation = {.get = get};
    struct kb_cel_val value = kb_cel_eval(program, &activation, &arena);
    KB_HOLDS(value.kind != KB_CEL_ABSENT);
    kb_cel_print(&value, &text);
    check_required(program, &value);
    kb_buf_done(&text);
    kb_arena_done(&arena);
}

static void compile(struct kb_str source, unsigned flags)
{
    const struct kb_cel_env_options options = {.flags = flags};
    struct kb_cel_env *env = kb_cel_env_new(&options);
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        (void)kb_cel_env_var(env, kb_str_c(columns[i].name),
                             kb_cel_env_type(env, kb_str_c(columns[i].type)), columns[i].optional);
    }
    const struct kb_cel_program *program = NULL;
    struct kb_cel_issues issues = {0};
    kb_res res = kb_cel_compile(env, source, &program, &issues);
    if (kb_failed(res)) {
        struct kb_buf text;
        kb_buf_init(&text, 16 << 20);
        KB_HOLDS(issues.n > 0);
        kb_cel_issues_print(&issues, source, &text);
        kb_buf_done(&text);
    } else {
        evaluate(program);
    }
    kb_cel_env_free(env);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kb_str source = kb_fuzz_text(data, size < 8192 ? size : 8192);
    compile(source, KB_CEL_COLUMNS | KB_CEL_STRICT);
    compile(source, KB_CEL_NO_CHECK);
    return 0;
}
