/*
 * Network policies: who reaches whom. Each answer of a table is one row.
 *
 * Forms of a case: `expect` rows [from, to, connections]; `queries` {src, dst, protocol, port, allowed};
 * `steps`, each a world with `checks` {protocol, port, expect: {src: {dst: allowed}}}; and, beside a file's
 * one `topology`, `recipes` that name a policy file and have queries.
 */
#include <stdio.h>
#include <string.h>

#include "netpol_world.h"
#include "rows.h"

struct run {
    struct kb_net_world world;
    const char *id;
    struct kb_rows_tally *tally;
};

static void count(struct run *run, bool ok)
{
    run->tally->passed += ok;
    run->tally->failed += !ok;
}

static void connections(struct kb_net_world *world, kb_net_ports ports, struct kb_buf *out)
{
    if (ports == KB_NET_ALL_PORTS || ports == KB_NET_NO_PORTS) {
        kb_buf_c(out, ports == KB_NET_ALL_PORTS ? "All Connections" : "No Connections");
    } else {
        kb_net_ports_text(&world->ports, ports, out);
    }
}

static void check_connections(struct run *run, const json_t *row)
{
    struct kb_str from_text = kb_json_view(json_array_get(row, 0));
    struct kb_str to_text = kb_json_view(json_array_get(row, 1));
    struct kb_str wanted = kb_json_view(json_array_get(row, 2));
    struct kb_net_end from, to;
    struct kb_buf got;
    kb_buf_init(&got, 1 << 20);
    if (!netpol_end(&run->world, from_text, &from) || !netpol_end(&run->world, to_text, &to)) {
        kb_buf_c(&got, "no such end");
    } else {
        connections(&run->world, kb_net_allowed(&run->world, &from, &to), &got);
    }
    bool ok = kb_str_eq(kb_buf_view(&got), wanted);
    if (!ok) {
        printf("%s: %.*s -> %.*s: %.*s, wanted %.*s\n", run->id, KB_FMT(from_text), KB_FMT(to_text),
               KB_FMT(kb_buf_view(&got)), KB_FMT(wanted));
    }
    kb_buf_done(&got);
    count(run, ok);
}

static void check_query(struct run *run, struct kb_str src, struct kb_str dst,
                        struct kb_str protocol_name, json_int_t port, bool wanted)
{
    struct kb_net_end from, to;
    uint8_t protocol;
    bool known = netpol_end(&run->world, src, &from) && netpol_end(&run->world, dst, &to) &&
                 kb_net_protocol_find(protocol_name, &protocol);
    bool got = known && kb_net_ports_has(&run->world.ports, kb_net_allowed(&run->world, &from, &to),
                                         (enum kb_net_protocol)protocol, (unsigned)port);
    if (!known || got != wanted) {
        printf("%s: %.*s -> %.*s %.*s %d: %s, wanted %s\n", run->id, KB_FMT(src), KB_FMT(dst),
               KB_FMT(protocol_name), (int)port, !known ? "no such end" : got ? "allowed" : "denied",
               wanted ? "allowed" : "denied");
    }
    count(run, known && got == wanted);
}

static void check_queries(struct run *run, const json_t *queries, struct kb_str protocol)
{
    for (size_t i = 0; i < json_array_size(queries); i++) {
        const json_t *query = json_array_get(queries, i);
        struct kb_str own = protocol;
        (void)kb_json_str(query, "protocol", &own);
        check_query(run, kb_rows_str(query, "src"), kb_rows_str(query, "dst"), own,
                    json_integer_value(json_object_get(query, "port")),
                    json_is_true(json_object_get(query, "allowed")));
    }
}

/* A table of truth: {src: {dst: allowed}}. */
static void check_truth(struct run *run, const json_t *check)
{
    const char *src, *dst;
    json_t *row, *allowed;
    json_object_foreach(json_object_get(check, "expect"), src, row)
    {
        json_object_foreach(row, dst, allowed)
        {
            check_query(run, kb_str_c(src), kb_str_c(dst), kb_rows_str(check, "protocol"),
                        json_integer_value(json_object_get(check, "port")), json_is_true(allowed));
        }
    }
}

/* Not a case of the table: it counts where it fails. */
static void check_rows(struct run *run)
{
    size_t wrong = netpol_wrong_rows(&run->world);
    if (wrong > 0) {
        printf("%s: %zu answers for many at once are others than alone\n", run->id, wrong);
        count(run, false);
    }
}

static void run_world(struct run *run, const json_t *test)
{
    const json_t *expect = json_object_get(test, "expect"), *checks = json_object_get(test, "checks");
    if (!netpol_world(&run->world, test)) {
        count(run, false);
    }
    for (size_t i = 0; i < json_array_size(expect); i++) {
        check_connections(run, json_array_get(expect, i));
    }
    for (size_t i = 0; i < json_array_size(checks); i++) {
        check_truth(run, json_array_get(checks, i));
    }
    check_queries(run, json_object_get(test, "queries"), KB_STR("TCP"));
    check_rows(run);
    kb_net_world_done(&run->world);
}

static void run_case(const json_t *test, struct kb_rows_tally *tally)
{
    const char *id = kb_rows_text(test, "id");
    const json_t *steps = json_object_get(test, "steps");
    struct run run = {.id = id == NULL ? "(no id)" : id, .tally = tally};
    unsigned before = tally->passed + tally->failed;
    for (size_t i = 0; i < json_array_size(steps); i++) {
        run_world(&run, json_array_get(steps, i));
    }
    if (steps == NULL) {
        run_world(&run, test);
    }
    if (tally->passed + tally->failed == before) {
        printf("%s: no answers are given\n", run.id);
        count(&run, false);
    }
}

static void run_recipe(const char *path, const json_t *whole, const json_t *recipe,
                       struct kb_rows_tally *tally)
{
    const char *slash = strrchr(path, '/'), *policy = kb_rows_text(recipe, "policy");
    int folder = slash == NULL ? 0 : (int)(slash + 1 - path);
    struct run run = {.id = policy, .tally = tally};
    struct kb_arena arena = {0};
    struct kb_str file = kb_arena_printf(&arena, "%.*s%s", folder, path, policy);
    bool ok = netpol_open(&run.world, json_object_get(whole, "topology")) &&
              netpol_take_yaml(&run.world, file.p);
    kb_net_close(&run.world);
    if (!ok) {
        count(&run, false);
    }
    check_queries(&run, json_object_get(recipe, "queries"), kb_rows_str(whole, "protocol"));
    check_rows(&run);
    kb_net_world_done(&run.world);
    kb_arena_done(&arena);
}

enum { SKIPPED = 77 };

static void run_file(const char *path, struct kb_rows_tally *tally)
{
    json_t *whole = netpol_load(path);
    const json_t *cases = json_object_get(whole, "cases"), *recipes = json_object_get(whole, "recipes");
    for (size_t i = 0; i < json_array_size(cases); i++) {
        run_case(json_array_get(cases, i), tally);
    }
    for (size_t i = 0; i < json_array_size(recipes); i++) {
        run_recipe(path, whole, json_array_get(recipes, i), tally);
    }
    if (json_array_size(cases) + json_array_size(recipes) == 0) {
        printf("%s: not a table that this runner knows\n", path);
        tally->failed++;
    }
    json_decref(whole);
}

/* --optional FILE: third-party cases, which are not everywhere. */
int main(int argc, char **argv)
{
    struct kb_rows_tally tally = {0};
    if (argc == 3 && strcmp(argv[1], "--optional") == 0) {
        FILE *file = fopen(argv[2], "rb");
        if (file == NULL) {
            printf("skipped: %s is not here\n", argv[2]);
            return SKIPPED;
        }
        (void)fclose(file);
        argv++;
        argc--;
    }
    for (int i = 1; i < argc; i++) {
        run_file(argv[i], &tally);
    }
    return kb_rows_close(&tally);
}
