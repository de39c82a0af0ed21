/* The entry point every fuzz target defines: libFuzzer's, so that the same file serves both builds. */
#ifndef KB_TESTS_FUZZ_FUZZ_H
#define KB_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* One input. Returns 0; finds nothing by returning, only by crashing or aborting. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
