/* What the `baseline` commands share. */
#ifndef KB_CMD_BASELINE_H
#define KB_CMD_BASELINE_H

#include "baseline/control.h"
#include "data/json_write.h"
#include "kube-baseline/app.h"
#include "report/escape.h"
#include "report/grid.h"

struct kb_loaded {
    struct kb_library folder;         /* where a folder was read */
    const struct kb_library *library; /* the executable's, or &folder */
    struct kb_baseline baseline;
};

/* Library and controls of folder `dir`, or of the executable where it is empty. Tells every
 * mistake; the exit status is KUBE_BASELINE_CLEAN where there is none. Freed with kb_loaded_done,
 * also after a failure. */
int kb_load_baseline(const struct kb_app *app, struct kb_loaded *loaded, struct kb_str dir);
void kb_loaded_done(struct kb_loaded *loaded);

/* Print every mistake on standard error. */
void kb_tell_mistakes(const struct kb_app *app, const struct kb_mistakes *mistakes);
/* "no control 'x' (did you mean …?)"; the exit status. */
int kb_no_control(const struct kb_app *app, const struct kb_baseline *baseline, struct kb_str id);
int kb_no_table(const struct kb_app *app, struct kb_str name);
/* Whether -o of a command with a choice of formats is `name`. */
bool kb_format_is(const struct kb_app *app, const char *name);
/* Close the document and keep a failure for main to tell. */
void kb_finish_json(struct kb_app *app, struct kb_jsonw *w);
void kb_print_grid(struct kb_app *app, const struct kb_grid *grid);

#endif
