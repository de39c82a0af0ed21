#include "base/mem.h"
#include "test.h"

KB_TEST(arena, aligns_what_follows_a_text)
{
    struct kb_arena arena = {0};
    for (size_t n = 0; n < 40; n++) {
        struct kb_str text = kb_arena_copy(&arena, (struct kb_str){"0123456789012345678901234567890123456789", n});
        EQ_UINT((uintptr_t)kb_arena_alloc(&arena, 1) % _Alignof(max_align_t), 0);
        EQ_UINT(text.n, n);
        EQ_INT(text.p[n], 0);
    }
    kb_arena_done(&arena);
}

KB_TEST(arena, keeps_what_was_given_until_reset)
{
    struct kb_arena arena = {0};
    struct kb_str first = kb_arena_copy(&arena, KB_STR("first"));
    for (int i = 0; i < 1000; i++) {
        (void)kb_arena_alloc(&arena, 1000);
    }
    EQ_STR(first, "first");
    EQ_STR(kb_arena_printf(&arena, "%d-%s", 7, "x"), "7-x");
    kb_arena_reset(&arena);
    size_t total = arena.total;
    (void)kb_arena_alloc(&arena, 16);
    EQ_UINT(arena.total, total);
    kb_arena_done(&arena);
    kb_arena_done(&arena);
}

KB_TEST(buf, drops_what_is_over_the_maximum_and_says_so)
{
    struct kb_buf buf;
    kb_buf_init(&buf, 8);
    kb_buf_c(&buf, "12345");
    CHECK(!buf.full);
    kb_buf_c(&buf, "6789");
    CHECK(buf.full);
    EQ_STR(kb_buf_view(&buf), "12345");
    kb_buf_clear(&buf);
    kb_buf_c(&buf, "12345678");
    CHECK(!buf.full && buf.n == 8);
    kb_buf_done(&buf);
}

KB_TEST(vec, new_elements_are_zero)
{
    KB_VEC(int) v = {0};
    for (int i = 0; i < 100; i++) {
        int *at = KB_VEC_PUSH(&v);
        EQ_INT(*at, 0);
        *at = i;
    }
    v.n = 50;
    int *again = KB_VEC_PUSH(&v);
    EQ_INT(*again, 0);
    EQ_INT(v.at[49], 49);
    KB_VEC_DONE(&v);
}
