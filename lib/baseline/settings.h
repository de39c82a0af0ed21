/*
 * Settings of a profile: what the fact builders and the controls need to know of a cluster
 * ("settings.breakGlass" in expressions). One table row a setting.
 */
#ifndef KB_BASELINE_SETTINGS_H
#define KB_BASELINE_SETTINGS_H

#include "cel/cel.h"

struct kb_setting {
    const char *name;
    const char *type;       /* CEL type text */
    const char *const *def; /* default: words, NULL-terminated (one for a string; NULL: empty) */
    const char *doc;
};

extern const struct kb_setting kb_settings[];
extern const size_t kb_setting_count;

/* Number of a setting, or -1. */
int kb_setting_find(struct kb_str name);
const char *kb_setting_suggest(struct kb_str name);
/* The default of setting `index`, in the arena. */
struct kb_cel_val kb_setting_default(size_t index, struct kb_arena *arena);

#endif
