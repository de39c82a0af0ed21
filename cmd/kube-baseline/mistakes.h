/* Telling the mistakes of a user's baselines and profiles. */
#ifndef KB_CMD_MISTAKES_H
#define KB_CMD_MISTAKES_H

#include "baseline/mistakes.h"
#include "kube-baseline/app.h"

/* All that are kept, in order of place, on standard error, and how many there are. */
void kb_tell_mistakes(const struct kb_app *app, struct kb_mistakes *mistakes);

#endif
