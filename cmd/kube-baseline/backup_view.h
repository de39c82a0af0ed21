/* What the `backup` commands share: a cluster's backups, read and joined. */
#ifndef KB_CMD_BACKUP_VIEW_H
#define KB_CMD_BACKUP_VIEW_H

#include "facts/world.h"
#include "kube-baseline/listing.h"
#include "kube-baseline/sources.h"
#include "run/baselines.h"

struct kb_backup_view {
    struct kb_app *app;
    struct kb_world world;
    struct kb_gathered gathered;
    struct kb_named_sources named;
    struct kb_baselines baselines; /* for the profile's settings and tiers */
    bool loaded;
    struct kb_arena arena; /* for what a command makes */
};

/* Read what the options name. Exit status; freed with kb_backup_view_done also after a failure. */
int kb_backup_view_open(struct kb_backup_view *view, struct kb_app *app);
void kb_backup_view_done(struct kb_backup_view *view);
/* Tell on standard error what was not read whole. Exit status: `status`, or KUBE_BASELINE_UNKNOWN. */
int kb_backup_view_end(struct kb_backup_view *view, int status);

/* Cells; texts in view->arena. "" for KB_BACKUP_NO_TIME. */
struct kb_str kb_backup_when(struct kb_backup_view *view, int64_t ns);
/* "26h30m", "12d4h"; "" for less than nothing. */
struct kb_str kb_backup_span(struct kb_backup_view *view, int64_t ns);
/* "yes", "no", "unknown". */
struct kb_str kb_backup_tri(enum kb_tri tri);

#endif
