/* `network fix`: policies that mend what controls found. */
#include "data/glob.h"
#include "data/yaml_write.h"
#include "kube-baseline/baseline.h"
#include "kube-baseline/commands.h"
#include "kube-baseline/listing.h"
#include "kube-baseline/network_view.h"
#include "kube-baseline/values.h"
#include "run/baselines.h"
#include "run/net_mend.h"

static const char *const columns[] = {"control", "object", "mended", "policies", "closes", "opens", "reason", NULL};

enum { FLOWS_MAX = 30, MENDED_MAX = 20 };

struct fix {
    struct kb_network_view view;
    struct kb_baselines baselines;
    struct kb_net_mending mending;
    kb_words controls, objects; /* the arguments, by what they name */
    struct kb_buf text;
};

static bool matches(const kb_words *globs, struct kb_str text)
{
    bool found = globs->n == 0;
    for (size_t i = 0; i < globs->n && !found; i++) {
        found = kb_glob_match(globs->at[i], text);
    }
    return found;
}

/* "Deployment/shop/web" and "Namespace/shop" are of shop; an expectation is of what it is about. */
static struct kb_str space_of(struct kb_str object)
{
    struct kb_str rest, name;
    (void)kb_str_split(object, '/', &rest);
    return rest.p == NULL ? KB_STR("") : kb_str_split(rest, '/', &name);
}

static bool wants_control(const void *ctx, struct kb_str id)
{
    const struct fix *f = ctx;
    return matches(&f->controls, id);
}

static bool wants(const void *ctx, const struct kb_control_result *control, const struct kb_finding *finding)
{
    const struct fix *f = ctx;
    struct kb_str rest;
    (void)control;
    (void)kb_str_split(finding->object, '/', &rest);
    return matches(&f->view.app->args.name_space, space_of(finding->object)) &&
           (matches(&f->objects, finding->object) || (rest.p != NULL && matches(&f->objects, rest)));
}

/* Comments are one line, whatever a name holds. */
static void comment(struct fix *f, const char *before, struct kb_str foreign, const char *after)
{
    kb_buf_c(&f->text, before);
    kb_escape(&f->text, foreign, KB_ESCAPE_FOREIGN);
    kb_buf_c(&f->text, after);
}

static void add_mended(struct fix *f, size_t number)
{
    size_t told = 0, more = 0;
    for (size_t i = 0; i < f->mending.findings.n; i++) {
        const struct kb_net_mend *at = &f->mending.findings.at[i];
        if (at->by != number + 1) {
            continue;
        }
        if (told++ < MENDED_MAX) {
            comment(f, "# mends ", at->control, ": ");
            comment(f, "", at->message, "\n");
        } else {
            more++;
        }
    }
    if (more > 0) {
        kb_buf_printf(&f->text, "# mends %zu more\n", more);
    }
}

static void add_flow(struct fix *f, const struct kb_net_mend_flow *flow, struct kb_str ports)
{
    comment(f, "#   ", flow->from, " -> ");
    comment(f, "", flow->to, ": ");
    kb_buf_str(&f->text, ports);
    if (flow->count > 1) {
        kb_buf_printf(&f->text, " (%llu pairs)", (unsigned long long)flow->count);
    }
    kb_buf_char(&f->text, '\n');
}

static void add_flows(struct fix *f, const struct kb_net_mend *at, bool opened)
{
    size_t told = 0, more = 0;
    for (size_t i = 0; i < at->flows.n; i++) {
        struct kb_str ports = opened ? at->flows.at[i].opened : at->flows.at[i].closed;
        if (ports.n == 0) {
            continue;
        }
        if (told == 0) {
            kb_buf_c(&f->text, opened ? "# opens:\n" : "# closes, of what is open now:\n");
        }
        if (told++ < FLOWS_MAX) {
            add_flow(f, &at->flows.at[i], ports);
        } else {
            more++;
        }
    }
    if (more > 0) {
        kb_buf_printf(&f->text, "#   and %zu more lines\n", more);
    }
    if (told == 0) {
        kb_buf_c(&f->text, opened ? "# opens nothing\n" : "# closes nothing\n");
    }
}

static void add_policies(struct fix *f, const struct kb_net_mend *at)
{
    for (size_t i = 0; i < json_array_size(at->policies); i++) {
        kb_buf_c(&f->text, "---\n");
        kb_yaml_write(json_array_get(at->policies, i), &f->text);
    }
}

static void add_unmended(struct fix *f)
{
    for (size_t i = 0; i < f->mending.findings.n; i++) {
        const struct kb_net_mend *at = &f->mending.findings.at[i];
        if (at->by == 0) {
            comment(f, "# not mended: ", at->control, ": ");
            comment(f, "", at->message, "\n");
            comment(f, "#   ", at->reason, "\n");
        }
    }
}

static void print_yaml(struct fix *f)
{
    kb_buf_init(&f->text, SIZE_MAX / 2);
    for (size_t i = 0; i < f->mending.findings.n; i++) {
        const struct kb_net_mend *at = &f->mending.findings.at[i];
        if (at->policies != NULL) {
            kb_buf_c(&f->text, f->text.n > 0 ? "\n" : "");
            add_mended(f, i);
            add_flows(f, at, false);
            add_flows(f, at, true);
            add_policies(f, at);
        }
    }
    kb_buf_c(&f->text, f->text.n > 0 && f->mending.mended < f->mending.findings.n ? "\n" : "");
    add_unmended(f);
    kb_print(f->view.app, kb_buf_view(&f->text));
    kb_buf_done(&f->text);
}

/* A List, as `kubectl get -o json` has it. */
static void print_json(struct fix *f)
{
    json_t *items = json_array();
    for (size_t i = 0; i < f->mending.findings.n; i++) {
        if (f->mending.findings.at[i].policies != NULL) {
            json_array_extend(items, f->mending.findings.at[i].policies);
        }
    }
    json_t *list = json_pack("{s:s, s:s, s:o}", "apiVersion", "v1", "kind", "List", "items", items);
    struct kb_jsonw w;
    kb_jsonw_init(&w, f->view.app->out.sink, true);
    kb_jsonw_json(&w, list);
    kb_finish_json(f->view.app, &w);
    json_decref(list);
}

static struct kb_str names_of(struct fix *f, const struct kb_net_mend *at)
{
    struct kb_str text = KB_STR("");
    for (size_t i = 0; at != NULL && i < json_array_size(at->policies); i++) {
        const json_t *meta = json_object_get(json_array_get(at->policies, i), "metadata");
        struct kb_str space = kb_json_view(json_object_get(meta, "namespace"));
        struct kb_str name = kb_json_view(json_object_get(meta, "name"));
        text = kb_arena_printf(&f->view.arena, "%.*s%s%.*s/%.*s", KB_FMT(text), i > 0 ? ", " : "", KB_FMT(space),
                               KB_FMT(name));
    }
    return text;
}

static struct kb_str count_text(struct fix *f, const struct kb_net_mend *at, bool opened)
{
    uint64_t n = 0;
    for (size_t i = 0; at != NULL && i < at->flows.n; i++) {
        struct kb_str ports = opened ? at->flows.at[i].opened : at->flows.at[i].closed;
        n += ports.n > 0 ? at->flows.at[i].count : 0;
    }
    return kb_arena_printf(&f->view.arena, "%llu", (unsigned long long)n);
}

static void print_listing(struct fix *f, int status)
{
    struct kb_listing listing;
    kb_listing_init(&listing, columns);
    for (size_t i = 0; i < f->mending.findings.n; i++) {
        const struct kb_net_mend *at = &f->mending.findings.at[i];
        const struct kb_net_mend *by = at->by == 0 ? NULL : &f->mending.findings.at[at->by - 1];
        struct kb_str object = kb_arena_printf(&f->view.arena, "%.*s%s%.*s%s", KB_FMT(at->object),
                                               at->detail.n > 0 ? " (" : "", KB_FMT(at->detail),
                                               at->detail.n > 0 ? ")" : "");
        const struct kb_str cells[] = {
            at->control, object, by == NULL ? KB_STR("no") : KB_STR("yes"), names_of(f, by), count_text(f, by, false),
            count_text(f, by, true), at->reason};
        kb_listing_add(&listing, cells);
    }
    kb_listing_print(f->view.app, &listing, status, "nothing to mend");
    kb_listing_done(&listing);
}

static void print(struct fix *f, int status)
{
    struct kb_app *app = f->view.app;
    if (kb_format_is(app, "text") || kb_format_is(app, "csv")) {
        print_listing(f, status);
    } else if (kb_format_is(app, "json")) {
        print_json(f);
    } else {
        print_yaml(f);
        if (f->mending.findings.n == 0 && status == KUBE_BASELINE_CLEAN) {
            kb_complain(app, "nothing to mend");
        }
    }
}

/* Words with a slash name objects. A control must be one whose failures policies can mend. */
static KB_RES sort_words(struct fix *f, const kb_words *words, struct kb_err *err)
{
    const struct kb_baseline *baseline = &f->baselines.baseline;
    for (size_t i = 0; i < words->n; i++) {
        struct kb_str word = words->at[i];
        if (kb_str_find(word, KB_STR("/"), 0) != SIZE_MAX) {
            *KB_VEC_PUSH(&f->objects) = word;
            continue;
        }
        const struct kb_control *named = kb_baseline_find(baseline, word);
        bool found = false;
        word = named == NULL ? word : named->id;
        for (size_t k = 0; k < baseline->n && !found; k++) {
            struct kb_str id = baseline->controls[k]->id;
            found = kb_glob_match(word, id) && kb_net_mends(id);
        }
        KB_ENSURE(found, err, KB_ERR_USAGE, "policies mend nothing that a control '%.*s' of this profile finds",
                  KB_FMT(word));
        *KB_VEC_PUSH(&f->controls) = word;
    }
    return KB_SUCCESS;
}

static KB_RES load(struct fix *f, struct kb_app *app, struct kb_err *err)
{
    struct kb_mistakes mistakes = {0};
    const struct kb_args *args = &app->args;
    kb_res res = kb_baselines_load(&f->baselines, kb_str_c(args->baseline),
                                   args->profile == NULL ? KB_STR("cluster") : kb_str_c(args->profile), NULL, 0,
                                   &mistakes, err);
    if (mistakes.total > 0) {
        kb_tell_mistakes(app, &mistakes);
    }
    kb_mistakes_done(&mistakes);
    return kb_failed(res) ? res : sort_words(f, &args->words, err);
}

/* Those that could not be judged, each reason once. */
static bool tell_unknown(struct fix *f)
{
    struct kb_map reasons = {0};
    for (size_t i = 0; i < f->mending.unknown.n; i++) {
        struct kb_str reason, id = kb_str_split(f->mending.unknown.at[i], ':', &reason);
        struct kb_map_entry *entry = kb_map_add(&reasons, kb_str_trim(reason), NULL);
        struct kb_str before = kb_str_c(entry->value.ptr);
        struct kb_str all = kb_arena_printf(&f->view.arena, "%.*s%s%.*s", KB_FMT(before), before.n > 0 ? ", " : "",
                                            KB_FMT(id));
        entry->value.ptr = (void *)(uintptr_t)all.p;
    }
    for (size_t i = 0; i < reasons.n; i++) {
        kb_complain(f->view.app, "not known: %s: %.*s", (const char *)reasons.entries[i].value.ptr,
                    KB_FMT(reasons.entries[i].key));
    }
    bool any = reasons.n > 0;
    kb_map_done(&reasons);
    return any;
}

static int mend(struct fix *f, int64_t now_ns)
{
    struct kb_app *app = f->view.app;
    struct kb_err err = {0};
    struct kb_net_mend_options options = {.plan = f->baselines.plan,
                                          .now_ns = now_ns,
                                          .keep = app->args.keep.at,
                                          .keep_count = app->args.keep.n,
                                          .wants_control = wants_control,
                                          .wants = wants,
                                          .ctx = f};
    if (kb_failed(kb_net_mend(&f->view.world, &options, &f->mending, &err))) {
        return kb_trouble(app, &err);
    }
    int status = f->mending.mended < f->mending.findings.n ? KUBE_BASELINE_FAILED : KUBE_BASELINE_CLEAN;
    if (tell_unknown(f) && status == KUBE_BASELINE_CLEAN) {
        status = KUBE_BASELINE_UNKNOWN;
    }
    status = kb_network_view_end(&f->view, status);
    print(f, status);
    return status;
}

int kb_cmd_network_fix(struct kb_app *app)
{
    struct fix f = {.text = {0}};
    struct kb_err err = {0};
    int64_t now_ns = 0;
    kb_res res = kb_value_now(app, &now_ns, NULL, &err);
    if (!kb_failed(res)) {
        res = load(&f, app, &err);
    }
    int status = kb_failed(res) ? kb_trouble(app, &err) : KUBE_BASELINE_CLEAN;
    if (status == KUBE_BASELINE_CLEAN) {
        status = kb_network_view_open_judged(&f.view, app, &f.baselines.profile);
        status = status == KUBE_BASELINE_CLEAN ? mend(&f, now_ns) : status;
        kb_net_mending_done(&f.mending);
        kb_network_view_done(&f.view);
    }
    KB_VEC_DONE(&f.controls);
    KB_VEC_DONE(&f.objects);
    kb_baselines_done(&f.baselines);
    return status;
}
