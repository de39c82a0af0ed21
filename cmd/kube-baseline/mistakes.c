/* Mistakes of a user's files, on standard error. */
#include "kube-baseline/mistakes.h"

enum { TEXT_MAX = 1 << 20 };

void kb_tell_mistakes(const struct kb_app *app, struct kb_mistakes *mistakes)
{
    struct kb_buf text;
    kb_buf_init(&text, TEXT_MAX);
    kb_mistakes_sort(mistakes);
    kb_mistakes_print(mistakes, &text);
    struct kb_str rest = kb_buf_view(&text);
    while (rest.n > 0) {
        struct kb_str line = kb_str_split(rest, '\n', &rest);
        kb_complain(app, "%.*s", KB_FMT(line));
    }
    kb_complain(app, "%zu mistake%s in baselines or profile", mistakes->total,
                mistakes->total == 1 ? "" : "s");
    kb_buf_done(&text);
}
