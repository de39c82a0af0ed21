/*
 * Named formats of Kubernetes (type kubernetes.NamedFormat): format.dns1123Label().validate(text)
 * is none, or a list of what is wrong. Definition: k8s.io/apiserver/pkg/cel/library, format; the
 * rules are k8s.io/apimachinery's validation.
 */
#include "cel/lib.h"
#include "data/base64.h"
#include "data/time.h"
#include "data/url.h"

enum { LABEL_MAX = 63, SUBDOMAIN_MAX = 253, MISTAKES_MAX = 4 };

#define LABEL_PATTERN "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
#define NAME_PATTERN "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"

/* What is wrong, each a text in the arena. */
struct mistakes {
    struct kb_arena *arena;
    struct kb_cel_val at[MISTAKES_MAX];
    size_t n;
};

static void add(struct mistakes *m, const char *prefix, const char *what)
{
    if (m->n < MISTAKES_MAX) {
        m->at[m->n++] = kb_cel_string(kb_arena_printf(m->arena, "%s%s", prefix, what));
    }
}

static bool is_lower_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_alnum(char c)
{
    return is_lower_alnum(c) || (c >= 'A' && c <= 'Z');
}

/* One label of [-a-z0-9], beginning and ending with a letter or digit. */
static bool is_label(struct kb_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (!is_lower_alnum(s.p[i]) && s.p[i] != '-') {
            return false;
        }
    }
    return s.n > 0 && *s.p != '-' && s.p[s.n - 1] != '-';
}

static bool is_subdomain(struct kb_str s)
{
    while (s.p != NULL) {
        struct kb_str label = kb_str_split(s, '.', &s);
        if (!is_label(label)) {
            return false;
        }
    }
    return true;
}

/* [-A-Za-z0-9_.], beginning and ending with a letter or digit. */
static bool is_name(struct kb_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (!is_alnum(s.p[i]) && (s.p[i] == '\0' || strchr("-_.", s.p[i]) == NULL)) {
            return false;
        }
    }
    return s.n > 0 && is_alnum(*s.p) && is_alnum(s.p[s.n - 1]);
}

/* A prefix of a name may end in '-': what is generated follows. */
static struct kb_str mask_dash(struct kb_str s, struct kb_arena *arena)
{
    if (s.n < 2 || s.p[s.n - 1] != '-') {
        return s;
    }
    return kb_arena_printf(arena, "%.*sa", (int)(s.n - 2), s.p);
}

static void dns1123_label(struct kb_str s, struct mistakes *m)
{
    if (s.n > LABEL_MAX) {
        add(m, "", "must be no more than 63 characters");
    }
    if (is_label(s)) {
        return;
    }
    add(m, "",
        is_subdomain(s)
            ? "must not contain dots"
            : "a lowercase RFC 1123 label must consist of lower case alphanumeric "
              "characters or '-', and must start and end with an alphanumeric character "
              "(e.g. 'my-name',  or '123-abc', regex used for validation is '" LABEL_PATTERN "')");
}

static void subdomain_with(struct kb_str s, const char *prefix, struct mistakes *m)
{
    if (s.n > SUBDOMAIN_MAX) {
        add(m, prefix, "must be no more than 253 characters");
    }
    if (!is_subdomain(s)) {
        add(m, prefix,
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, "
            "'-' or "
            "'.', and must start and end with an alphanumeric character (e.g. 'example.com', regex "
            "used "
            "for validation is '" LABEL_PATTERN "(\\." LABEL_PATTERN ")*')");
    }
}

static void dns1123_subdomain(struct kb_str s, struct mistakes *m)
{
    subdomain_with(s, "", m);
}

static void dns1035_label(struct kb_str s, struct mistakes *m)
{
    if (s.n > LABEL_MAX) {
        add(m, "", "must be no more than 63 characters");
    }
    if (!is_label(s) || *s.p < 'a') {
        add(m, "",
            "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start "
            "with an "
            "alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or "
            "'abc-123', "
            "regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')");
    }
}

static void dns1123_label_prefix(struct kb_str s, struct mistakes *m)
{
    dns1123_label(mask_dash(s, m->arena), m);
}

static void dns1123_subdomain_prefix(struct kb_str s, struct mistakes *m)
{
    dns1123_subdomain(mask_dash(s, m->arena), m);
}

static void dns1035_label_prefix(struct kb_str s, struct mistakes *m)
{
    dns1035_label(mask_dash(s, m->arena), m);
}

static void qualified_name(struct kb_str s, struct mistakes *m)
{
    static const char rule[] =
        " must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
        "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for "
        "validation "
        "is '" NAME_PATTERN "')";
    struct kb_str name;
    struct kb_str prefix = kb_str_split(s, '/', &name);
    if (name.p == NULL) {
        name = s;
    } else if (kb_str_find(name, KB_STR("/"), 0) != SIZE_MAX) {
        add(m, "a qualified name", rule);
        m->at[m->n - 1] = kb_cel_string(kb_arena_printf(
            m->arena,
            "%.*s with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
            KB_FMT(m->at[m->n - 1].s)));
        return;
    } else if (prefix.n == 0) {
        add(m, "", "prefix part must be non-empty");
    } else {
        subdomain_with(prefix, "prefix part ", m);
    }
    if (name.n == 0) {
        add(m, "", "name part must be non-empty");
    } else if (name.n > LABEL_MAX) {
        add(m, "", "name part must be no more than 63 characters");
    }
    if (!is_name(name)) {
        add(m, "name part", rule);
    }
}

static void label_value(struct kb_str s, struct mistakes *m)
{
    if (s.n > LABEL_MAX) {
        add(m, "", "must be no more than 63 characters");
    }
    if (s.n > 0 && !is_name(s)) {
        add(m, "",
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' "
            "or "
            "'.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or "
            "'my_value',  "
            "or '12345', regex used for validation is '(" NAME_PATTERN ")?')");
    }
}

static void uri(struct kb_str s, struct mistakes *m)
{
    struct kb_url parts;
    struct kb_err err;
    if (kb_failed(kb_url_parse(s, m->arena, &parts, &err))) {
        add(m, "", err.msg);
    }
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

/* 8-4-4-4-12 hexadecimal digits, or 32 of them. */
static void uuid(struct kb_str s, struct mistakes *m)
{
    bool ok = s.n == 36 || s.n == 32;
    for (size_t i = 0; ok && i < s.n; i++) {
        bool dash = s.n == 36 && (i == 8 || i == 13 || i == 18 || i == 23);
        ok = dash ? s.p[i] == '-' : is_hex(s.p[i]);
    }
    if (!ok) {
        add(m, "", "does not match the UUID format");
    }
}

static void byte(struct kb_str s, struct mistakes *m)
{
    struct kb_buf out = {.max = s.n + 4};
    if (s.n == 0 || !kb_base64_decode(s, 0, &out, NULL)) {
        add(m, "", "invalid base64");
    }
    kb_buf_done(&out);
}

static bool is_date(struct kb_str s)
{
    char text[24];
    struct kb_time t;
    if (s.n != 10) {
        return false;
    }
    memcpy(text, s.p, 10);
    memcpy(text + 10, "T00:00:00Z", 10);
    return !kb_failed(kb_time_parse((struct kb_str){text, 20}, KB_TIME_STRICT, &t, NULL));
}

static void date(struct kb_str s, struct mistakes *m)
{
    if (!is_date(s)) {
        add(m, "", "invalid date");
    }
}

/* RFC 3339, in either case of T and Z. */
static void datetime(struct kb_str s, struct mistakes *m)
{
    char text[64];
    struct kb_time t;
    bool ok = s.n < sizeof text && s.n > 10;
    for (size_t i = 0; ok && i < s.n; i++) {
        text[i] = s.p[i];
        text[i] = (char)(s.p[i] == 't' || s.p[i] == 'z' ? s.p[i] ^ 0x20 : s.p[i]);
    }
    if (!ok || kb_failed(kb_time_parse((struct kb_str){text, s.n}, KB_TIME_STRICT, &t, NULL))) {
        add(m, "", "invalid datetime");
    }
}

struct format {
    const char *name;
    void (*check)(struct kb_str s, struct mistakes *m);
};

static const struct format formats[] = {
    {"dns1123Label", dns1123_label},
    {"dns1123Subdomain", dns1123_subdomain},
    {"dns1035Label", dns1035_label},
    {"qualifiedName", qualified_name},
    {"dns1123LabelPrefix", dns1123_label_prefix},
    {"dns1123SubdomainPrefix", dns1123_subdomain_prefix},
    {"dns1035LabelPrefix", dns1035_label_prefix},
    {"labelValue", label_value},
    {"uri", uri},
    {"uuid", uuid},
    {"byte", byte},
    {"date", date},
    {"datetime", datetime},
};

struct object {
    struct kb_cel_object base;
    const struct format *format;
};

static const struct format *format_of(const struct kb_cel_object *object)
{
    return ((const struct object *)object)->format;
}

static bool equal(const struct kb_cel_object *a, const struct kb_cel_object *b)
{
    return format_of(a) == format_of(b);
}

static struct kb_str text(const struct kb_cel_object *object, struct kb_arena *arena)
{
    return kb_arena_copy(arena, kb_str_c(format_of(object)->name));
}

static const struct kb_cel_object_type type = {"kubernetes.NamedFormat", equal, text};

static struct kb_cel_val new_format(struct kb_cel_call *call, const struct format *format)
{
    struct object *object = KB_NEW(call->arena, struct object);
    *object = (struct object){{&type}, format};
    return kb_cel_lib_object_val(&object->base);
}

static struct kb_cel_val named(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (kb_str_eq_c(args[0].s, formats[i].name)) {
            return kb_cel_lib_some(call, new_format(call, &formats[i]));
        }
    }
    return kb_cel_lib_none();
}

static struct kb_cel_val validate(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    const struct kb_cel_object *object = kb_cel_lib_object(&args[0], &type);
    if (object == NULL) {
        return kb_cel_lib_no_overload();
    }
    if (!kb_cel_lib_spend(call, kb_cel_lib_bytes(args[1].s.n))) {
        return kb_cel_lib_overspent();
    }
    struct mistakes m = {.arena = call->arena};
    format_of(object)->check(args[1].s, &m);
    if (m.n == 0) {
        return kb_cel_lib_none();
    }
    struct kb_cel_val *items = KB_NEW_ARRAY(call->arena, m.n, struct kb_cel_val);
    memcpy(items, m.at, m.n * sizeof *items);
    return kb_cel_lib_some(call, kb_cel_lib_list(call, items, m.n));
}

#define CONSTANT(fn, index)                                                                        \
    static struct kb_cel_val fn(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n) \
    {                                                                                              \
        (void)args, (void)n;                                                                       \
        return new_format(call, &formats[index]);                                                  \
    }

CONSTANT(format_0, 0)
CONSTANT(format_1, 1)
CONSTANT(format_2, 2)
CONSTANT(format_3, 3)
CONSTANT(format_4, 4)
CONSTANT(format_5, 5)
CONSTANT(format_6, 6)
CONSTANT(format_7, 7)
CONSTANT(format_8, 8)
CONSTANT(format_9, 9)
CONSTANT(format_10, 10)
CONSTANT(format_11, 11)
CONSTANT(format_12, 12)

#define F "kubernetes.NamedFormat"

static const struct kb_cel_func funcs[] = {
    {"format.named", "(string) -> optional_type(" F ")", named, 0, "the format of a name, if any"},
    {"validate", "(" F ", string) -> optional_type(list(string))", validate, KB_CEL_MEMBER,
     "what is wrong with the text, if anything"},
    {"format.dns1123Label", "() -> " F, format_0, 0, "a DNS label of RFC 1123"},
    {"format.dns1123Subdomain", "() -> " F, format_1, 0, "a DNS subdomain of RFC 1123"},
    {"format.dns1035Label", "() -> " F, format_2, 0, "a DNS label of RFC 1035"},
    {"format.qualifiedName", "() -> " F, format_3, 0,
     "a name with an optional prefix, example.com/name"},
    {"format.dns1123LabelPrefix", "() -> " F, format_4, 0, "the beginning of a DNS label"},
    {"format.dns1123SubdomainPrefix", "() -> " F, format_5, 0, "the beginning of a DNS subdomain"},
    {"format.dns1035LabelPrefix", "() -> " F, format_6, 0,
     "the beginning of a DNS label of RFC 1035"},
    {"format.labelValue", "() -> " F, format_7, 0, "the value of a label"},
    {"format.uri", "() -> " F, format_8, 0, "a URL"},
    {"format.uuid", "() -> " F, format_9, 0, "a UUID"},
    {"format.byte", "() -> " F, format_10, 0, "base 64"},
    {"format.date", "() -> " F, format_11, 0, "a date, 2026-01-15"},
    {"format.datetime", "() -> " F, format_12, 0, "a time of RFC 3339"},
};

KB_CEL_LIBRARY(kb_cel_lib_formats, "formats");
