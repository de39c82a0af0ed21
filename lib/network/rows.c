/*
 * All pairs with one class.
 *
 * What a side admits hangs on which of its rules the peer meets, within blocks that have exceptions also on where
 * its address is, and, where ports have names, on what the destination calls so: on nothing else. So it is kept by
 * side. What the one class's own side admits is laid out for all peers at once where these are many; of the others
 * each side is asked once. All this is of ends with one address of one family; the rest is asked pair by pair.
 */
#include "network/verdict.h"

enum { NO_SIDE = UINT32_MAX };

struct memo {
    uint32_t stamp;
    kb_net_ports ports;
};

struct kb_net_lines {
    uint32_t stamp;                         /* of the question */
    struct memo *memos[KB_NET_DIRECTIONS];  /* by side: what it admits of the one class */
    kb_net_ports *none;                     /* a row without any */
    kb_net_ports *row;                      /* by class: what one side admits */
    const struct kb_net_side *row_side;     /* whose; NULL: nobody's */
    const uint64_t *row_few;                /* whom it can admit at all; NULL: anybody */
    unsigned row_family;
    uint8_t *plain;                         /* by class, as there */
    uint32_t *sides[KB_NET_DIRECTIONS];     /* by class: the number of its side; NO_SIDE: all is admitted */
};

/* One class, and all others. */
struct line {
    struct kb_net_world *world;
    uint32_t one;
    enum kb_net_direction direction; /* of what its own policies are asked */
    struct kb_net_query query;
    unsigned family;                 /* of its one address; 0: it is not plain */
    bool open;                       /* they admit everything */
    const kb_net_ports *row;         /* what they admit, by class; NULL: to be asked */
};

void kb_net_build_lines(struct kb_net_world *world)
{
    world->lines = KB_NEW(&world->arena, struct kb_net_lines);
    for (int d = 0; d < KB_NET_DIRECTIONS; d++) {
        world->lines->memos[d] = KB_NEW_ARRAY(&world->arena, world->side_counts[d] + 1, struct memo);
    }
    size_t n = world->classes.n;
    struct kb_net_lines *lines = world->lines;
    lines->none = KB_NEW_ARRAY(&world->arena, n + 1, kb_net_ports);
    lines->row = KB_NEW_ARRAY(&world->arena, n + 1, kb_net_ports);
    lines->plain = KB_NEW_ARRAY(&world->arena, n + 1, uint8_t);
    for (int d = 0; d < KB_NET_DIRECTIONS; d++) {
        lines->sides[d] = KB_NEW_ARRAY(&world->arena, n + 1, uint32_t);
        for (size_t i = 0; i < n; i++) {
            const struct kb_net_class *cls = &world->classes.at[i];
            lines->sides[d][i] = cls->exempt || cls->sides[d]->open ? NO_SIDE : cls->sides[d]->number;
        }
    }
    for (size_t i = 0; i < n; i++) {
        lines->row[i] = lines->none[i] = KB_NET_NO_PORTS;
        lines->plain[i] = world->classes.at[i].plain;
    }
}

/* The peers beside hostNetwork pods of which any is admitted at all; NULL: it may be anybody. */
static const uint64_t *only_few(const struct kb_net_class *cls, enum kb_net_direction direction)
{
    const struct kb_net_side *side = cls->sides[direction];
    return cls->exempt || side->open ? NULL : side->some;
}

static kb_net_ports ask(struct line *line, enum kb_net_direction direction, uint32_t subject, uint32_t peer)
{
    struct kb_net_end end = {.pod = line->world->classes.at[peer].pod};
    line->query.direction = direction;
    return kb_net_ask(&line->query, line->world->classes.at[subject].pod, &end);
}

/* False: there is more to it than that. */
static bool find_meeting(const struct line *line, const struct kb_net_side *side, uint32_t peer,
                         uint32_t destination, struct kb_net_meeting *out)
{
    struct kb_net_query q = {.peer = peer, .families = {line->query.families[0], line->query.families[1]}};
    size_t n = side->tiers[KB_NET_NAMESPACED].n;
    bool within = kb_net_bit(side->within, peer);
    const struct kb_net_class *classes = line->world->classes.at;
    *out = (struct kb_net_meeting){.port_names = side->named ? classes[destination].port_names : 0};
    if (side->tiers[KB_NET_ADMIN].n > 0 || side->tiers[KB_NET_BASELINE].n > 0 || n > KB_NET_WORD) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        const struct kb_net_match *match = side->tiers[KB_NET_NAMESPACED].at[i];
        out->met |= (uint64_t)kb_net_matches_peer(&q, match) << i;
        out->labelled |= (uint64_t)(within && kb_net_bit(match->selected, peer)) << i;
    }
    out->place = within ? classes[peer].places[q.families[1]] : 0;
    return true;
}

static bool recall(const struct kb_net_known *known, const struct kb_net_meeting *meeting, kb_net_ports *out)
{
    for (size_t i = 0; i < known->n; i++) {
        const struct kb_net_meeting *at = &known->meetings[i];
        if (at->met == meeting->met && at->labelled == meeting->labelled && at->place == meeting->place &&
            at->port_names == meeting->port_names) {
            *out = known->ports[i];
            return true;
        }
    }
    return false;
}

/* What the subject's policies admit of the peer; both have one address of the line's family. */
static kb_net_ports answer(struct line *line, enum kb_net_direction direction, uint32_t subject, uint32_t peer)
{
    const struct kb_net_class *cls = &line->world->classes.at[subject];
    const struct kb_net_side *side = cls->sides[direction];
    struct kb_net_meeting meeting;
    kb_net_ports out;
    if (cls->exempt) {
        return KB_NET_ALL_PORTS;
    }
    if (kb_net_settled(side, peer, &out)) {
        return out;
    }
    bool keeps = find_meeting(line, side, peer, direction == KB_NET_INGRESS ? subject : peer, &meeting);
    if (keeps && recall(side->known, &meeting, &out)) {
        return out;
    }
    out = ask(line, direction, subject, peer);
    if (keeps && side->known->n < KB_NET_KNOWN) {
        side->known->meetings[side->known->n] = meeting;
        side->known->ports[side->known->n++] = out;
    }
    return out;
}

/* Of what the other class's side admits of the one: names are looked up on the destination, so that only what leaves
 * for the one class is the same for all of a side. */
static inline kb_net_ports other_way(struct line *line, uint32_t other)
{
    enum kb_net_direction direction = line->direction == KB_NET_INGRESS ? KB_NET_EGRESS : KB_NET_INGRESS;
    struct kb_net_lines *lines = line->world->lines;
    uint32_t number = lines->sides[direction][other];
    if (number == NO_SIDE) {
        return KB_NET_ALL_PORTS;
    }
    struct memo *memo = &lines->memos[direction][number];
    if (memo->stamp == lines->stamp) {
        return memo->ports;
    }
    kb_net_ports ports = answer(line, direction, other, line->one);
    if (direction == KB_NET_EGRESS || !line->world->classes.at[other].sides[direction]->named) {
        *memo = (struct memo){lines->stamp, ports};
    }
    return ports;
}

static inline kb_net_ports pair(struct line *line, uint32_t other)
{
    if (line->family == 0 || line->world->lines->plain[other] != line->family) {
        bool in = line->direction == KB_NET_INGRESS;
        return kb_net_between(line->world, in ? other : line->one, in ? line->one : other);
    }
    kb_net_ports out = line->row != NULL ? line->row[other]
                       : line->open      ? KB_NET_ALL_PORTS
                                         : answer(line, line->direction, line->one, other);
    if (out == KB_NET_NO_PORTS) {
        return out;
    }
    kb_net_ports back = other_way(line, other);
    return out == KB_NET_ALL_PORTS ? back : kb_net_ports_common(&line->world->ports, out, back);
}

static inline void add(struct line *line, kb_net_ports *to, kb_net_ports ports)
{
    if (*to != ports && *to != KB_NET_ALL_PORTS) {
        *to = *to == KB_NET_NO_PORTS ? ports : kb_net_ports_union(&line->world->ports, *to, ports);
    }
}

static void add_members(struct line *line, const uint64_t *set, kb_net_ports ports)
{
    size_t n = line->world->classes.n;
    kb_net_ports *row = line->world->lines->row;
    for (size_t i = kb_net_bits_next(set, 0, n); i < n; i = kb_net_bits_next(set, i + 1, n)) {
        add(line, &row[i], ports);
    }
}

/* Selectors and blocks are kept once, so that rules that say the same have the same sets. */
static bool is_repeated(const struct kb_net_side *side, size_t number)
{
    const struct kb_net_match *const *at = side->tiers[KB_NET_NAMESPACED].at;
    bool found = false;
    for (size_t i = 0; i < number && !found && number <= KB_NET_WORD; i++) {
        found = at[i]->any_peer == at[number]->any_peer && at[i]->selected == at[number]->selected &&
                at[i]->blocks[0] == at[number]->blocks[0] && at[i]->blocks[1] == at[number]->blocks[1] &&
                at[i]->ports == at[number]->ports && at[i]->named_count + at[number]->named_count == 0;
    }
    return found;
}

static void add_match(struct line *line, const struct kb_net_match *match)
{
    kb_net_ports ports = match->ports, *row = line->world->lines->row;
    if (line->direction == KB_NET_INGRESS) {
        ports = kb_net_match_ports(line->world, match, line->world->classes.at[line->one].pod);
    }
    for (size_t i = 0; match->any_peer && i < line->world->classes.n; i++) {
        add(line, &row[i], ports);
    }
    if (!match->any_peer) {
        add_members(line, match->selected, ports);
        add_members(line, match->blocks[line->query.families[1]], ports);
    }
}

/* The row is all "none" but where its side admits somebody. */
static void wipe_row(const struct kb_net_world *world)
{
    struct kb_net_lines *lines = world->lines;
    size_t n = world->classes.n;
    for (size_t i = 0; lines->row_few == NULL && i < n; i++) {
        lines->row[i] = KB_NET_NO_PORTS;
    }
    for (size_t i = kb_net_bits_next(lines->row_few, 0, n); i < n; i = kb_net_bits_next(lines->row_few, i + 1, n)) {
        lines->row[i] = KB_NET_NO_PORTS;
    }
}

/* Lay out what the one class's side admits, where rules of one tier decide. */
static void lay_out(struct line *line, const uint64_t *few)
{
    struct kb_net_world *world = line->world;
    struct kb_net_lines *lines = world->lines;
    const struct kb_net_class *cls = &world->classes.at[line->one];
    const struct kb_net_side *side = cls->sides[line->direction];
    size_t n = world->classes.n;
    if (cls->exempt || side->isolating_count == 0 || side->tiers[KB_NET_ADMIN].n + side->tiers[KB_NET_BASELINE].n > 0 ||
        (side->named && line->direction == KB_NET_EGRESS)) {
        return;
    }
    if (side->named || lines->row_side != side || lines->row_family != cls->plain) {
        wipe_row(world);
        for (size_t i = 0; i < side->tiers[KB_NET_NAMESPACED].n; i++) {
            if (!is_repeated(side, i)) {
                add_match(line, side->tiers[KB_NET_NAMESPACED].at[i]);
            }
        }
        for (size_t i = kb_net_bits_next(side->within, 0, n); i < n; i = kb_net_bits_next(side->within, i + 1, n)) {
            if (world->classes.at[i].plain == cls->plain) {
                lines->row[i] = answer(line, line->direction, line->one, (uint32_t)i);
            }
        }
        lines->row_side = side;
        lines->row_few = few;
        lines->row_family = cls->plain;
    }
    line->row = lines->row;
}

/* Pods of the class's own node reach it, and are reached, above all policies. */
static bool own_node(const struct kb_net_world *world, uint32_t one, size_t host)
{
    const struct kb_net_pod *pod = world->classes.at[one].pod, *other = world->classes.at[host].pod;
    bool own = pod->host_network; /* nothing is known of it alone */
    for (size_t i = 0; i < other->ip_count && !own; i++) {
        own = kb_ip_equal(&other->ips[i], &pod->host_ip);
    }
    return own;
}

static void fill_few(struct line *line, const uint64_t *few, kb_net_ports *out)
{
    struct kb_net_world *world = line->world;
    size_t n = world->classes.n;
    memcpy(out, world->lines->none, n * sizeof *out);
    for (size_t i = kb_net_bits_next(few, 0, n); i < n; i = kb_net_bits_next(few, i + 1, n)) {
        out[i] = pair(line, (uint32_t)i);
    }
    for (size_t i = world->profile->own_node_open ? kb_net_bits_next(world->hosts, 0, n) : n; i < n;
         i = kb_net_bits_next(world->hosts, i + 1, n)) {
        if (own_node(world, line->one, i)) {
            out[i] = pair(line, (uint32_t)i);
        }
    }
}

static void fill(struct kb_net_world *world, uint32_t one, enum kb_net_direction direction, kb_net_ports *out)
{
    const struct kb_net_class *cls = &world->classes.at[one];
    const uint64_t *few = only_few(cls, direction);
    struct line line = {.world = world, .one = one, .direction = direction, .family = cls->plain,
                        .open = cls->exempt || cls->sides[direction]->open,
                        .query = {.world = world, .families = {cls->plain == 4, cls->plain == 6}}};
    if (++world->lines->stamp == 0) { /* around: all that is kept looks new */
        kb_net_build_lines(world);
        world->lines->stamp = 1;
    }
    if (cls->plain != 0) {
        lay_out(&line, few);
    }
    if (few != NULL) {
        fill_few(&line, few, out);
        return;
    }
    for (uint32_t i = 0; i < world->classes.n; i++) {
        out[i] = pair(&line, i);
    }
}

void kb_net_sources(struct kb_net_world *world, uint32_t to_class, kb_net_ports *out)
{
    fill(world, to_class, KB_NET_INGRESS, out);
}

void kb_net_targets(struct kb_net_world *world, uint32_t from_class, kb_net_ports *out)
{
    fill(world, from_class, KB_NET_EGRESS, out);
}
