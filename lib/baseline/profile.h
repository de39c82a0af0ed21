/*
 * Profiles: which controls are selected, with which parameters, who owns what, and what is
 * accepted.
 */
#ifndef KB_BASELINE_PROFILE_H
#define KB_BASELINE_PROFILE_H

#include "backup/tier.h"
#include "baseline/control.h"
#include "baseline/settings.h"

/* A value set for a control's parameter. */
struct kb_param_value {
    const struct kb_control *control;
    const struct kb_param *param;
    struct kb_cel_val value;
};

/* In a rule, an empty list of globs matches everything. */
struct kb_ownership_rule {
    struct kb_globs controls, namespaces, subjects;
    struct kb_str namespace_label; /* the label that must be there; empty: not asked */
    bool from_label;               /* the owner is the label's value */
    enum kb_owner owner;
};

/* An approval (of a subject) or a waiver (of an object's failure). */
struct kb_exception {
    bool approval;
    struct kb_str id;       /* of a waiver; of an approval "approval of <subject>" where it gives none */
    struct kb_globs controls;
    struct kb_str pattern;  /* glob on the object (waiver) or the subject (approval) */
    bool has_owner;
    enum kb_owner owner;    /* applies only to findings of this owner, where given */
    struct kb_str reason, approver, ticket;
    int64_t created_ns, expires_ns; /* the instants from which it holds, and from which it does not any more */
    struct kb_str created, expires; /* as written */
};

struct kb_profile {
    struct kb_arena arena;
    struct kb_str name;
    struct kb_str file;             /* display name */
    bool *selected;                 /* for each control of the baseline */
    enum kb_severity *severity;     /* likewise */
    struct kb_param_value *params;
    size_t param_count;
    struct kb_cel_val *settings;    /* for each of kb_settings */
    const struct kb_tier *tiers;
    size_t tier_count;
    const struct kb_ownership_rule *ownership;
    size_t ownership_count;
    const struct kb_exception *exceptions; /* approvals, then waivers */
    size_t exception_count;
};

/*
 * Read profile `name`: a path (it has a '/' or ends in ".yaml"), or the name of one in the
 * library's profiles/. What it extends is read first, and it adds to it or overrides it. Mistakes
 * of all files go to `mistakes`; the result is KB_ERR_INVALID then, KB_ERR_NOT_FOUND or KB_ERR_IO
 * where a file is missing (`err` tells). The profile borrows from the baseline.
 */
KB_RES kb_profile_load(struct kb_profile *profile, const struct kb_baseline *baseline,
                       struct kb_str name, struct kb_mistakes *mistakes, struct kb_err *err);
void kb_profile_done(struct kb_profile *profile);

/*
 * The globs ("area/glob") outside of which profile `name` of the library selects no control; they
 * and the texts in them are the arena's. 0: nothing can be said (a file's path, a profile with
 * globs of ids, one with a mistake), and any control may be selected.
 */
size_t kb_profile_reach(const struct kb_library *library, struct kb_str name,
                        struct kb_arena *arena, const struct kb_str **globs);

/* Keep of the selected controls those whose id matches one of `globs` and none of its "!glob"s.
 * Fails with KB_ERR_NOT_FOUND (and a suggestion) where a glob matches no selected control. */
KB_RES kb_profile_filter(struct kb_profile *profile, const struct kb_baseline *baseline,
                         const struct kb_str *globs, size_t n, struct kb_err *err);

/* Every control, with defaults: what `baseline test` uses. */
void kb_profile_default(struct kb_profile *profile, const struct kb_baseline *baseline);

/* Value of a setting by name; KB_CEL_NULL where there is no such setting. */
struct kb_cel_val kb_profile_setting(const struct kb_profile *profile, const char *name);

#endif
