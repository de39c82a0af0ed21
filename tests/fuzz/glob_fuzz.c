/* Globs: any pattern compiles or is refused, and is matched within its limits; text without special
 * characters matches itself. The input is a pattern and a name, with a newline between them. */
#include "backup/glob.h"
#include "backup/velero_names.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kb_str name;
    struct kb_str pattern = kb_str_split(kb_fuzz_text(data, size < 4096 ? size : 4096), '\n', &name);
    struct kb_arena arena = {0};
    struct kb_err err = {0};
    const struct kb_gobwas *glob = NULL;
    if (!kb_failed(kb_gobwas_compile(pattern, &arena, &glob, &err))) {
        (void)kb_gobwas_match(glob, name);
        enum kb_gobwas_answer own = kb_gobwas_match(glob, pattern);
        bool plain = true;
        for (size_t i = 0; i < pattern.n; i++) {
            plain = plain && pattern.p[i] != '\0' && strchr("*?[{}\\", pattern.p[i]) == NULL;
        }
        KB_HOLDS(!plain || own == KB_GOBWAS_MATCH || memchr(pattern.p, 0, pattern.n) != NULL);
    }
    (void)kb_velero_is_pattern(pattern);
    (void)!kb_failed(kb_velero_check_pattern(pattern, &err));
    kb_arena_done(&arena);
    return 0;
}
