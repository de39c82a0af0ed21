/* An environment and a home of their own, for one test. */
#ifndef KB_TESTS_UNIT_AWS_WORLD_H
#define KB_TESTS_UNIT_AWS_WORLD_H

#include "aws/env.h"

enum { WORLD_VARIABLES = 24 };

struct world {
    char folder[64];
    struct kb_aws_env env;
    struct {
        char name[64], value[256];
    } set[WORLD_VARIABLES];
    size_t n;
};

/* Make the folder; HOME and the two files of AWS are in it. The world must not be moved. */
void world_open(struct world *world);
void world_close(struct world *world); /* takes the files away */
/* Set a variable; NULL takes it away. */
void world_set(struct world *world, const char *name, const char *value);
/* Write a file in the folder. */
void world_file(struct world *world, const char *name, const char *content);

#endif
