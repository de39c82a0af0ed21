#include "base/map.h"

#include <stdio.h>

#include "test.h"

KB_TEST(map, finds_what_was_set)
{
    struct kb_map map = {0};
    char key[16];
    for (unsigned i = 0; i < 1000; i++) {
        int n = snprintf(key, sizeof key, "k%u", i);
        kb_map_add(&map, (struct kb_str){key, (size_t)n}, NULL)->value.u = i;
    }
    EQ_UINT(map.n, 1000);
    EQ_UINT(kb_map_find(&map, KB_STR("k777"))->value.u, 777);
    CHECK(kb_map_find(&map, KB_STR("k1000")) == NULL);
    EQ_STR(map.entries[3].key, "k3");
    kb_map_clear(&map);
    CHECK(kb_map_find(&map, KB_STR("k777")) == NULL);
    kb_map_done(&map);
    kb_map_done(&map);
}

KB_TEST(map, interns_equal_text_once)
{
    struct kb_map map = {0};
    char other[] = "pods";
    CHECK(kb_map_intern(&map, KB_STR("pods")).p == kb_map_intern(&map, kb_str_c(other)).p);
    kb_map_done(&map);
}
