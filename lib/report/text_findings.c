/* Findings of one control: equal messages folded into one, with times, places and columns. */
#include "base/map.h"
#include "report/text.h"

enum { SHOWN = 3, INDENT = 4, HANG = 6 };

/* Findings that say the same. */
struct group {
    const struct kb_finding *first;
    uint64_t n;
    int64_t from_ns, to_ns;
};

struct groups {
    KB_VEC(struct group) list;
    struct kb_map by_text; /* message and reason: number of the group + 1 */
    uint64_t findings;
};

static bool wanted(const struct kb_finding *f, enum kb_verdict verdict, enum kb_owner owner,
                   bool folded)
{
    return f->verdict == verdict && (owner == KB_OWNER_COUNT || f->owner == owner) &&
           (folded || f->folded_under.n == 0);
}

static void add(struct groups *groups, const struct kb_finding *f, struct kb_buf *key)
{
    bool is_new;
    kb_buf_clear(key);
    kb_buf_str(key, f->message);
    kb_buf_char(key, 0);
    kb_buf_str(key, f->reason);
    struct kb_map_entry *entry = kb_map_add(&groups->by_text, kb_buf_view(key), &is_new);
    groups->findings++;
    if (is_new) {
        *KB_VEC_PUSH(&groups->list) = (struct group){f, 1, f->time_ns, f->time_ns};
        entry->value.u = groups->list.n;
        return;
    }
    struct group *g = &groups->list.at[entry->value.u - 1];
    g->n++;
    g->from_ns = f->time_ns < g->from_ns ? f->time_ns : g->from_ns;
    g->to_ns = f->time_ns > g->to_ns ? f->time_ns : g->to_ns;
}

static void fold(struct groups *groups, const struct kb_control_result *control,
                 enum kb_verdict verdict, enum kb_owner owner, bool folded)
{
    struct kb_buf key;
    kb_buf_init(&key, SIZE_MAX / 2);
    for (size_t i = 0; i < control->finding_count; i++) {
        if (wanted(&control->findings[i], verdict, owner, folded)) {
            add(groups, &control->findings[i], &key);
        }
    }
    kb_buf_done(&key);
}

/* "audit.log:812" where the locator begins with a line, else "audit.log, stream x, event y". */
static void place(struct kb_paper *paper, const struct kb_evidence *e, const char *lead)
{
    struct kb_buf text;
    struct kb_str rest;
    struct kb_str line = kb_str_trim(kb_str_split(e->locator, ',', &rest));
    kb_buf_init(&text, SIZE_MAX / 2);
    kb_buf_printf(&text, "%s%.*s", lead, KB_FMT(e->source));
    if (kb_str_starts(line, KB_STR("line "))) {
        kb_buf_printf(&text, ":%.*s", KB_FMT(kb_str_sub(line, 5, line.n)));
    } else if (e->locator.n > 0) {
        kb_buf_printf(&text, ", %.*s", KB_FMT(e->locator));
    }
    kb_paper_item(paper, kb_buf_view(&text), 2, HANG);
    if (e->audit_id.n > 0) {
        kb_buf_clear(&text);
        kb_buf_printf(&text, "audit id %.*s", KB_FMT(e->audit_id));
        kb_paper_item(paper, kb_buf_view(&text), 2, HANG);
    }
    kb_buf_done(&text);
}

static void columns(struct kb_paper *paper, const struct kb_finding *f)
{
    struct kb_buf text;
    kb_buf_init(&text, SIZE_MAX / 2);
    for (size_t i = 0; i < f->cell_count; i++) {
        const struct kb_cell *cell = &f->cells[i];
        if (cell->value.kind == KB_CEL_ABSENT) {
            continue;
        }
        kb_buf_clear(&text);
        kb_buf_printf(&text, "%s=", cell->column);
        if (cell->value.kind == KB_CEL_UNKNOWN && cell->value.unknown != NULL) {
            kb_buf_printf(&text, "unknown (%.*s)", KB_FMT(cell->value.unknown->reason));
        } else {
            kb_cel_print(&cell->value, &text);
        }
        kb_paper_item(paper, kb_buf_view(&text), 1, HANG);
    }
    kb_buf_done(&text);
    if (paper->column > 0) {
        kb_paper_line(paper);
    }
}

static void message(struct kb_paper *paper, const struct group *g)
{
    const struct kb_finding *f = g->first;
    kb_paper_to(paper, INDENT);
    kb_paper_printf(paper, "%s ", paper->unicode ? "•" : "-");
    kb_paper_foreign(paper, f->message.n > 0 ? f->message : f->object, HANG);
    if (g->n > 1) {
        kb_paper_style(paper, KB_BOLD);
        kb_paper_printf(paper, "  %s", paper->unicode ? "×" : "x");
        kb_paper_count(paper, g->n);
        kb_paper_style(paper, KB_PLAIN);
    }
    kb_paper_line(paper);
    if (f->reason.n > 0) {
        kb_paper_to(paper, HANG);
        kb_paper_foreign(paper, f->reason, HANG + 2);
        kb_paper_line(paper);
    }
}

static void evidence(struct kb_paper *paper, const struct group *g, bool verbose)
{
    const struct kb_finding *f = g->first;
    size_t shown = verbose && g->n == 1 ? f->evidence_count : f->evidence_count > 0;
    kb_paper_style(paper, KB_DIM);
    kb_paper_to(paper, HANG);
    kb_paper_times(paper, g->from_ns, g->to_ns);
    for (size_t i = 0; i < shown; i++) {
        if (i > 0) {
            kb_paper_line(paper);
        }
        place(paper, &f->evidence[i], g->n > 1 ? "first at " : "");
    }
    if (g->n == 1 && f->evidence_count > shown) {
        kb_paper_printf(paper, " and ");
        kb_paper_plural(paper, f->evidence_count - shown, "more row");
    }
    if (f->waiver.n > 0) {
        struct kb_buf text;
        kb_buf_init(&text, SIZE_MAX / 2);
        kb_buf_printf(&text, "waived by %.*s", KB_FMT(f->waiver));
        kb_paper_item(paper, kb_buf_view(&text), 2, HANG);
        kb_buf_done(&text);
    }
    kb_paper_style(paper, KB_PLAIN);
    kb_paper_line(paper);
}

/* What is not shown, and where it is. */
static void left_out(struct kb_paper *paper, const struct kb_control_result *control,
                     const struct groups *groups, uint64_t shown, bool capped)
{
    if (groups->findings > shown) {
        kb_paper_to(paper, INDENT);
        kb_paper_printf(paper, "%s ", paper->unicode ? "…" : "...");
        kb_paper_count(paper, groups->findings - shown);
        kb_paper_printf(paper, " more in --verbose");
        kb_paper_line(paper);
    }
    if (capped) {
        kb_paper_to(paper, INDENT);
        kb_paper_printf(paper, "%s the first ", paper->unicode ? "…" : "...");
        kb_paper_count(paper, control->finding_count);
        kb_paper_printf(paper, " of ");
        kb_paper_plural(paper, control->findings_total, "finding");
        kb_paper_printf(paper, " are kept; --max-findings keeps more");
        kb_paper_line(paper);
    }
}

void kb_text_findings(struct kb_paper *paper, const struct kb_control_result *control,
                      enum kb_verdict verdict, enum kb_owner owner,
                      const struct kb_report_options *options)
{
    struct groups groups = {0};
    uint64_t shown = 0;
    fold(&groups, control, verdict, owner, options->verbose);
    /* One left over would cost as many lines as saying so. */
    size_t limit = options->verbose || groups.list.n <= SHOWN + 1 ? groups.list.n : SHOWN;
    for (size_t i = 0; i < limit; i++) {
        const struct group *g = &groups.list.at[i];
        message(paper, g);
        evidence(paper, g, options->verbose);
        if (options->verbose) {
            columns(paper, g->first);
        }
        shown += g->n;
    }
    left_out(paper, control, &groups, shown, control->findings_total > control->finding_count);
    KB_VEC_DONE(&groups.list);
    kb_map_done(&groups.by_text);
}
