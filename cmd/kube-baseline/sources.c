/* Sources from options. */
#include "kube-baseline/sources.h"

struct kb_sources kb_sources_of(const struct kb_app *app)
{
    const struct kb_args *args = &app->args;
    return (struct kb_sources){
        .objects = args->objects.at,
        .object_count = args->objects.n,
        .aws = args->aws.at,
        .aws_count = args->aws.n,
    };
}
