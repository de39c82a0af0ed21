/*
 * Classes: pods that no policy can tell apart. Of a pod's labels only those count whose keys some selector
 * names, of its ports those whose names some rule has, of its addresses the intervals they lie in.
 */
#include <stdlib.h>

#include "base/limits.h"
#include "network/internal.h"

/* What policies look at. */
struct views {
    struct kb_map keys, port_names, classes, groups, port_lists;
    bool nodes; /* some rule names nodes */
};

static void view_rule(struct views *views, const struct kb_net_rule *rule)
{
    for (size_t i = 0; i < rule->port_count; i++) {
        if (rule->ports[i].name.n > 0) {
            (void)kb_map_add(&views->port_names, rule->ports[i].name, NULL);
        }
    }
    for (size_t i = 0; i < rule->peer_count; i++) {
        views->nodes = views->nodes || rule->peers[i].kind == KB_NET_PEER_NODES;
    }
}

static void view(const struct kb_net_world *world, struct views *views)
{
    for (size_t i = 0; i < world->selects.n; i++) {
        const struct kb_net_select *select = world->selects.entries[i].value.ptr;
        for (size_t j = 0; j < select->selector.n; j++) {
            (void)kb_map_add(&views->keys, select->selector.at[j].key, NULL);
        }
    }
    for (size_t i = 0; i < world->policies.n; i++) {
        for (int d = 0; d < KB_NET_DIRECTIONS; d++) {
            for (size_t j = 0; j < world->policies.at[i]->rules[d].n; j++) {
                view_rule(views, &world->policies.at[i]->rules[d].at[j]);
            }
        }
    }
}

static void cut_addresses(struct kb_net_world *world, const struct views *views)
{
    bool hosts = world->profile->host == KB_NET_HOST_ADDRESS;
    for (size_t i = 0; (hosts || views->nodes) && i < world->nodes.n; i++) {
        for (size_t j = 0; j < world->nodes.at[i].ip_count; j++) {
            kb_net_space_cut_ip(&world->space, &world->nodes.at[i].ips[j]);
        }
    }
    for (size_t i = 0; i < world->pods.n; i++) {
        const struct kb_net_pod *pod = world->pods.at[i];
        for (size_t j = 0; hosts && pod->host_network && j < pod->ip_count; j++) {
            kb_net_space_cut_ip(&world->space, &pod->ips[j]);
        }
    }
    for (size_t i = 0; world->profile->service_addresses && i < world->services.n; i++) {
        kb_net_space_cut_ip(&world->space, &world->services.at[i].ip);
    }
    kb_net_space_close(&world->space);
}

/* EKS enforces nothing on Fargate, hybrid and Windows nodes. */
static bool node_unenforced(const struct kb_net_labels *labels)
{
    struct kb_str type = KB_STR(""), os = KB_STR("");
    (void)kb_net_labels_get(labels, KB_STR("eks.amazonaws.com/compute-type"), &type);
    (void)kb_net_labels_get(labels, KB_STR("kubernetes.io/os"), &os);
    return kb_str_eq_c(type, "fargate") || kb_str_eq_c(type, "hybrid") || kb_str_eq_c(os, "windows");
}

static void mark_unenforced(struct kb_net_world *world)
{
    struct kb_map nodes = {0};
    for (size_t i = 0; i < world->nodes.n; i++) {
        if (node_unenforced(&world->nodes.at[i].labels)) {
            kb_map_set(&nodes, world->nodes.at[i].name, &world->nodes.at[i]);
        }
    }
    for (size_t i = 0; i < world->pods.n; i++) {
        struct kb_net_pod *pod = world->pods.at[i];
        pod->unenforced = world->profile->skips_some_nodes &&
                          (pod->unenforced || kb_map_get(&nodes, pod->node) != NULL);
    }
    kb_map_done(&nodes);
}

static void add_number(struct kb_buf *key, uint32_t number)
{
    kb_buf_add(key, &number, sizeof number);
}

static void add_text(struct kb_buf *key, struct kb_str text)
{
    add_number(key, (uint32_t)text.n);
    kb_buf_str(key, text);
}

/* The name without its last part: what the agent of the VPC CNI keeps rules by. */
static struct kb_str identifier(struct kb_str name)
{
    size_t end = name.n;
    for (size_t i = name.n; i > 0; i--) {
        if (name.p[i - 1] == '-') {
            end = i - 1;
            break;
        }
    }
    return kb_str_sub(name, 0, end);
}

static uint32_t group_of(struct views *views, const struct kb_net_pod *pod)
{
    struct kb_buf key;
    bool is_new;
    kb_buf_init(&key, KB_MAX_RECORD);
    add_number(&key, pod->ns);
    kb_buf_str(&key, identifier(pod->name));
    struct kb_map_entry *entry = kb_map_add(&views->groups, kb_buf_view(&key), &is_new);
    if (is_new) {
        entry->value.u = views->groups.n;
    }
    kb_buf_done(&key);
    return (uint32_t)entry->value.u;
}

static void find_places(const struct kb_net_world *world, const struct kb_net_pod *pod,
                        uint32_t places[2])
{
    places[0] = places[1] = UINT32_MAX;
    for (size_t i = 0; i < pod->ip_count; i++) {
        places[pod->ips[i].family == 6] = (uint32_t)kb_net_space_find(&world->space, &pod->ips[i]);
    }
}

static void add_ports_key(struct views *views, const struct kb_net_pod *pod, struct kb_buf *key)
{
    for (size_t i = 0; i < pod->port_count; i++) {
        if (kb_map_find(&views->port_names, pod->ports[i].name) != NULL) {
            add_text(key, pod->ports[i].name);
            add_number(key, (uint32_t)pod->ports[i].protocol << 16 | pod->ports[i].port);
        }
    }
}

static void class_key(struct views *views, const struct kb_net_pod *pod,
                      const struct kb_net_class *cls, struct kb_buf *key)
{
    kb_buf_clear(key);
    add_number(key, pod->ns);
    add_number(key, (uint32_t)pod->host_network << 1 | (uint32_t)pod->unenforced);
    add_number(key, cls->places[0]);
    add_number(key, cls->places[1]);
    add_number(key, cls->group);
    for (size_t i = 0; i < pod->labels.n; i++) {
        if (kb_map_find(&views->keys, pod->labels.at[i].key) != NULL) {
            add_text(key, pod->labels.at[i].key);
            add_text(key, pod->labels.at[i].value);
        }
    }
    add_number(key, UINT32_MAX); /* no text is so long */
    add_ports_key(views, pod, key);
}

/* The number of the list of ports whose names some rule has. */
static uint32_t port_list(struct views *views, const struct kb_net_pod *pod)
{
    struct kb_buf key;
    bool is_new;
    kb_buf_init(&key, KB_MAX_RECORD);
    add_ports_key(views, pod, &key);
    struct kb_map_entry *entry = kb_map_add(&views->port_lists, kb_buf_view(&key), &is_new);
    if (is_new) {
        entry->value.u = views->port_lists.n;
    }
    kb_buf_done(&key);
    return (uint32_t)entry->value.u;
}

static void classify(struct kb_net_world *world, struct views *views, struct kb_net_pod *pod,
                     struct kb_buf *key)
{
    struct kb_net_class cls = {.pod = pod, .exempt = pod->host_network || pod->unenforced};
    bool is_new;
    find_places(world, pod, cls.places);
    cls.group = world->profile->shared_identifiers ? group_of(views, pod) : 0;
    class_key(views, pod, &cls, key);
    struct kb_map_entry *entry = kb_map_add(&views->classes, kb_buf_view(key), &is_new);
    if (is_new) {
        entry->value.u = world->classes.n;
        cls.port_names = port_list(views, pod);
        *KB_VEC_PUSH(&world->classes) = cls;
    }
    pod->cls = (uint32_t)entry->value.u;
    world->classes.at[pod->cls].pods++;
}

static int by_name(const void *a, const void *b)
{
    const struct kb_net_pod *left = *(struct kb_net_pod *const *)a, *right = *(struct kb_net_pod *const *)b;
    int order = kb_str_cmp(left->name_space, right->name_space);
    return order != 0 ? order : kb_str_cmp(left->name, right->name);
}

/* Classes of one namespace stand together, as the pods are in order. */
static void note_ranges(struct kb_net_world *world)
{
    for (size_t i = 0; i < world->classes.n; i++) {
        struct kb_net_namespace *ns = &world->namespaces.at[world->classes.at[i].pod->ns];
        if (ns->class_end == 0) {
            ns->class_first = (uint32_t)i;
        }
        ns->class_end = (uint32_t)i + 1;
    }
}

static void build_index(struct kb_net_world *world, const struct views *views)
{
    world->peers = world->classes.n + world->space.starts.n;
    world->hosts = KB_NEW_ARRAY(&world->arena, kb_net_words(world->peers), uint64_t);
    kb_net_index_init(&world->pod_index, world->classes.n, &world->arena);
    kb_net_index_init(&world->namespace_labels, world->namespaces.n, &world->arena);
    for (size_t i = 0; i < world->classes.n; i++) {
        kb_net_index_add(&world->pod_index, i, &world->classes.at[i].pod->labels, &views->keys);
        if (world->classes.at[i].pod->host_network) {
            kb_net_bit_set(world->hosts, i);
        }
    }
    for (size_t i = 0; i < world->namespaces.n; i++) {
        kb_net_index_add(&world->namespace_labels, i, &world->namespaces.at[i].labels, NULL);
    }
}

static struct kb_str address_key(const struct kb_ip *ip, char *out)
{
    out[0] = (char)ip->family;
    memcpy(out + 1, ip->bytes, sizeof ip->bytes);
    return (struct kb_str){out, 1 + sizeof ip->bytes};
}

static void index_addresses(struct kb_net_world *world)
{
    char key[1 + sizeof ((struct kb_ip *)0)->bytes];
    for (size_t i = 0; i < world->pods.n; i++) {
        struct kb_net_pod *pod = world->pods.at[i];
        for (size_t j = 0; !pod->finished && !pod->host_network && j < pod->ip_count; j++) {
            kb_map_set(&world->address_pods, address_key(&pod->ips[j], key), pod);
            world->family = world->family == 0 ? pod->ips[0].family : world->family;
        }
    }
}

const struct kb_net_pod *kb_net_find_address(const struct kb_net_world *world,
                                             const struct kb_ip *ip)
{
    char key[1 + sizeof ip->bytes];
    return kb_map_get(&world->address_pods, address_key(ip, key));
}

/* Pods with one address that is no node's: nothing of a node's own pods comes into it. */
static void note_plain(struct kb_net_world *world)
{
    char key[1 + sizeof ((struct kb_ip *)0)->bytes];
    struct kb_map nodes = {0};
    for (size_t i = 0; i < world->pods.n; i++) {
        if (world->pods.at[i]->host_ip.family != 0) {
            (void)kb_map_add(&nodes, address_key(&world->pods.at[i]->host_ip, key), NULL);
        }
    }
    for (size_t i = 0; i < world->classes.n; i++) {
        const struct kb_net_pod *pod = world->classes.at[i].pod;
        bool plain = pod->ip_count == 1 && !pod->host_network &&
                     kb_map_find(&nodes, address_key(&pod->ips[0], key)) == NULL;
        world->classes.at[i].plain = plain ? pod->ips[0].family : 0;
    }
    kb_map_done(&nodes);
}

void kb_net_build_classes(struct kb_net_world *world)
{
    struct views views = {0};
    struct kb_buf key;
    kb_buf_init(&key, KB_MAX_RECORD);
    view(world, &views);
    mark_unenforced(world);
    cut_addresses(world, &views);
    if (world->pods.n > 1) {
        qsort(world->pods.at, world->pods.n, sizeof(struct kb_net_pod *), by_name);
    }
    for (size_t i = 0; i < world->pods.n; i++) {
        if (!world->pods.at[i]->finished) {
            classify(world, &views, world->pods.at[i], &key);
        }
    }
    note_ranges(world);
    build_index(world, &views);
    index_addresses(world);
    note_plain(world);
    kb_buf_done(&key);
    kb_map_done(&views.keys);
    kb_map_done(&views.port_names);
    kb_map_done(&views.classes);
    kb_map_done(&views.groups);
    kb_map_done(&views.port_lists);
}
