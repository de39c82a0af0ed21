/* The readers of kinds, and the joining of what they took. */
#include "facts/world_kinds.h"

kb_world_take *const kb_world_takes[KB_KIND_COUNT] = {NULL};

void kb_world_models_done(struct kb_world *world)
{
    (void)world;
}

void kb_world_close(struct kb_world *world)
{
    (void)world;
}

static void ignore_answer(void *ctx, const struct kb_aws_answer *answer)
{
    (void)ctx;
    (void)answer;
}

struct kb_aws_sink kb_world_aws_sink(struct kb_world *world)
{
    world->aws_read = true;
    return (struct kb_aws_sink){world, ignore_answer};
}
