/* The generated table of the baselines' files (embed.cmake). */
#ifndef KB_BASELINE_BUILTIN_H
#define KB_BASELINE_BUILTIN_H

#include "baseline/library.h"

extern const struct kb_library_file kb_builtin_files[];
extern const size_t kb_builtin_count;

#endif
