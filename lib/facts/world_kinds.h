/*
 * Which reader takes the objects of which kind into the world, beside the cluster's own.
 */
#ifndef KB_FACTS_WORLD_KINDS_H
#define KB_FACTS_WORLD_KINDS_H

#include "facts/world.h"

/* Take what facts need of the object; it is gone after the call. What is malformed is kept as such, so
 * that the rows that stand on it are unknown. */
typedef void kb_world_take(struct kb_world *world, const struct kb_object *object);

extern kb_world_take *const kb_world_takes[KB_KIND_COUNT];

/* Free what models own outside the world's arena. */
void kb_world_models_done(struct kb_world *world);

#endif
