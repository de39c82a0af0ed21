/* What audit.event compares with what the log showed before. */
#include "facts/audit_event.h"
#include "show.h"
#include "test.h"

/* Rows of one reading, one after the other. */
struct reading {
    struct kb_audit_cache *cache;
    struct kb_arena arena;
};

/* Reads one event; what `column` of it shows is written to `out`. */
static void read_event(struct reading *r, struct kb_str text, const char *column, struct kb_buf *out)
{
    struct kb_event event;
    struct kb_audit_row row;
    struct kb_err err;
    struct kb_audit_origin origin = {.timestamp_ns = KB_EVENT_NO_TIME};
    struct kb_cel_val value = {0};
    OK(kb_event_parse(text, false, &event, &err), &err);
    kb_audit_row_init(&row, &event, &origin, false, r->cache);
    int number = kb_table_column(&kb_table_audit_event, kb_str_c(column));
    CHECK(number >= 0);
    kb_audit_row_ops.get(&row, (unsigned)number, &r->arena, &value);
    kb_buf_clear(out);
    show_value(&value, out);
}

static struct kb_str namespace_event(struct kb_arena *arena, const char *verb, const char *name,
                                     const char *enforce, int code)
{
    return kb_arena_printf(
        arena,
        "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"level\":\"RequestResponse\","
        "\"auditID\":\"a\",\"stage\":\"ResponseComplete\",\"requestURI\":\"/api/v1/namespaces/%s\","
        "\"verb\":\"%s\",\"user\":{\"username\":\"alice\"},\"objectRef\":{\"resource\":\"namespaces\","
        "\"name\":\"%s\",\"apiVersion\":\"v1\"},\"responseStatus\":{\"code\":%d},"
        "\"responseObject\":{\"kind\":\"Namespace\",\"metadata\":{\"name\":\"%s\",\"labels\":"
        "{\"pod-security.kubernetes.io/enforce\":\"%s\"}}},\"annotations\":{}}",
        name, verb, name, code, name, enforce);
}

static void expect(struct reading *r, const char *verb, const char *name, const char *enforce,
                   int code, const char *before)
{
    struct kb_buf out = {.max = 256};
    read_event(r, namespace_event(&r->arena, verb, name, enforce, code), "before.psa_enforce", &out);
    kb_test_str(kb_buf_view(&out), kb_str_c(before), __FILE__, __LINE__);
    kb_buf_done(&out);
}

#define NOT_SHOWN "unknown: not shown before in this log"

KB_TEST(seen, a_change_is_compared_with_what_stood_before)
{
    struct reading r = {.cache = kb_audit_cache_new()};
    expect(&r, "patch", "shop", "restricted", 200, NOT_SHOWN);
    expect(&r, "patch", "shop", "baseline", 200, "restricted");
    expect(&r, "patch", "other", "baseline", 200, NOT_SHOWN);
    expect(&r, "patch", "shop", "privileged", 403, "baseline");
    expect(&r, "patch", "shop", "privileged", 200, "baseline");
    expect(&r, "create", "new", "baseline", 201, "");
    expect(&r, "patch", "new", "baseline", 200, "baseline");
    kb_audit_cache_free(r.cache);
    kb_arena_done(&r.arena);
}

KB_TEST(seen, memory_is_bounded)
{
    struct reading r = {.cache = kb_audit_cache_new()};
    expect(&r, "patch", "first", "restricted", 200, NOT_SHOWN);
    for (int i = 0; i < 9000; i++) {
        struct kb_str name = kb_arena_printf(&r.arena, "n%d", i);
        expect(&r, "create", name.p, "baseline", 201, "");
    }
    expect(&r, "patch", "first", "baseline", 200, NOT_SHOWN);
    expect(&r, "patch", "n8999", "privileged", 200, "baseline");
    kb_audit_cache_free(r.cache);
    kb_arena_done(&r.arena);
}
