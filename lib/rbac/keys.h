/* Keys of the policy's indexes. */
#ifndef KB_RBAC_KEYS_H
#define KB_RBAC_KEYS_H

#include "rbac/policy.h"

enum { KB_RBAC_KEY_ROOM = 256, KB_RBAC_REASON_MAX = 64 << 10 };

struct kb_str kb_rbac_role_key(struct kb_arena *arena, struct kb_str name_space, struct kb_str name);
/* In `room` where it fits, else in the arena. */
struct kb_str kb_rbac_subject_key(const struct kb_rbac_subject *subject, char *room,
                                  struct kb_arena *arena);
/* The bit of a verb that many rules have; of "*" all bits; 0 of any other. */
uint32_t kb_rbac_verb_bit(struct kb_str verb);

#endif
