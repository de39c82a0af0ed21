/* `rbac can`: whether a user may do something, in the authorizer's own words. */
#include "base/limits.h"
#include "data/json_write.h"
#include "kube-baseline/baseline.h"
#include "kube-baseline/commands.h"
#include "kube-baseline/rbac_access.h"
#include "kube-baseline/rbac_request.h"
#include "kube-baseline/rbac_view.h"
#include "kube-baseline/whole_file.h"
#include "report/escape.h"

enum { GROUPS_MAX = 1000 };

/* RBAC's answer, or else that of access policies. */
struct can {
    bool yes, not_known; /* not_known: neither yes nor no, and the reason says why */
    bool masters;
    struct kb_str reason;
};

static struct can decide(struct kb_rbac_view *view, const struct kb_rbac_request *request,
                         struct kb_arena *arena)
{
    struct kb_rbac_answer answer;
    struct can can = {.reason = KB_STR("")};
    kb_rbac_authorize(&view->world.rbac.policy, request, &answer);
    can.yes = answer.kind != KB_RBAC_DENIED;
    can.masters = answer.kind == KB_RBAC_PRIVILEGED;
    if (can.yes) {
        can.reason = can.masters ? KB_STR("") : kb_rbac_reason(&answer, arena);
        return can;
    }
    enum kb_access_answer access = kb_rbac_access_answer(view, request, &can.reason);
    can.yes = access == KB_ACCESS_YES;
    can.not_known = access == KB_ACCESS_NOT_KNOWN;
    return can;
}

static void print_answer(struct kb_app *app, const struct can *can)
{
    struct kb_buf text;
    struct kb_str reason =
        can->masters ? KB_STR("the group system:masters: RBAC is not asked") : can->reason;
    kb_buf_init(&text, KB_MAX_RECORD);
    kb_buf_c(&text, can->yes ? "yes" : can->not_known ? "not known" : "no");
    kb_buf_c(&text, reason.n > 0 ? " - " : "");
    kb_escape(&text, reason, KB_ESCAPE_FOREIGN);
    kb_buf_char(&text, '\n');
    kb_print(app, kb_buf_view(&text));
    kb_buf_done(&text);
}

static int answer_one(struct kb_rbac_view *view)
{
    struct kb_app *app = view->app;
    const struct kb_args *args = &app->args;
    struct kb_rbac_request request;
    struct kb_err err = {0};
    struct kb_str name_space =
        args->all_namespaces ? KB_STR("") : kb_rbac_view_namespace(view);
    if (kb_failed(kb_rbac_request_read(&args->words, name_space, &view->arena, &request, &err))) {
        return kb_trouble(app, &err);
    }
    request.user = kb_str_c(args->as_user);
    struct kb_rbac_words groups = kb_rbac_groups_of(request.user, args->as_groups.at,
                                                    args->as_groups.n, &view->arena);
    request.groups = groups.at;
    request.group_count = groups.n;
    struct can can = decide(view, &request, &view->arena);
    print_answer(app, &can);
    return can.yes         ? KUBE_BASELINE_CLEAN
           : can.not_known ? KUBE_BASELINE_UNKNOWN
                           : KUBE_BASELINE_FAILED;
}

/* One line: a SubjectAccessReview, or its spec alone. */
static KB_RES read_review(const json_t *json, struct kb_arena *arena, struct kb_rbac_request *out,
                          struct kb_err *err)
{
    static const struct {
        const char *key;
        size_t offset;
    } members[] = {
        {"verb", offsetof(struct kb_rbac_request, verb)},
        {"group", offsetof(struct kb_rbac_request, group)},
        {"resource", offsetof(struct kb_rbac_request, resource)},
        {"subresource", offsetof(struct kb_rbac_request, subresource)},
        {"namespace", offsetof(struct kb_rbac_request, name_space)},
        {"name", offsetof(struct kb_rbac_request, name)},
        {"path", offsetof(struct kb_rbac_request, path)},
    };
    const json_t *spec = kb_json_object(json, "spec");
    spec = spec != NULL ? spec : json;
    const json_t *path = kb_json_object(spec, "nonResourceAttributes");
    const json_t *attributes = path != NULL ? path : kb_json_object(spec, "resourceAttributes");
    const json_t *list = kb_json_array(spec, "groups");
    struct kb_str given[GROUPS_MAX];
    size_t n = json_array_size(list);
    *out = (struct kb_rbac_request){.path_request = path != NULL};
    KB_ENSURE(attributes != NULL, err, KB_ERR_INVALID,
              "neither resourceAttributes nor nonResourceAttributes");
    KB_ENSURE(n <= GROUPS_MAX, err, KB_ERR_LIMIT, "more than %d groups", GROUPS_MAX);
    (void)kb_json_str(spec, "user", &out->user);
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        struct kb_str *at = (struct kb_str *)(void *)((char *)out + members[i].offset);
        (void)kb_json_str(attributes, members[i].key, at);
    }
    for (size_t i = 0; i < n; i++) {
        given[i] = kb_json_view(json_array_get(list, i));
    }
    struct kb_rbac_words groups = kb_rbac_groups_of(out->user, given, n, arena);
    out->groups = groups.at;
    out->group_count = groups.n;
    return KB_SUCCESS;
}

/* The review's status, as the API server would fill it in. */
static void print_status(struct kb_app *app, const struct can *can, const struct kb_err *err)
{
    struct kb_buf text;
    struct kb_jsonw w;
    kb_buf_init(&text, KB_MAX_RECORD);
    kb_jsonw_init(&w, kb_sink_of(&text), false);
    kb_jsonw_object(&w);
    kb_jsonw_member_bool(&w, "allowed", err == NULL && can->yes);
    if (err != NULL) {
        kb_jsonw_member_c(&w, "evaluationError", err->msg);
    } else if (can->not_known) {
        kb_jsonw_member_str(&w, "evaluationError", can->reason);
    } else {
        kb_jsonw_member_str(&w, "reason", can->reason);
    }
    kb_jsonw_end(&w);
    kb_res res = kb_jsonw_finish(&w, NULL);
    (void)res;
    kb_buf_char(&text, '\n');
    kb_print(app, kb_buf_view(&text));
    kb_buf_done(&text);
}

static bool answer_line(struct kb_rbac_view *view, struct kb_str line)
{
    struct kb_rbac_request request;
    struct can can = {.reason = KB_STR("")};
    struct kb_err err = {0};
    struct kb_arena arena = {0};
    KB_AUTO(kb_json_done) json_t *json = NULL;
    kb_res res = kb_json_parse(NULL, line, 0, &json, &err);
    if (!kb_failed(res)) {
        res = read_review(json, &arena, &request, &err);
    }
    if (!kb_failed(res)) {
        can = decide(view, &request, &arena);
    }
    print_status(view->app, &can, kb_failed(res) ? &err : NULL);
    kb_arena_done(&arena);
    return !kb_failed(res) && !can.not_known;
}

static int answer_lines(struct kb_rbac_view *view)
{
    struct kb_app *app = view->app;
    struct kb_err err = {0};
    struct kb_buf text;
    int status = KUBE_BASELINE_CLEAN;
    kb_buf_init(&text, KB_MAX_JSON_FILE);
    kb_res res = kb_whole_file(kb_str_c(app->args.requests), &text, &err);
    struct kb_str rest = kb_buf_view(&text);
    while (!kb_failed(res) && rest.n > 0) {
        struct kb_str line = kb_str_trim(kb_str_split(rest, '\n', &rest));
        if (line.n > 0 && !answer_line(view, line)) {
            status = KUBE_BASELINE_UNKNOWN;
        }
    }
    kb_buf_done(&text);
    return kb_failed(res) ? kb_trouble(app, &err) : status;
}

int kb_cmd_rbac_can(struct kb_app *app)
{
    struct kb_rbac_view view;
    bool lines = app->args.requests != NULL;
    if (lines != (app->args.words.n == 0)) {
        return kb_usage(app, "name VERB and RESOURCE, or a file of --requests");
    }
    if (!lines && (app->args.words.n < 2 || app->args.as_user == NULL)) {
        return kb_usage(app, app->args.as_user == NULL ? "whom is this about? --as USER"
                                                       : "name VERB and RESOURCE");
    }
    int status = kb_rbac_view_open(&view, app, KB_RBAC_VIEW_ABOUT_AS);
    if (status == KUBE_BASELINE_CLEAN) {
        status = kb_rbac_view_end(&view, lines ? answer_lines(&view) : answer_one(&view));
    }
    kb_rbac_view_done(&view);
    return status;
}
