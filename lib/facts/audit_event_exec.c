/* audit.event: commands in containers. */
#include "facts/audit_event_get.h"

/* Programs that run another one given as their argument. */
struct wrapper {
    const char *name;
    const char *with_value; /* short options that take one */
    unsigned before;        /* arguments before the program */
    bool assignments;       /* NAME=value may come before it */
};
static const struct wrapper wrappers[] = {
    {"env", "uCS", 0, true},         {"busybox", "", 0, false},       {"toybox", "", 0, false},
    {"nohup", "", 0, false},         {"timeout", "ks", 1, false},     {"setsid", "", 0, false},
    {"nice", "n", 0, false},         {"ionice", "cnpPu", 0, false},   {"stdbuf", "ioe", 0, false},
    {"sudo", "ugCDhprtTU", 0, true}, {"doas", "uC", 0, false},        {"chroot", "", 1, false},
    {"time", "fo", 0, false},        {"command", "", 0, false},       {"exec", "a", 0, false},
    {"nsenter", "tSG", 0, false},    {"unshare", "SGRw", 0, false},   {"dumb-init", "r", 0, false},
    {"tini", "pe", 0, false},        {"xargs", "EILnPsda", 0, false},
};

/* Long options that take the next word as their value, of all wrappers. */
static const char *const long_with_value[] = {"--signal", "--kill-after", "--unset",
                                              "--chdir",  "--adjustment", "--user",
                                              "--group",  "--target"};

static struct kb_str base_name(struct kb_str path)
{
    for (size_t i = path.n; i > 0; i--) {
        if (path.p[i - 1] == '/') {
            return kb_str_sub(path, i, path.n);
        }
    }
    return path;
}

static const struct wrapper *wrapper_of(struct kb_str name)
{
    for (size_t i = 0; i < sizeof wrappers / sizeof wrappers[0]; i++) {
        if (kb_str_eq_c(name, wrappers[i].name)) {
            return &wrappers[i];
        }
    }
    return NULL;
}

/* How many words the option at hand takes: 1, or 2 with its value. */
static size_t option_words(const struct wrapper *wrapper, struct kb_str option)
{
    if (kb_str_starts(option, KB_STR("--"))) {
        for (size_t i = 0; i < sizeof long_with_value / sizeof long_with_value[0]; i++) {
            if (kb_str_eq_c(option, long_with_value[i])) {
                return 2;
            }
        }
        return 1;
    }
    for (size_t i = 1; i < option.n; i++) {
        if (option.p[i] != '\0' && strchr(wrapper->with_value, option.p[i]) != NULL) {
            return i + 1 == option.n ? 2 : 1;
        }
    }
    return 1;
}

static bool is_assignment(struct kb_str word)
{
    const char *equals = word.n == 0 ? NULL : memchr(word.p, '=', word.n);
    return equals != NULL && equals != word.p && word.p[0] != '/';
}

/* env -S 'program arguments': the program is in the option's value. */
static struct kb_str split_string(const struct kb_cel_list *words, size_t at)
{
    struct kb_str word = words->items[at].s;
    struct kb_str rest;
    struct kb_str text = KB_STR("");
    if (kb_str_eq(word, KB_STR("-S")) || kb_str_eq(word, KB_STR("--split-string"))) {
        text = at + 1 < words->n ? words->items[at + 1].s : text;
    } else if (kb_str_starts(word, KB_STR("-S"))) {
        text = kb_str_sub(word, 2, word.n);
    } else if (kb_str_starts(word, KB_STR("--split-string="))) {
        text = kb_str_sub(word, sizeof "--split-string=" - 1, word.n);
    }
    return kb_str_split(kb_str_trim(text), ' ', &rest);
}

/* Index of the word behind a wrapper's own arguments. *given: the program stood in an option. */
static size_t behind(const struct wrapper *wrapper, const struct kb_cel_list *words, size_t at,
                     struct kb_str *given)
{
    unsigned before = wrapper->before;
    at++;
    while (at < words->n) {
        struct kb_str word = words->items[at].s;
        if (kb_str_eq(word, KB_STR("--"))) {
            return at + 1 + before;
        }
        if (word.n > 1 && word.p[0] == '-') {
            *given = wrapper->assignments ? split_string(words, at) : *given;
            if (given->n > 0) {
                return words->n;
            }
            at += option_words(wrapper, word);
        } else if (wrapper->assignments && is_assignment(word)) {
            at++;
        } else {
            break;
        }
    }
    return at + before;
}

static struct kb_str program_of(const struct kb_cel_list *words)
{
    size_t at = 0;
    struct kb_str name = KB_STR("");
    while (at < words->n) {
        struct kb_str given = KB_STR("");
        name = base_name(words->items[at].s);
        const struct wrapper *wrapper = wrapper_of(name);
        if (wrapper == NULL) {
            return name;
        }
        at = behind(wrapper, words, at, &given);
        if (given.n > 0) {
            return base_name(given);
        }
    }
    return name;
}

/* kubelet's own API through the API server: /api/v1/nodes/NODE/proxy/run/… and …/exec/… */
static bool is_kubelet_run(const struct kb_audit_row *row)
{
    struct kb_str path;
    const struct kb_str proxy = KB_STR("/proxy/");
    (void)kb_audit_text(row, KB_COL_PATH, &path);
    size_t at = kb_str_find(path, proxy, 0);
    struct kb_str rest = at == SIZE_MAX ? KB_STR("") : kb_str_sub(path, at + proxy.n, path.n);
    while (kb_str_starts(rest, KB_STR("/"))) {
        rest = kb_str_sub(rest, 1, rest.n);
    }
    return kb_str_starts(rest, KB_STR("run/")) || kb_str_starts(rest, KB_STR("exec/"));
}

static void add_words(struct kb_str text, struct kb_arena *arena, struct kb_values *words)
{
    struct kb_str rest = text;
    while (rest.p != NULL) {
        struct kb_str word = kb_str_split(rest, ' ', &rest);
        if (word.n > 0) {
            kb_values_add(words, arena, kb_cel_string(word));
        }
    }
}

static struct kb_cel_val read_command(const struct kb_audit_row *row, bool kubelet,
                                      struct kb_arena *arena)
{
    struct kb_values words = {0};
    struct kb_query_param param;
    struct kb_str query = kb_audit_uri(row).query;
    while (kb_query_next(&query, arena, &param)) {
        if (kb_str_eq(param.name, KB_STR("command"))) {
            kb_values_add(&words, arena, kb_cel_string(param.value));
        } else if (kubelet && kb_str_eq(param.name, KB_STR("cmd"))) {
            add_words(param.value, arena, &words);
        }
    }
    return kb_values_list(&words, arena);
}

KB_AUDIT_GET(command)
{
    struct kb_str resource;
    struct kb_str subresource;
    struct kb_str uri;
    bool known = kb_audit_text(data, KB_COL_RESOURCE, &resource);
    known = kb_audit_text(data, KB_COL_SUBRESOURCE, &subresource) && known;
    known = kb_audit_text(data, KB_COL_URI, &uri) && known;
    bool exec = kb_str_eq(resource, KB_STR("pods")) && kb_str_eq(subresource, KB_STR("exec"));
    bool kubelet = kb_str_eq(resource, KB_STR("nodes")) &&
                   kb_str_eq(subresource, KB_STR("proxy")) && is_kubelet_run(data);
    if (!known) {
        *out = kb_audit_unknown(arena, KB_COL_COMMAND, KB_CUT_OFF);
    } else {
        *out = exec || kubelet ? read_command(data, kubelet, arena)
                               : kb_values_list(&(struct kb_values){0}, arena);
    }
}

KB_AUDIT_GET(command_text)
{
    const struct kb_cel_val *command = kb_audit_value(data, KB_COL_COMMAND);
    if (command->kind != KB_CEL_LIST) {
        *out = kb_audit_unknown(arena, KB_COL_COMMAND_TEXT, KB_CUT_OFF);
        return;
    }
    size_t n = command->list->n;
    struct kb_str *parts = KB_NEW_ARRAY(arena, 2 * n + 1, struct kb_str);
    for (size_t i = 0; i < n; i++) {
        parts[2 * i] = command->list->items[i].s;
        parts[2 * i + 1] = i + 1 < n ? KB_STR(" ") : KB_STR("");
    }
    *out = kb_cel_string(kb_value_concat(arena, parts, 2 * n));
}

KB_AUDIT_GET(program)
{
    const struct kb_cel_val *command = kb_audit_value(data, KB_COL_COMMAND);
    *out = command->kind == KB_CEL_LIST ? kb_cel_string(program_of(command->list))
                                        : kb_audit_unknown(arena, KB_COL_PROGRAM, KB_CUT_OFF);
}
