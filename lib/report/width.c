/* Terminal columns. The tables are coarse blocks: a wrong column moves a line break, nothing else.
 */
#include "report/width.h"

#include "base/utf8.h"

struct range {
    uint32_t first, last;
};

static const struct range zero[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x0610, 0x061A}, {0x064B, 0x065F},
    {0x06D6, 0x06DC}, {0x06DF, 0x06E4}, {0x0730, 0x074A}, {0x0900, 0x0902}, {0x0941, 0x0948},
    {0x0E31, 0x0E31}, {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E}, {0x135D, 0x135F}, {0x1AB0, 0x1AFF},
    {0x1DC0, 0x1DFF}, {0x20D0, 0x20F0}, {0x302A, 0x302D}, {0x3099, 0x309A}, {0xA66F, 0xA672},
    {0xFE20, 0xFE2F},
};
static const struct range wide[] = {
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x23E9, 0x23EC},   {0x25FD, 0x25FE},
    {0x2614, 0x2615},   {0x26A1, 0x26A1},   {0x2705, 0x2705},   {0x274C, 0x274C},
    {0x2E80, 0x303E},   {0x3041, 0x3247},   {0x3250, 0x4DBF},   {0x4E00, 0xA4CF},
    {0xA960, 0xA97C},   {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},
    {0xFF01, 0xFF60},   {0xFFE0, 0xFFE6},   {0x16FE0, 0x18CFF}, {0x1B000, 0x1B2FF},
    {0x1F004, 0x1F004}, {0x1F0CF, 0x1F0CF}, {0x1F18E, 0x1F19A}, {0x1F200, 0x1F320},
    {0x1F32D, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F7E0, 0x1F7EB}, {0x1F90C, 0x1FAFF},
    {0x20000, 0x3FFFD},
};

static bool in(const struct range *table, size_t n, uint32_t cp)
{
    for (size_t i = 0; i < n && cp >= table[i].first; i++) {
        if (cp <= table[i].last) {
            return true;
        }
    }
    return false;
}

static size_t columns_of(uint32_t cp)
{
    if (cp < 0x0300) {
        return 1;
    }
    if (in(zero, sizeof zero / sizeof *zero, cp)) {
        return 0;
    }
    return in(wide, sizeof wide / sizeof *wide, cp) ? 2 : 1;
}

size_t kb_width_fit(struct kb_str s, size_t columns)
{
    size_t used = 0;
    size_t at = 0;
    while (at < s.n) {
        uint32_t cp;
        size_t n = kb_utf8_decode(kb_str_sub(s, at, s.n), &cp);
        used += columns_of(cp);
        if (used > columns) {
            break;
        }
        at += n == 0 ? 1 : n;
    }
    return at;
}

size_t kb_width(struct kb_str s)
{
    size_t used = 0;
    for (size_t at = 0; at < s.n;) {
        uint32_t cp;
        size_t n = kb_utf8_decode(kb_str_sub(s, at, s.n), &cp);
        used += columns_of(cp);
        at += n == 0 ? 1 : n;
    }
    return used;
}
