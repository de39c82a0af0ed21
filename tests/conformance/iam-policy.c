/*
 * The IAM policy that live reading needs, made of the tables of calls: iam-policy [FILE]
 *
 * Without a file it prints the policy; with one it compares, and tells what is missing and what is too much.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/map.h"
#include "source/aws_files.h"
#include "source/aws_live.h"

/* What the log reader calls; these can be held to log groups. */
static const char *const log_calls[] = {"DescribeLogStreams", "FilterLogEvents", "GetLogEvents",
                                        "StartQuery"};
/* Beside the settings: what has no name to be held to. */
static const char *const more_calls[] = {"DescribeLogGroups", "GetQueryResults"};

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static json_t *sorted(const struct kb_map *actions)
{
    const char **names = kb_alloc((actions->n + 1) * sizeof *names);
    json_t *list = json_array();
    for (size_t i = 0; i < actions->n; i++) {
        names[i] = actions->entries[i].key.p;
    }
    qsort(names, actions->n, sizeof *names, by_text);
    for (size_t i = 0; i < actions->n; i++) {
        (void)json_array_append_new(list, json_string(names[i]));
    }
    kb_free(names);
    return list;
}

static void add(struct kb_map *actions, const struct kb_aws_operation *operation)
{
    if (operation->action != NULL) {
        (void)kb_map_add(actions, kb_str_c(operation->action), NULL);
    }
}

static json_t *policy(void)
{
    struct kb_map settings = {0}, logs = {0};
    const struct kb_aws_operation *operation;
    unsigned areas;
    for (size_t i = 0; kb_aws_live_operation(i, &areas, &operation); i++) {
        add(&settings, operation);
    }
    for (size_t i = 0; i < sizeof more_calls / sizeof more_calls[0]; i++) {
        add(&settings, kb_aws_operation_find(KB_STR("logs"), kb_str_c(more_calls[i])));
    }
    for (size_t i = 0; i < sizeof log_calls / sizeof log_calls[0]; i++) {
        add(&logs, kb_aws_operation_find(KB_STR("logs"), kb_str_c(log_calls[i])));
    }
    json_t *out = json_pack("{s:s,s:[{s:s,s:s,s:o,s:s},{s:s,s:s,s:o,s:s}]}", "Version", "2012-10-17", "Statement",
                            "Sid", "Settings", "Effect", "Allow", "Action", sorted(&settings), "Resource", "*",
                            "Sid", "AuditLogs", "Effect", "Allow", "Action", sorted(&logs), "Resource",
                            "arn:aws:logs:*:*:log-group:/aws/eks/*/cluster:*");
    kb_map_done(&settings);
    kb_map_done(&logs);
    return out;
}

/* Every operation of the table of steps exists, and what it needs is known. */
static size_t unknown_steps(void)
{
    size_t wrong = 0;
    const struct kb_aws_operation *operation;
    unsigned areas;
    for (size_t i = 0; kb_aws_live_operation(i, &areas, &operation); i++) {
        if (operation == NULL || operation->action == NULL || areas == 0) {
            printf("step %zu: not an operation, or one that nothing allows\n", i);
            wrong++;
        }
    }
    return wrong;
}

static bool is_fetched(const char *service, const char *name)
{
    const struct kb_aws_operation *operation;
    char kebab[KB_AWS_CLI_NAME_MAX];
    unsigned areas;
    bool found = false;
    for (size_t i = 0; !found && kb_aws_live_operation(i, &areas, &operation); i++) {
        kb_aws_cli_name(operation, kebab);
        found = strcmp(kebab, name) == 0 &&
                strcmp(kb_aws_service_find(kb_str_c(operation->service))->cli, service) == 0;
    }
    return found;
}

/* What is read from files is asked for live too. */
static size_t unfetched(void)
{
    size_t wrong = 0;
    const char *service, *name;
    for (size_t i = 0; kb_aws_files_operation(i, &service, &name); i++) {
        if (!is_fetched(service, name)) {
            printf("aws %s %s is read from files, and in no step\n", service, name);
            wrong++;
        }
    }
    return wrong;
}

static size_t tell_difference(const json_t *have, const json_t *want)
{
    static const char *const words[] = {"is missing", "is too much"};
    const json_t *sides[] = {want, have};
    size_t wrong = 0;
    for (size_t side = 0; side < 2; side++) {
        for (size_t i = 0; i < json_array_size(sides[side]); i++) {
            bool found = false;
            for (size_t k = 0; k < json_array_size(sides[1 - side]); k++) {
                found = found || json_equal(json_array_get(sides[side], i), json_array_get(sides[1 - side], k));
            }
            if (!found) {
                printf("%s %s\n", json_string_value(json_array_get(sides[side], i)), words[side]);
                wrong++;
            }
        }
    }
    return wrong;
}

static int compare(const char *path, const json_t *want)
{
    json_t *have = json_load_file(path, 0, NULL);
    size_t wrong = unknown_steps() + unfetched() + !json_equal(have, want), total = 1;
    const json_t *statements = json_object_get(want, "Statement");
    for (size_t i = 0; i < json_array_size(statements); i++) {
        const json_t *list = json_object_get(json_array_get(statements, i), "Action");
        const json_t *other = json_array_get(json_object_get(have, "Statement"), i);
        total += json_array_size(list);
        wrong += tell_difference(json_object_get(other, "Action"), list);
    }
    printf("%zu passed, %zu failed\n", wrong < total ? total - wrong : 0, wrong);
    json_decref(have);
    return wrong == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    json_t *want = policy();
    int status = EXIT_SUCCESS;
    if (argc > 1) {
        status = compare(argv[1], want);
    } else {
        json_dumpf(want, stdout, JSON_INDENT(2));
        printf("\n");
    }
    json_decref(want);
    return status;
}
