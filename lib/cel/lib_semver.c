/*
 * Semantic versions (type kubernetes.Semver).
 * Definition: k8s.io/apiserver/pkg/cel/library, semver.
 */
#include "cel/lib.h"
#include "data/semver.h"

struct object {
    struct kb_cel_object base;
    struct kb_semver version;
};

static const struct kb_semver *version_of(const struct kb_cel_object *object)
{
    return &((const struct object *)object)->version;
}

static bool equal(const struct kb_cel_object *a, const struct kb_cel_object *b)
{
    return kb_semver_cmp(version_of(a), version_of(b)) == 0;
}

static struct kb_str text(const struct kb_cel_object *object, struct kb_arena *arena)
{
    KB_AUTO(kb_buf_done) struct kb_buf out = {.max = 1024};
    kb_semver_format(version_of(object), &out);
    return kb_arena_copy(arena, kb_buf_view(&out));
}

static const struct kb_cel_object_type type = {"kubernetes.Semver", equal, text};

/* args: the text, and whether to read it leniently. */
static kb_res parse(const struct kb_cel_val *args, size_t n, struct kb_semver *out,
                    struct kb_err *err)
{
    return kb_semver_parse(args[0].s, n > 1 && args[1].b, out, err);
}

static struct kb_cel_val semver(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    struct object *object = KB_NEW(call->arena, struct object);
    struct kb_err err;
    object->base.type = &type;
    return kb_failed(parse(args, n, &object->version, &err)) ? kb_cel_lib_failed(call, &err)
                                                             : kb_cel_lib_object_val(&object->base);
}

static struct kb_cel_val is_semver(struct kb_cel_call *call, const struct kb_cel_val *args,
                                   size_t n)
{
    (void)call;
    struct kb_semver version;
    return kb_cel_bool(!kb_failed(parse(args, n, &version, NULL)));
}

enum number { MAJOR, MINOR, PATCH };

static struct kb_cel_val number(struct kb_cel_call *call, const struct kb_cel_val *args,
                                enum number which)
{
    const struct kb_cel_object *object = kb_cel_lib_object(&args[0], &type);
    if (object == NULL) {
        return kb_cel_lib_no_overload();
    }
    const struct kb_semver *v = version_of(object);
    uint64_t value = which == MAJOR ? v->major : which == MINOR ? v->minor : v->patch;
    return value > INT64_MAX ? kb_cel_error(call->arena, "integer overflow")
                             : kb_cel_int((int64_t)value);
}

static struct kb_cel_val major_of(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    return number(call, args, MAJOR);
}

static struct kb_cel_val minor_of(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    return number(call, args, MINOR);
}

static struct kb_cel_val patch_of(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    return number(call, args, PATCH);
}

/* -1, 0, 1; false where the arguments are no versions. */
static bool compare(const struct kb_cel_val *args, int *out)
{
    const struct kb_cel_object *a = kb_cel_lib_object(&args[0], &type);
    const struct kb_cel_object *b = kb_cel_lib_object(&args[1], &type);
    if (a == NULL || b == NULL) {
        return false;
    }
    int c = kb_semver_cmp(version_of(a), version_of(b));
    *out = (c > 0) - (c < 0);
    return true;
}

static struct kb_cel_val compare_to(struct kb_cel_call *call, const struct kb_cel_val *args,
                                    size_t n)
{
    (void)call, (void)n;
    int c = 0;
    return compare(args, &c) ? kb_cel_int(c) : kb_cel_lib_no_overload();
}

static struct kb_cel_val is_less(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)call, (void)n;
    int c = 0;
    return compare(args, &c) ? kb_cel_bool(c < 0) : kb_cel_lib_no_overload();
}

static struct kb_cel_val is_greater(struct kb_cel_call *call, const struct kb_cel_val *args,
                                    size_t n)
{
    (void)call, (void)n;
    int c = 0;
    return compare(args, &c) ? kb_cel_bool(c > 0) : kb_cel_lib_no_overload();
}

#define V "kubernetes.Semver"

static const struct kb_cel_func funcs[] = {
    {"semver", "(string) -> " V, semver, 0, "a semantic version"},
    {"semver", "(string, bool) -> " V, semver, 0,
     "a semantic version, read leniently where the second argument says so: v1.2 is 1.2.0"},
    {"isSemver", "(string) -> bool", is_semver, 0, "is the text a semantic version?"},
    {"isSemver", "(string, bool) -> bool", is_semver, 0,
     "can the text be read as a semantic version?"},
    {"major", "(" V ") -> int", major_of, KB_CEL_MEMBER, "the first number"},
    {"minor", "(" V ") -> int", minor_of, KB_CEL_MEMBER, "the second number"},
    {"patch", "(" V ") -> int", patch_of, KB_CEL_MEMBER, "the third number"},
    {"isLessThan", "(" V ", " V ") -> bool", is_less, KB_CEL_MEMBER, "is it before the other?"},
    {"isGreaterThan", "(" V ", " V ") -> bool", is_greater, KB_CEL_MEMBER,
     "is it after the other?"},
    {"compareTo", "(" V ", " V ") -> int", compare_to, KB_CEL_MEMBER, "-1, 0 or 1"},
};

KB_CEL_LIBRARY(kb_cel_lib_semver, "semver");
