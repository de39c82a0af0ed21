/* Worlds from YAML, and answers as text. */
#include "support.h"

#include "data/yaml.h"

enum { TEXT_MAX = 8192 };
static char answer[TEXT_MAX];

static const char *keep(struct kb_buf *text)
{
    size_t n = text->n < TEXT_MAX - 1 ? text->n : TEXT_MAX - 1;
    memcpy(answer, n == 0 ? "" : text->p, n);
    answer[n] = '\0';
    kb_buf_done(text);
    return answer;
}

void take(struct kb_net_world *world, const char *yaml)
{
    struct kb_arena arena = {0};
    struct kb_yaml_docs docs = {0};
    struct kb_err err = {0};
    OK(kb_yaml_parse_all(&arena, NULL, kb_str_c(yaml), &docs, &err), &err);
    for (size_t i = 0; i < docs.n; i++) {
        json_t *json = NULL;
        OK(kb_yaml_to_json(docs.at[i], &json, &err), &err);
        CHECK(kb_net_take(world, json));
        json_decref(json);
    }
    kb_arena_done(&arena);
}

struct kb_net_world world_of(const char *profile, const char *yaml)
{
    struct kb_net_world world;
    kb_net_world_init(&world, profile == NULL ? NULL : kb_net_profile_find(kb_str_c(profile)));
    take(&world, yaml);
    kb_net_close(&world);
    return world;
}

struct kb_net_end end_of(const struct kb_net_world *world, const char *text)
{
    struct kb_str name, name_space = kb_str_split(kb_str_c(text), '/', &name);
    struct kb_ip ip;
    if (name.p != NULL) {
        struct kb_net_end end = kb_net_end_pod(kb_net_find_pod(world, name_space, name));
        CHECK(end.pod != NULL);
        return end;
    }
    struct kb_err err = {0};
    OK(kb_ip_parse(name_space, &ip, &err), &err);
    return kb_net_end_ip(world, &ip);
}

const char *reach(struct kb_net_world *world, const char *from, const char *to)
{
    struct kb_net_end a = end_of(world, from), b = end_of(world, to);
    struct kb_buf text;
    kb_buf_init(&text, TEXT_MAX);
    kb_net_ports_text(&world->ports, kb_net_allowed(world, &a, &b), &text);
    return keep(&text);
}

struct steps {
    struct kb_net_world *world;
    struct kb_buf text;
};

static void add_step(void *ctx, const struct kb_net_step *step)
{
    static const char *const actions[] = {"deny", "accept", "pass"};
    struct steps *steps = ctx;
    struct kb_arena arena = {0};
    kb_buf_printf(&steps->text, "%s%s %s %s ", steps->text.n > 0 ? "; " : "",
                  kb_net_direction_name(step->direction), kb_net_reason_name(step->reason),
                  actions[step->action]);
    kb_net_ports_text(&steps->world->ports, step->ports, &steps->text);
    if (step->policy != NULL) {
        kb_buf_printf(&steps->text, " %.*s", KB_FMT(kb_net_policy_text(step->policy, &arena)));
    }
    if (step->rule != NULL) {
        kb_buf_printf(&steps->text, "[%u]", step->rule->number);
    }
    kb_arena_done(&arena);
}

const char *why(struct kb_net_world *world, const char *from, const char *to)
{
    struct kb_net_end a = end_of(world, from), b = end_of(world, to);
    struct steps steps = {.world = world};
    kb_buf_init(&steps.text, TEXT_MAX);
    EQ_UINT(kb_net_explain(world, &a, &b, add_step, &steps), kb_net_allowed(world, &a, &b));
    return keep(&steps.text);
}

const char *problems(const struct kb_net_world *world)
{
    struct kb_buf text;
    kb_buf_init(&text, TEXT_MAX);
    for (size_t i = 0; i < world->problems.n; i++) {
        const struct kb_net_problem *p = &world->problems.at[i];
        kb_buf_printf(&text, "%.*s %.*s: %.*s\n", KB_FMT(p->object), KB_FMT(p->path), KB_FMT(p->text));
    }
    return keep(&text);
}
