/* `rbac propose`: the smallest roles with which a subject could have done what a log shows, as YAML. */
#include "data/quote.h"
#include "data/time.h"
#include "kube-baseline/commands.h"
#include "kube-baseline/rbac_log.h"
#include "kube-baseline/rbac_subject.h"
#include "rbac/propose.h"

struct propose {
    struct kb_rbac_view view;
    struct kb_rbac_subject subject;
    struct kb_proposal proposal;
    struct kb_buf text;
};

/* Any text of a log or an object, as a YAML scalar: Go's quoting is also YAML's. */
static void add_word(struct propose *p, struct kb_str word)
{
    kb_quote(word, &p->text);
}

static void add_list(struct propose *p, const char *key, struct kb_rbac_words words)
{
    if (words.n == 0) {
        return;
    }
    kb_buf_printf(&p->text, "    %s: [", key);
    for (size_t i = 0; i < words.n; i++) {
        kb_buf_c(&p->text, i > 0 ? ", " : "");
        add_word(p, words.at[i]);
    }
    kb_buf_c(&p->text, "]\n");
}

static void add_rule(struct propose *p, const struct kb_rbac_rule *rule)
{
    size_t from = p->text.n;
    add_list(p, "apiGroups", rule->groups);
    add_list(p, "resources", rule->resources);
    add_list(p, "resourceNames", rule->names);
    add_list(p, "nonResourceURLs", rule->urls);
    add_list(p, "verbs", rule->verbs);
    if (p->text.n > from + 2) {
        memcpy(p->text.p + from + 2, "-", 1);
    }
}

/* A name that an object may have: the subject's, without what names do not hold. */
static struct kb_str role_name(struct propose *p)
{
    struct kb_str name = p->subject.name;
    char *at = kb_arena_alloc(&p->view.arena, name.n + 1);
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool fits = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        at[i] = fits ? c : c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : '-';
    }
    return kb_arena_printf(&p->view.arena, "minimal-%.*s", (int)name.n, at);
}

static void add_meta(struct propose *p, const char *kind, struct kb_str name,
                     const struct kb_proposed_role *role)
{
    kb_buf_printf(&p->text,
                  "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: %s%s\nmetadata:\n  name: ",
                  role->name_space.n == 0 ? "Cluster" : "", kind);
    add_word(p, name);
    if (role->name_space.n > 0) {
        kb_buf_c(&p->text, "\n  namespace: ");
        add_word(p, role->name_space);
    }
    kb_buf_char(&p->text, '\n');
}

static void add_subject(struct propose *p)
{
    kb_buf_printf(&p->text, "subjects:\n- kind: %s\n  name: ", kb_rbac_subject_kind_name(p->subject.kind));
    add_word(p, p->subject.name);
    if (p->subject.kind == KB_RBAC_SERVICE_ACCOUNT) {
        kb_buf_c(&p->text, "\n  namespace: ");
        add_word(p, p->subject.name_space);
    } else {
        kb_buf_c(&p->text, "\n  apiGroup: rbac.authorization.k8s.io");
    }
    kb_buf_char(&p->text, '\n');
}

static void add_role(struct propose *p, const struct kb_proposed_role *role)
{
    struct kb_str name = role_name(p);
    add_meta(p, "Role", name, role);
    kb_buf_printf(&p->text, "# %llu requests, such as", (unsigned long long)role->requests);
    for (size_t i = 0; i < role->audit_id_count; i++) {
        kb_buf_c(&p->text, i > 0 ? ", " : " ");
        add_word(p, role->audit_ids[i]);
    }
    kb_buf_c(&p->text, "\nrules:\n");
    for (size_t i = 0; i < role->rules.n; i++) {
        add_rule(p, &role->rules.at[i]);
    }
    add_meta(p, "RoleBinding", name, role);
    kb_buf_printf(&p->text, "roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: %sRole\n  name: ",
                  role->name_space.n == 0 ? "Cluster" : "");
    add_word(p, name);
    kb_buf_char(&p->text, '\n');
    add_subject(p);
}

static void add_time(struct propose *p, int64_t ns)
{
    if (ns == INT64_MIN) {
        kb_buf_c(&p->text, "?");
    } else {
        kb_time_format((struct kb_time){ns / 1000000000, 0}, KB_TIME_SECONDS, &p->text);
    }
}

static void add_verdicts(struct propose *p)
{
    const struct kb_proposal *proposal = &p->proposal;
    kb_buf_printf(&p->text, "# Checked: these roles allow every kind of request that is counted: %s\n",
                  proposal->unanswered == 0 ? "yes" : "NO");
    kb_buf_printf(&p->text, "# Checked: the subject holds all of this already: %s\n",
                  !proposal->checked        ? "not checked, no bindings were read (--objects, --live)"
                  : proposal->uncovered.n == 0 ? "yes"
                                               : "NO");
    for (size_t i = 0; i < proposal->uncovered.n; i++) {
        kb_buf_c(&p->text, "#   not held: ");
        add_word(p, kb_rbac_atom_text(&proposal->uncovered.at[i], &p->view.arena));
        kb_buf_char(&p->text, '\n');
    }
}

static void add_head(struct propose *p)
{
    const struct kb_usage_model *usage = &p->view.world.usage;
    kb_buf_c(&p->text, "# The smallest roles for ");
    add_word(p, kb_rbac_subject_text(&p->subject, &p->view.arena));
    kb_buf_c(&p->text, "\n# The log: ");
    add_time(p, usage->first_ns);
    kb_buf_c(&p->text, " to ");
    add_time(p, usage->last_ns);
    kb_buf_printf(&p->text, "; %llu requests of the subject were allowed, %llu of them what everybody may\n",
                  (unsigned long long)p->proposal.requests, (unsigned long long)p->proposal.left_out);
    add_verdicts(p);
    kb_buf_c(&p->text,
             "# Never in an EKS log: core events, /healthz, /version, /swagger. What is done rarely may not be in this one.\n"
             "# Then: apply this; wait as long again; take the old bindings back.\n");
}

static int print(struct propose *p)
{
    struct kb_app *app = p->view.app;
    kb_buf_init(&p->text, 16 << 20);
    kb_rbac_propose(&p->view.world.usage.store,
                    p->view.world.objects_read ? &p->view.world.rbac.policy : NULL, &p->subject,
                    &p->view.arena, &p->proposal);
    add_head(p);
    for (size_t i = 0; i < p->proposal.n; i++) {
        add_role(p, &p->proposal.roles[i]);
    }
    kb_print(app, kb_buf_view(&p->text));
    if (p->proposal.n == 0) {
        kb_complain(app, "the log shows no request of the subject that needs a grant: nothing is proposed");
    }
    bool sound = p->proposal.unanswered == 0 && p->proposal.uncovered.n == 0;
    KB_VEC_DONE(&p->proposal.uncovered);
    kb_buf_done(&p->text);
    return !sound                ? KUBE_BASELINE_FAILED
           : p->proposal.n == 0 ? KUBE_BASELINE_UNKNOWN
                                : KUBE_BASELINE_CLEAN;
}

static KB_RES read_words(const struct kb_app *app, struct kb_rbac_subject *subject,
                         struct kb_err *err)
{
    KB_TRY(kb_rbac_subject_read(app->args.words.at[0], subject, err));
    KB_ENSURE(app->args.logs.n > 0, err, KB_ERR_USAGE, "name the audit logs to look into with --logs");
    return KB_SUCCESS;
}

int kb_cmd_rbac_propose(struct kb_app *app)
{
    struct propose p = {.text = {0}};
    struct kb_err err = {0};
    if (kb_failed(read_words(app, &p.subject, &err))) {
        return kb_trouble(app, &err);
    }
    int status = kb_rbac_view_open(&p.view, app, KB_RBAC_VIEW_NAMED);
    if (status == KUBE_BASELINE_CLEAN) {
        status = kb_rbac_log_read(&p.view, true);
    }
    if (status == KUBE_BASELINE_CLEAN) {
        status = kb_rbac_view_end(&p.view, print(&p));
    }
    kb_rbac_view_done(&p.view);
    return status;
}
