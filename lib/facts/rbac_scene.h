/* What attack paths need to know of a world (rbac/attack.h). */
#ifndef KB_FACTS_RBAC_SCENE_H
#define KB_FACTS_RBAC_SCENE_H

#include "facts/world.h"
#include "rbac/attack.h"

/* Of a closed world. Arrays are in `arena`, texts are the world's. */
void kb_rbac_scene(const struct kb_world *world, struct kb_arena *arena, struct kb_attack_scene *out);

#endif
