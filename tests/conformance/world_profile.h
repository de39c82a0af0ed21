/*
 * What a world's params.json says, as a profile.
 */
#ifndef KB_TESTS_CONFORMANCE_WORLD_PROFILE_H
#define KB_TESTS_CONFORMANCE_WORLD_PROFILE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Write the profile into a new file, whose path goes to `path`. */
bool kb_world_profile(const json_t *params, int64_t now_ns, char *path, size_t size);
/* Names of the files in a folder, sorted. New reference. */
json_t *kb_world_files(const char *folder);

#endif
