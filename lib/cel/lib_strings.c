/* Strings beyond the standard functions. Positions count code points. */
#include "base/limits.h"
#include "base/utf8.h"
#include "cel/lib.h"

static const struct kb_str none = KB_STR_INIT("");

static struct kb_cel_val out_of_range(struct kb_cel_call *call, int64_t index)
{
    return kb_cel_error(call->arena, "index out of range: %lld", (long long)index);
}

/* Bytes of the character at the front of s (not empty); an invalid byte is one. */
static size_t char_size(struct kb_str s)
{
    uint32_t cp;
    size_t n = kb_utf8_decode(s, &cp);
    return n == 0 ? 1 : n;
}

static struct kb_cel_val char_at(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    struct kb_str s = args[0].s;
    int64_t index = args[1].i;
    int64_t count = (int64_t)kb_utf8_count(s);
    if (!kb_cel_lib_spend(call, kb_cel_lib_bytes(s.n))) {
        return kb_cel_lib_overspent();
    }
    if (index < 0 || index > count) {
        return out_of_range(call, index);
    }
    struct kb_str rest = kb_str_sub(s, kb_utf8_offset(s, (size_t)index), s.n);
    return kb_cel_string(rest.n == 0 ? rest : kb_str_sub(rest, 0, char_size(rest)));
}

static struct kb_cel_val index_of(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    struct kb_str s = args[0].s;
    struct kb_str what = args[1].s;
    int64_t from = n > 2 ? args[2].i : 0;
    int64_t count = (int64_t)kb_utf8_count(s);
    if (!kb_cel_lib_spend(call, kb_cel_lib_bytes(s.n))) {
        return kb_cel_lib_overspent();
    }
    if (from < 0 || from > count) {
        return out_of_range(call, from);
    }
    if (what.n == 0 || from == count) {
        return kb_cel_int(what.n > 0 ? -1 : from);
    }
    size_t hit = kb_str_find(s, what, kb_utf8_offset(s, (size_t)from));
    return kb_cel_int(hit == SIZE_MAX ? -1 : (int64_t)kb_utf8_count(kb_str_sub(s, 0, hit)));
}

/* Offset of the last `what` that begins at or before `from`, or SIZE_MAX. */
static size_t find_last(struct kb_cel_call *call, struct kb_str s, struct kb_str what, size_t from)
{
    size_t hit = SIZE_MAX;
    for (size_t at = 0; kb_cel_lib_spend(call, kb_cel_lib_bytes(what.n)); at = hit + 1) {
        size_t next = kb_str_find(s, what, at);
        if (next == SIZE_MAX || next > from) {
            break;
        }
        hit = next;
    }
    return hit;
}

static struct kb_cel_val last_index_of(struct kb_cel_call *call, const struct kb_cel_val *args,
                                       size_t n)
{
    struct kb_str s = args[0].s;
    struct kb_str what = args[1].s;
    int64_t count = (int64_t)kb_utf8_count(s);
    int64_t from = n > 2 ? args[2].i : count;
    if (!kb_cel_lib_spend(call, kb_cel_lib_bytes(s.n))) {
        return kb_cel_lib_overspent();
    }
    if (from < 0 || from > count) {
        return out_of_range(call, from);
    }
    if (what.n == 0) {
        return kb_cel_int(from);
    }
    size_t hit = find_last(call, s, what, kb_utf8_offset(s, (size_t)from));
    if (call->cost > call->cost_max) {
        return kb_cel_lib_overspent();
    }
    return kb_cel_int(hit == SIZE_MAX ? -1 : (int64_t)kb_utf8_count(kb_str_sub(s, 0, hit)));
}

static struct kb_cel_val substring(struct kb_cel_call *call, const struct kb_cel_val *args,
                                   size_t n)
{
    struct kb_str s = args[0].s;
    int64_t count = (int64_t)kb_utf8_count(s);
    int64_t start = args[1].i;
    int64_t end = n > 2 ? args[2].i : count;
    if (!kb_cel_lib_spend(call, kb_cel_lib_bytes(s.n))) {
        return kb_cel_lib_overspent();
    }
    if (n > 2 && start > end) {
        return kb_cel_error(call->arena, "invalid substring range. start: %lld, end: %lld",
                            (long long)start, (long long)end);
    }
    if (start < 0 || start > count) {
        return out_of_range(call, start);
    }
    if (end < 0 || end > count) {
        return out_of_range(call, end);
    }
    return kb_cel_string(
        kb_str_sub(s, kb_utf8_offset(s, (size_t)start), kb_utf8_offset(s, (size_t)end)));
}

/* Where the next `what` begins in s at or after `from`; an empty one stands before every character
 * and at the end. */
static size_t next_hit(struct kb_str s, struct kb_str what, size_t from, bool first)
{
    if (what.n > 0) {
        return kb_str_find(s, what, from);
    }
    if (first) {
        return from;
    }
    return from >= s.n ? SIZE_MAX : from + char_size(kb_str_sub(s, from, s.n));
}

static struct kb_cel_val replace(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    struct kb_str s = args[0].s;
    struct kb_str what = args[1].s;
    struct kb_str with = args[2].s;
    int64_t left = n > 3 ? args[3].i : -1;
    struct kb_buf out = {.max = KB_MAX_CEL_STRING};
    size_t copied = 0;
    size_t from = 0;
    for (bool first = true; left != 0; first = false, left--) {
        size_t hit = next_hit(s, what, from, first);
        if (hit == SIZE_MAX || !kb_cel_lib_spend(call, kb_cel_lib_bytes(hit - copied + with.n))) {
            break;
        }
        kb_buf_str(&out, kb_str_sub(s, copied, hit));
        kb_buf_str(&out, with);
        copied = hit + what.n;
        from = copied;
    }
    kb_buf_str(&out, kb_str_sub(s, copied, s.n));
    if (!kb_cel_lib_spend(call, kb_cel_lib_bytes(s.n - copied))) {
        kb_buf_done(&out);
        return kb_cel_lib_overspent();
    }
    return kb_cel_lib_text(call, &out);
}

/* How many parts `split` makes, at most `limit`. */
static size_t count_parts(struct kb_str s, struct kb_str by, size_t limit)
{
    size_t parts = by.n > 0;
    size_t at = 0;
    if (by.n == 0) {
        size_t chars = kb_utf8_count(s);
        return chars < limit ? chars : limit;
    }
    while (parts < limit && (at = kb_str_find(s, by, at)) != SIZE_MAX) {
        at += by.n;
        parts++;
    }
    return parts;
}

static struct kb_cel_val split(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    struct kb_str s = args[0].s;
    struct kb_str by = args[1].s;
    int64_t limit = n > 2 ? args[2].i : -1;
    if (limit == 0) {
        return kb_cel_lib_list(call, NULL, 0);
    }
    size_t parts = count_parts(s, by, limit < 0 ? SIZE_MAX : (size_t)limit);
    if (!kb_cel_lib_spend(call, parts + kb_cel_lib_bytes(s.n))) {
        return kb_cel_lib_overspent();
    }
    struct kb_cel_val *items = KB_NEW_ARRAY(call->arena, parts, struct kb_cel_val);
    size_t at = 0;
    for (size_t i = 0; i < parts; i++) {
        size_t end = s.n;
        if (i + 1 < parts) {
            end = by.n > 0 ? kb_str_find(s, by, at) : at + char_size(kb_str_sub(s, at, s.n));
        }
        items[i] = kb_cel_string(kb_str_sub(s, at, end));
        at = end + by.n;
    }
    return kb_cel_lib_list(call, items, parts);
}

static struct kb_cel_val join(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    const struct kb_cel_list *list = args[0].list;
    struct kb_str by = n > 1 ? args[1].s : none;
    struct kb_buf out = {.max = KB_MAX_CEL_STRING};
    for (size_t i = 0; i < list->n; i++) {
        const struct kb_cel_val *item = &list->items[i];
        bool affordable = kb_cel_lib_spend(call, kb_cel_lib_bytes(by.n + item->s.n));
        if (item->kind != KB_CEL_STRING || !affordable) {
            kb_buf_done(&out);
            KB_AUTO(kb_buf_done) struct kb_buf text = {.max = 200};
            kb_cel_print(item, &text);
            return affordable ? kb_cel_error(call->arena, "join: invalid input: %.*s",
                                             KB_FMT(kb_buf_view(&text)))
                              : kb_cel_lib_overspent();
        }
        kb_buf_str(&out, i == 0 ? none : by);
        kb_buf_str(&out, item->s);
    }
    return kb_cel_lib_text(call, &out);
}

static struct kb_cel_val change_case(struct kb_cel_call *call, struct kb_str s, char from)
{
    if (!kb_cel_lib_spend(call, kb_cel_lib_bytes(s.n))) {
        return kb_cel_lib_overspent();
    }
    char *out = kb_arena_alloc(call->arena, s.n + 1);
    for (size_t i = 0; i < s.n; i++) {
        bool changes = s.p[i] >= from && s.p[i] < from + 26;
        out[i] = (char)(changes ? s.p[i] ^ 0x20 : s.p[i]);
    }
    return kb_cel_string((struct kb_str){out, s.n});
}

static struct kb_cel_val lower_ascii(struct kb_cel_call *call, const struct kb_cel_val *args,
                                     size_t n)
{
    (void)n;
    return change_case(call, args[0].s, 'A');
}

static struct kb_cel_val upper_ascii(struct kb_cel_call *call, const struct kb_cel_val *args,
                                     size_t n)
{
    (void)n;
    return change_case(call, args[0].s, 'a');
}

/* White space of Unicode. */
static bool is_space(uint32_t cp)
{
    return (cp >= '\t' && cp <= '\r') || cp == ' ' || cp == 0x85 || cp == 0xA0 || cp == 0x1680 ||
           (cp >= 0x2000 && cp <= 0x200A) || cp == 0x2028 || cp == 0x2029 || cp == 0x202F ||
           cp == 0x205F || cp == 0x3000;
}

static struct kb_cel_val trim(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    struct kb_str s = args[0].s;
    size_t from = SIZE_MAX;
    size_t to = 0;
    for (size_t at = 0; at < s.n;) {
        uint32_t cp;
        size_t size = kb_utf8_decode(kb_str_sub(s, at, s.n), &cp);
        size = size == 0 ? 1 : size;
        if (!is_space(cp)) {
            from = from == SIZE_MAX ? at : from;
            to = at + size;
        }
        at += size;
    }
    if (!kb_cel_lib_spend(call, kb_cel_lib_bytes(s.n))) {
        return kb_cel_lib_overspent();
    }
    return kb_cel_string(from == SIZE_MAX ? none : kb_str_sub(s, from, to));
}

static struct kb_cel_val reverse(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    struct kb_str s = args[0].s;
    if (!kb_cel_lib_spend(call, kb_cel_lib_bytes(s.n))) {
        return kb_cel_lib_overspent();
    }
    char *out = kb_arena_alloc(call->arena, s.n + 1);
    for (size_t at = 0; at < s.n;) {
        size_t size = char_size(kb_str_sub(s, at, s.n));
        memcpy(out + s.n - at - size, s.p + at, size);
        at += size;
    }
    return kb_cel_string((struct kb_str){out, s.n});
}

static struct kb_cel_val quote(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    static const char plain[] = "\a\b\f\n\r\t\v\\\"";
    static const char letter[] = "abfnrtv\\\"";
    struct kb_str s = args[0].s;
    struct kb_buf out = {.max = KB_MAX_CEL_STRING};
    if (!kb_cel_lib_spend(call, kb_cel_lib_bytes(s.n))) {
        return kb_cel_lib_overspent();
    }
    kb_buf_char(&out, '"');
    while (s.n > 0) {
        uint32_t cp;
        size_t size = kb_utf8_decode(s, &cp);
        const char *escape = cp != 0 && cp < 0x80 ? strchr(plain, (int)cp) : NULL;
        if (escape != NULL) {
            kb_buf_char(&out, '\\');
            kb_buf_char(&out, letter[escape - plain]);
        } else {
            kb_utf8_add(&out, cp);
        }
        s = kb_str_sub(s, size == 0 ? 1 : size, s.n);
    }
    kb_buf_char(&out, '"');
    return kb_cel_lib_text(call, &out);
}

static struct kb_cel_val format(struct kb_cel_call *call, const struct kb_cel_val *args, size_t n)
{
    (void)n;
    struct kb_buf out = {.max = KB_MAX_CEL_STRING};
    struct kb_err err;
    if (kb_failed(kb_cel_lib_format(args[0].s, args[1].list, &out, &err))) {
        kb_buf_done(&out);
        return kb_cel_lib_failed(call, &err);
    }
    if (!kb_cel_lib_spend(call, kb_cel_lib_bytes(args[0].s.n + out.n))) {
        kb_buf_done(&out);
        return kb_cel_lib_overspent();
    }
    return kb_cel_lib_text(call, &out);
}

static const struct kb_cel_func funcs[] = {
    {"charAt", "(string, int) -> string", char_at, KB_CEL_MEMBER, "The character at a position."},
    {"indexOf", "(string, string) -> int", index_of, KB_CEL_MEMBER,
     "Position of the first occurrence, or -1."},
    {"indexOf", "(string, string, int) -> int", index_of, KB_CEL_MEMBER,
     "Position of the first occurrence at or after a position, or -1."},
    {"lastIndexOf", "(string, string) -> int", last_index_of, KB_CEL_MEMBER,
     "Position of the last occurrence, or -1."},
    {"lastIndexOf", "(string, string, int) -> int", last_index_of, KB_CEL_MEMBER,
     "Position of the last occurrence at or before a position, or -1."},
    {"substring", "(string, int) -> string", substring, KB_CEL_MEMBER,
     "The text from a position on."},
    {"substring", "(string, int, int) -> string", substring, KB_CEL_MEMBER,
     "The text from a position up to another."},
    {"replace", "(string, string, string) -> string", replace, KB_CEL_MEMBER,
     "All occurrences of a text replaced by another."},
    {"replace", "(string, string, string, int) -> string", replace, KB_CEL_MEMBER,
     "The first occurrences of a text replaced by another; -1 replaces all."},
    {"split", "(string, string) -> list(string)", split, KB_CEL_MEMBER,
     "The parts between separators."},
    {"split", "(string, string, int) -> list(string)", split, KB_CEL_MEMBER,
     "At most so many parts between separators; -1 for all."},
    {"join", "(list(string)) -> string", join, KB_CEL_MEMBER, "All texts in one."},
    {"join", "(list(string), string) -> string", join, KB_CEL_MEMBER,
     "All texts in one, with a separator."},
    {"lowerAscii", "(string) -> string", lower_ascii, KB_CEL_MEMBER, "A-Z in lower case."},
    {"upperAscii", "(string) -> string", upper_ascii, KB_CEL_MEMBER, "a-z in upper case."},
    {"trim", "(string) -> string", trim, KB_CEL_MEMBER, "Without white space at both ends."},
    {"reverse", "(string) -> string", reverse, KB_CEL_MEMBER, "The characters from last to first."},
    {"strings.quote", "(string) -> string", quote, 0, "The text in double quotes, with escapes."},
    {"format", "(string, list(dyn)) -> string", format, KB_CEL_MEMBER,
     "The text with %s %d %f %e %b %o %x %X filled in."},
};

KB_CEL_LIBRARY(kb_cel_lib_strings, "strings");
