/*
 * The peer of the benchmark: what a straightforward C program does. Each line becomes a jansson tree,
 * and each rule (a conjunction of conditions, from "j2-rules.py json") looks its fields up in it.
 *
 * usage: peer_jansson RULES.json LOG      prints "count rule" for each rule that matched
 */
#define _GNU_SOURCE
#include <inttypes.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_RULES = 64, MAX_CONDITIONS = 8, MAX_STEPS = 9 };

/* One step of a path is a key; "*" walks an array; NULL ends it. */
struct field {
    const char *name;
    const char *path[MAX_STEPS];
};
static const struct field fields[] = {
    {"verb", {"verb"}},
    {"uri", {"requestURI"}},
    {"ua", {"userAgent"}},
    {"user", {"user", "username"}},
    {"imp", {"impersonatedUser", "username"}},
    {"res", {"objectRef", "resource"}},
    {"sub", {"objectRef", "subresource"}},
    {"ns", {"objectRef", "namespace"}},
    {"name", {"objectRef", "name"}},
    {"code", {"responseStatus", "code"}},
    {"arn", {"user", "extra", "canonicalArn", "*"}},
    {"decision", {"annotations", "authorization.k8s.io/decision"}},
    {"reason", {"annotations", "authorization.k8s.io/reason"}},
    {"groups", {"user", "groups", "*"}},
    {"ips", {"sourceIPs", "*"}},
    {"rb_role", {"requestObject", "roleRef", "name"}},
    {"rb_subj", {"requestObject", "subjects", "*", "name"}},
    {"role_verbs", {"requestObject", "rules", "*", "verbs", "*"}},
    {"role_res", {"requestObject", "rules", "*", "resources", "*"}},
    {"pod_priv", {"requestObject", "spec", "containers", "*", "securityContext", "privileged"}},
    {"pod_hostnet", {"requestObject", "spec", "hostNetwork"}},
    {"pod_hostpath", {"requestObject", "spec", "volumes", "*", "hostPath", "path"}},
    {"tmpl_priv",
     {"requestObject", "spec", "template", "spec", "containers", "*", "securityContext", "privileged"}},
    {"tmpl_hostnet", {"requestObject", "spec", "template", "spec", "hostNetwork"}},
    {"svc_type", {"requestObject", "spec", "type"}},
};

typedef bool test_fn(const json_t *found, const json_t *wanted);

static const char *text(const json_t *found)
{
    const char *s = json_string_value(found);
    return s == NULL ? "" : s;
}

static bool starts(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

static bool is_equal(const json_t *found, const json_t *wanted)
{
    return strcmp(text(found), json_string_value(wanted)) == 0;
}

static bool is_not(const json_t *found, const json_t *wanted)
{
    return !is_equal(found, wanted);
}

static bool is_one_of(const json_t *found, const json_t *wanted)
{
    size_t i;
    json_t *one;
    json_array_foreach(wanted, i, one)
    {
        if (is_equal(found, one)) {
            return true;
        }
    }
    return false;
}

static bool has_prefix(const json_t *found, const json_t *wanted)
{
    return starts(text(found), json_string_value(wanted));
}

static bool lacks_prefix(const json_t *found, const json_t *wanted)
{
    return !has_prefix(found, wanted);
}

static bool contains(const json_t *found, const json_t *wanted)
{
    return strstr(text(found), json_string_value(wanted)) != NULL;
}

static bool number_equals(const json_t *found, const json_t *wanted)
{
    return json_is_integer(found) && json_integer_value(found) == json_integer_value(wanted);
}

static bool number_at_least(const json_t *found, const json_t *wanted)
{
    return json_integer_value(found) >= json_integer_value(wanted);
}

static bool number_below(const json_t *found, const json_t *wanted)
{
    return json_integer_value(found) < json_integer_value(wanted);
}

static bool is_true(const json_t *found, const json_t *wanted)
{
    (void)wanted;
    return json_is_true(found);
}

static const struct {
    const char *name;
    test_fn *test;
    bool missing; /* what the test says where the field is missing is asked too */
} operators[] = {
    {"eq", is_equal, true},           {"ne", is_not, true},
    {"in", is_one_of, true},          {"prefix", has_prefix, true},
    {"nprefix", lacks_prefix, true},  {"contains", contains, true},
    {"numeq", number_equals, false},  {"numge", number_at_least, true},
    {"numlt", number_below, true},    {"true", is_true, false},
    {"any_eq", is_equal, false},      {"any_in", is_one_of, false},
    {"any_prefix", has_prefix, false},
};

struct condition {
    const struct field *field;
    size_t op;
    const json_t *wanted;
};
struct rule {
    struct condition conditions[MAX_CONDITIONS];
    size_t n;
    uint64_t hits;
};
static struct rule rules[MAX_RULES];
static size_t rule_count;

/* Whether some value at the path passes; *seen tells whether there was one at all. */
static bool any_at(const json_t *node, const char *const *path, const struct condition *c, bool *seen)
{
    if (node == NULL) {
        return false;
    }
    if (*path == NULL) {
        *seen = true;
        return operators[c->op].test(node, c->wanted);
    }
    if (strcmp(*path, "*") != 0) {
        return any_at(json_object_get(node, *path), path + 1, c, seen);
    }
    size_t i;
    json_t *element;
    json_array_foreach(node, i, element)
    {
        if (any_at(element, path + 1, c, seen)) {
            return true;
        }
    }
    return false;
}

static bool holds(const json_t *event, const struct condition *c)
{
    bool seen = false;
    if (any_at(event, c->field->path, c, &seen)) {
        return true;
    }
    return !seen && operators[c->op].missing && operators[c->op].test(NULL, c->wanted);
}

static bool matches(const json_t *event, const struct rule *rule)
{
    for (size_t i = 0; i < rule->n; i++) {
        if (!holds(event, &rule->conditions[i])) {
            return false;
        }
    }
    return true;
}

static bool find_names(const char *field, const char *op, struct condition *out)
{
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (strcmp(fields[i].name, field) == 0) {
            out->field = &fields[i];
        }
    }
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
        if (strcmp(operators[i].name, op) == 0) {
            out->op = i;
            return out->field != NULL;
        }
    }
    return false;
}

static bool load_rules(const json_t *list)
{
    size_t i, j;
    json_t *conditions, *one;
    json_array_foreach(list, i, conditions)
    {
        struct rule *rule = &rules[rule_count++];
        json_array_foreach(conditions, j, one)
        {
            struct condition *c = &rule->conditions[rule->n++];
            c->wanted = json_array_get(one, 2);
            if (!find_names(json_string_value(json_array_get(one, 0)),
                            json_string_value(json_array_get(one, 1)), c)) {
                return false;
            }
        }
    }
    return rule_count > 0;
}

static uint64_t run(FILE *log)
{
    char *line = NULL;
    size_t cap = 0;
    uint64_t bad = 0;
    for (ssize_t n; (n = getline(&line, &cap, log)) > 0;) {
        json_t *event = json_loadb(line, (size_t)n, 0, NULL);
        bad += event == NULL;
        for (size_t i = 0; event != NULL && i < rule_count; i++) {
            rules[i].hits += matches(event, &rules[i]);
        }
        json_decref(event);
    }
    free(line);
    return bad;
}

int main(int argc, char **argv)
{
    json_t *list = argc == 3 ? json_load_file(argv[1], 0, NULL) : NULL;
    FILE *log = list != NULL && load_rules(list) ? fopen(argv[2], "rb") : NULL;
    if (log == NULL) {
        (void)fprintf(stderr, "usage: peer_jansson RULES.json LOG\n");
        return 2;
    }
    uint64_t bad = run(log);
    for (size_t i = 0; i < rule_count; i++) {
        if (rules[i].hits > 0) {
            (void)printf("%" PRIu64 " %zu\n", rules[i].hits, i);
        }
    }
    (void)fprintf(stderr, "%" PRIu64 " lines not parsed\n", bad);
    (void)fclose(log);
    json_decref(list);
    return 0;
}
