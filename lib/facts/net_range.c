/* Ranges of addresses as text. */
#include "facts/net_tables.h"
#include "network/space.h"

struct kb_str kb_net_range_text(const struct kb_ip *first, const struct kb_ip *last, struct kb_arena *arena)
{
    struct kb_buf text = {.max = 256};
    unsigned bits = first->family == 4 ? 32 : 128;
    for (unsigned n = 0; n <= bits; n++) {
        struct kb_cidr block = {*first, (uint8_t)n}, masked = kb_cidr_masked(&block);
        struct kb_ip end = kb_net_block_end(&block);
        if (kb_ip_equal(&masked.ip, first) && kb_ip_equal(&end, last)) {
            kb_cidr_format(&block, &text);
            break;
        }
    }
    if (text.n == 0) {
        kb_ip_format(first, &text);
        kb_buf_char(&text, '-');
        kb_ip_format(last, &text);
    }
    struct kb_str copy = kb_arena_copy(arena, kb_buf_view(&text));
    kb_buf_done(&text);
    return copy;
}
