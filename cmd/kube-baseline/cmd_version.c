/* `version`: what is running here. */
#include <jansson.h>
#include <zstd.h>

#include "kube-baseline/commands.h"
#include "kube-baseline/commit.h"

const char kb_commit[] = KB_COMMIT;

int kb_cmd_version(struct kb_app *app)
{
    kb_printf(app, "kube-baseline %s\n", KB_VERSION);
    if (kb_commit[0] != 0) {
        kb_printf(app, "commit %s\n", kb_commit);
    }
    kb_printf(app, "jansson %s, zstd %s\n", jansson_version_str(), ZSTD_versionString());
    return KUBE_BASELINE_CLEAN;
}
