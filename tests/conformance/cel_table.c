/* Rows of tables: reading, running, counting. */
#include "cel_table.h"

#include <stdarg.h>
#include <stdio.h>
#include <zlib.h>

#include "data/json.h"

enum { LINE_MAX_BYTES = 1 << 20 };

const char *const *cel_table_libraries;

void cel_pass(struct cel_world *world)
{
    world->report->passed++;
}

void cel_fail(struct cel_world *world, const char *kind, const char *fmt, ...)
{
    char text[2048];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    const char *reason = json_string_value(json_object_get(world->report->differences, world->id));
    if (reason != NULL) {
        world->report->known++;
        printf("difference %s: %s (%s)\n", world->id, text, reason);
        return;
    }
    world->report->failed++;
    printf("%s %s: %.*s: %s\n", kind, world->id, KB_FMT(world->expr), text);
}

static void get_var(void *ctx, unsigned var, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct cel_world *world = ctx;
    (void)arena;
    *out = world->values.at[var];
}

static void set_id(struct cel_world *world)
{
    const char *id = json_string_value(json_object_get(world->row, "id"));
    const char *parts[3];
    static const char *const keys[] = {"file", "section", "name"};
    for (size_t i = 0; i < 3; i++) {
        parts[i] = json_string_value(json_object_get(world->row, keys[i]));
        parts[i] = parts[i] == NULL ? "" : parts[i];
    }
    if (id != NULL) {
        (void)snprintf(world->id, sizeof world->id, "%s", id);
    } else {
        (void)snprintf(world->id, sizeof world->id, "%s/%s/%s", parts[0], parts[1], parts[2]);
    }
}

static void world_done(struct cel_world *world)
{
    kb_cel_env_free(world->env);
    kb_arena_done(&world->arena);
    KB_VEC_DONE(&world->names);
    KB_VEC_DONE(&world->values);
}

static void run_row(struct cel_report *report, json_t *row, unsigned flags, cel_row_fn *fn)
{
    struct cel_world world = {.report = report, .row = row};
    set_id(&world);
    cel_zero_has_sign = json_object_get(row, "id") != NULL;
    world.expr = kb_json_view(json_object_get(row, "expr"));
    world.activation = (struct kb_cel_activation){.get = get_var, .ctx = &world};
    unsigned row_flags = flags;
    row_flags |= json_is_true(json_object_get(row, "disable_check")) ? KB_CEL_NO_CHECK : 0;
    row_flags |= json_is_true(json_object_get(row, "disable_macros")) ? KB_CEL_NO_MACROS : 0;
    world.env = kb_cel_env_new(
        &(struct kb_cel_env_options){.flags = row_flags,
                                     .libraries = cel_table_libraries,
                                     .container = kb_json_view(json_object_get(row, "container"))});
    fn(&world);
    world_done(&world);
}

static void declare(struct cel_world *world, const char *name, const json_t *type)
{
    const json_t *binding = json_object_get(json_object_get(world->row, "bindings"), name);
    const struct kb_cel_type *of = kb_cel_env_type(world->env, kb_json_view(type));
    if (of == NULL) {
        return;
    }
    (void)kb_cel_env_var(world->env, kb_str_c(name), of, false);
    *KB_VEC_PUSH(&world->names) = kb_arena_copy(&world->arena, kb_str_c(name));
    *KB_VEC_PUSH(&world->values) =
        binding == NULL ? kb_cel_absent() : cel_decode(binding, &world->arena);
}

bool cel_world_compile(struct cel_world *world)
{
    const char *name;
    json_t *type;
    json_object_foreach(json_object_get(world->row, "types"), name, type)
    {
        declare(world, name, type);
    }
    return !kb_failed(kb_cel_compile(world->env, world->expr, &world->program, &world->issues));
}

struct kb_cel_val cel_world_eval(struct cel_world *world)
{
    return kb_cel_eval(world->program, &world->activation, &world->arena);
}

int cel_world_var(const struct cel_world *world, const char *name)
{
    for (size_t i = 0; i < world->names.n; i++) {
        if (kb_str_eq_c(world->names.at[i], name)) {
            return (int)i;
        }
    }
    return -1;
}

bool cel_type_matches(struct cel_world *world, const char *key)
{
    const json_t *want = json_object_get(world->row, key);
    if (want == NULL) {
        return true;
    }
    return kb_cel_env_type(world->env, kb_json_view(want)) == kb_cel_result_type(world->program);
}

const char *cel_issue_text(struct cel_world *world)
{
    if (world->issues.n == 0) {
        return "no issue";
    }
    const struct kb_cel_issue *issue = &world->issues.at[0];
    return kb_arena_printf(&world->arena, "%s error at %u:%u: %.*s",
                           issue->phase == KB_CEL_PARSE ? "parse" : "check", issue->line,
                           issue->col, KB_FMT(issue->message))
        .p;
}

const char *cel_value_text(struct cel_world *world, const struct kb_cel_val *v)
{
    struct kb_buf text;
    kb_buf_init(&text, 1000);
    kb_cel_print(v, &text);
    struct kb_str type = kb_cel_type_name(v);
    const char *out =
        kb_arena_printf(&world->arena, "%.*s %.*s", KB_FMT(type), KB_FMT(kb_buf_view(&text))).p;
    kb_buf_done(&text);
    return out;
}

static void check_position(struct cel_world *world, const char *want)
{
    char got[32];
    const struct kb_cel_issue *issue = &world->issues.at[0];
    (void)snprintf(got, sizeof got, "%u:%u", issue->line, issue->col);
    if (want == NULL || strcmp(got, want) == 0) {
        world->report->positions_right++;
        return;
    }
    world->report->positions_wrong++;
    printf("position %s: %.*s: wanted %s: %s\n", world->id, KB_FMT(world->expr), want,
           cel_issue_text(world));
}

static void check_refused(struct cel_world *world, const json_t *error)
{
    const char *kind = json_string_value(json_object_get(error, "kind"));
    const char *got = world->issues.at[0].phase == KB_CEL_PARSE ? "parse" : "check";
    if (json_is_array(error)) { /* the specification's table does not say when */
        cel_pass(world);
        return;
    }
    if (kind == NULL || strcmp(kind, got) != 0) {
        cel_fail(world, "unsupported", "wanted %s: %s",
                 kind == NULL ? "a value" : json_string_value(json_object_get(error, "message")),
                 cel_issue_text(world));
        return;
    }
    check_position(world, json_string_value(json_object_get(error, "position")));
    cel_pass(world);
}

static const char *wanted_text(struct cel_world *world, const json_t *want)
{
    char *text = json_dumps(want, JSON_COMPACT | JSON_ENCODE_ANY);
    const char *copy = kb_arena_copy(&world->arena, kb_str_c(text)).p;
    free(text);
    return copy;
}

static void check_outcome(struct cel_world *world, const struct kb_cel_val *got)
{
    const json_t *value = json_object_get(world->row, "value");
    const json_t *error = json_object_get(world->row, "error");
    if (value != NULL && cel_matches(value, got)) {
        cel_pass(world);
    } else if (value != NULL) {
        cel_fail(world, got->kind == KB_CEL_ERROR ? "unsupported" : "WRONG VALUE", "%s, wanted %s",
                 cel_value_text(world, got), wanted_text(world, value));
    } else if (got->kind == KB_CEL_ERROR) {
        cel_pass(world);
    } else {
        cel_fail(world, "WRONG VALUE", "%s, wanted the error %s", cel_value_text(world, got),
                 wanted_text(world, error));
    }
}

void cel_row_check(struct cel_world *world)
{
    const json_t *error = json_object_get(world->row, "error");
    const char *kind = json_string_value(json_object_get(error, "kind"));
    bool refused = kind != NULL && strcmp(kind, "eval") != 0;
    if (!cel_world_compile(world)) {
        check_refused(world, error);
        return;
    }
    if (refused) {
        cel_fail(world, "accepted", "wanted a %s error: %s", kind,
                 json_string_value(json_object_get(error, "message")));
        return;
    }
    if (!cel_type_matches(world, "static_type") || !cel_type_matches(world, "type")) {
        struct kb_str type = kb_cel_type_text(kb_cel_result_type(world->program), &world->arena);
        const json_t *want = json_object_get(world->row, "static_type");
        want = want == NULL ? json_object_get(world->row, "type") : want;
        cel_fail(world, "type", "%.*s, wanted %s", KB_FMT(type), json_string_value(want));
        return;
    }
    if (json_is_true(json_object_get(world->row, "check_only"))) {
        cel_pass(world);
        return;
    }
    struct kb_cel_val got = cel_world_eval(world);
    check_outcome(world, &got);
}

static int run_file(struct cel_report *report, const char *path, unsigned flags, cel_row_fn *fn)
{
    gzFile file = gzopen(path, "rb");
    if (file == NULL) {
        printf("cannot open %s\n", path);
        return 2;
    }
    char *line = kb_alloc(LINE_MAX_BYTES);
    unsigned number = 0;
    int status = 0;
    while (status == 0 && gzgets(file, line, LINE_MAX_BYTES) != NULL) {
        number++;
        json_error_t error;
        json_t *row = json_loads(line, JSON_DECODE_INT_AS_REAL | JSON_ALLOW_NUL, &error);
        if (row == NULL) {
            printf("%s:%u: %s\n", path, number, error.text);
            status = 2;
            break;
        }
        run_row(report, row, flags, fn);
        json_decref(row);
    }
    kb_free(line);
    (void)gzclose(file);
    return status;
}

static void load_differences(struct cel_report *report, const char *path)
{
    char line[1024];
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        struct kb_str reason;
        struct kb_str text = kb_str_trim(kb_str_c(line));
        if (text.n == 0 || text.p[0] == '#') {
            continue;
        }
        struct kb_str id = kb_str_trim(kb_str_split(text, '|', &reason));
        reason = reason.p == NULL ? KB_STR("no reason") : kb_str_trim(reason);
        json_object_setn_new(report->differences, id.p, id.n, json_stringn(reason.p, reason.n));
    }
    if (file != NULL) {
        (void)fclose(file);
    }
}

static int close_report(const struct cel_report *report)
{
    unsigned positions = report->positions_right + report->positions_wrong;
    if (positions > 0) {
        printf("%u of %u positions of check and parse errors as wanted\n", report->positions_right,
               positions);
    }
    if (report->known > 0) {
        printf("%u known differences\n", report->known);
    }
    printf("%u passed, %u failed\n", report->passed, report->failed);
    return report->failed > 0 || report->positions_wrong * 10 > positions ? 1 : 0;
}

int cel_table_main(int argc, char **argv, unsigned flags, cel_row_fn *fn)
{
    struct cel_report report = {.differences = json_object()};
    int first = 1;
    if (argc > 2 && strcmp(argv[1], "--differences") == 0) {
        load_differences(&report, argv[2]);
        first = 3;
    }
    int status = 0;
    for (int i = first; i < argc && status == 0; i++) {
        status = run_file(&report, argv[i], flags, fn);
    }
    if (status == 0) {
        status = close_report(&report);
    }
    json_decref(report.differences);
    return status;
}
