/*
 * All pairs of classes of a cluster, with exact ports: pairs per second.
 *
 *     build/release/tests/bench/bench_network FOLDER [compare]
 *
 * FOLDER as make_network.py writes it; "compare" asks every pair once more, alone.
 */
#include <dirent.h>
#include <stdio.h>
#include <time.h>

#include "network/reach.h"

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void take_file(struct kb_net_world *world, const char *folder, const char *name)
{
    char path[4096];
    size_t i;
    json_t *item;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    json_t *list = json_load_file(path, 0, NULL);
    json_array_foreach(json_object_get(list, "items"), i, item) {
        (void)kb_net_take(world, item);
    }
    json_decref(list);
}

static void take_folder(struct kb_net_world *world, const char *folder)
{
    DIR *dir = opendir(folder);
    for (struct dirent *at; dir != NULL && (at = readdir(dir)) != NULL;) {
        if (at->d_name[0] != '.') {
            take_file(world, folder, at->d_name);
        }
    }
    if (dir != NULL) {
        closedir(dir);
    }
}

typedef void row_fn(struct kb_net_world *world, uint32_t cls, kb_net_ports *out);

static size_t ask_all(struct kb_net_world *world, row_fn *fn, kb_net_ports *row)
{
    size_t open = 0;
    for (uint32_t one = 0; one < world->classes.n; one++) {
        uint32_t some = 0;
        fn(world, one, row);
        for (size_t i = 0; i < world->classes.n; i++) {
            some += row[i] != KB_NET_NO_PORTS;
        }
        open += some;
    }
    return open;
}

/* Rows and columns say what pairs say. */
static size_t count_wrong(struct kb_net_world *world, kb_net_ports *row)
{
    size_t wrong = 0;
    for (uint32_t one = 0; one < world->classes.n; one++) {
        kb_net_sources(world, one, row);
        for (uint32_t i = 0; i < world->classes.n; i++) {
            wrong += row[i] != kb_net_between(world, i, one);
        }
        kb_net_targets(world, one, row);
        for (uint32_t i = 0; i < world->classes.n; i++) {
            wrong += row[i] != kb_net_between(world, one, i);
        }
    }
    return wrong;
}

int main(int argc, char **argv)
{
    static const char *const profiles[] = {"vpc-cni", "vpc-cni-strict", "kubernetes"};
    for (size_t i = 0; argc > 1 && i < sizeof profiles / sizeof profiles[0]; i++) {
        struct kb_net_world world;
        kb_net_world_init(&world, kb_net_profile_find(kb_str_c(profiles[i])));
        take_folder(&world, argv[1]);
        double begin = seconds();
        kb_net_close(&world);
        double closed = seconds();
        size_t n = world.classes.n;
        kb_net_ports *row = kb_alloc((n + 1) * sizeof *row);
        size_t open = ask_all(&world, kb_net_sources, row);
        double all = seconds() - closed;
        size_t again = ask_all(&world, kb_net_targets, row);
        double back = seconds() - closed - all;
        printf("%-15s %zu pods, %zu policies: closed in %.1f ms; %zu classes, %zu of %zu pairs open, %.1f ms, "
               "%.1f million a second; by source %.1f ms, %zu wrong\n",
               profiles[i], world.pods.n, world.policies.n, (closed - begin) * 1e3, n, open, n * n, all * 1e3,
               (double)(n * n) / all / 1e6, back * 1e3,
               (open != again) + (argc > 2 ? count_wrong(&world, row) : 0));
        kb_free(row);
        kb_net_world_done(&world);
    }
    return argc > 1 ? 0 : 2;
}
