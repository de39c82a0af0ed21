#include "world.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "test.h"

static const char *get(void *ctx, const char *name)
{
    const struct world *world = ctx;
    for (size_t i = 0; i < world->n; i++) {
        if (strcmp(world->set[i].name, name) == 0) {
            return world->set[i].value;
        }
    }
    return NULL;
}

void world_set(struct world *world, const char *name, const char *value)
{
    size_t i = 0;
    while (i < world->n && strcmp(world->set[i].name, name) != 0) {
        i++;
    }
    if (value == NULL) {
        if (i < world->n) {
            world->set[i] = world->set[--world->n];
        }
        return;
    }
    if (CHECK(i < WORLD_VARIABLES)) {
        (void)snprintf(world->set[i].name, sizeof world->set[i].name, "%s", name);
        (void)snprintf(world->set[i].value, sizeof world->set[i].value, "%s", value);
        world->n += i == world->n;
    }
}

void world_open(struct world *world)
{
    char path[128];
    *world = (struct world){.folder = "/tmp/aws-test-XXXXXX", .env = {get, world}};
    CHECK(mkdtemp(world->folder) != NULL);
    world_set(world, "HOME", world->folder);
    (void)snprintf(path, sizeof path, "%s/config", world->folder);
    world_set(world, "AWS_CONFIG_FILE", path);
    world_set(world, "AWS_SHARED_CREDENTIALS_FILE", "~/credentials");
    world_set(world, "AWS_EC2_METADATA_DISABLED", "true");
}

static int take_away(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st, (void)kind, (void)ftw;
    return remove(path);
}

void world_close(struct world *world)
{
    (void)nftw(world->folder, take_away, 8, FTW_DEPTH | FTW_PHYS);
}

void world_file(struct world *world, const char *name, const char *content)
{
    char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", world->folder, name);
    for (char *slash = strchr(path + strlen(world->folder) + 1, '/'); slash != NULL;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(path, 0700);
        *slash = '/';
    }
    FILE *file = fopen(path, "w");
    if (CHECK(file != NULL)) {
        CHECK(fputs(content, file) >= 0);
        (void)fclose(file);
    }
}
