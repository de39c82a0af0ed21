/* `network explain`: which policy and rule decides. */
#include "base/limits.h"
#include "kube-baseline/baseline.h"
#include "kube-baseline/commands.h"
#include "kube-baseline/listing.h"
#include "kube-baseline/network_view.h"
#include "report/escape.h"

static const char *const columns[] = {"direction", "decision", "ports", "by", "why", NULL};

struct explaining {
    struct kb_network_view *view;
    struct kb_listing listing;
    struct kb_net_range port;
    bool asked;
};

static const char *decision(enum kb_net_action action)
{
    static const char *const words[] = {
        [KB_NET_DENY] = "deny", [KB_NET_ACCEPT] = "allow", [KB_NET_PASS] = "pass"};
    return words[action];
}

/* What is said of each reason, where no rule is at work. */
static struct kb_str why(struct kb_network_view *view, const struct kb_net_step *step)
{
    static const char *const texts[KB_NET_REASON_COUNT] = {
        [KB_NET_BY_RULE] = "",
        [KB_NET_BY_ISOLATION] = "it selects the pod, and no rule admits these",
        [KB_NET_BY_DEFAULT] = "no policy speaks of these",
        [KB_NET_BY_SELECTION] = "policies hold the other direction only",
        [KB_NET_BY_EXCEPT] = "an exception of another rule shuts the address (VPC CNI)",
        [KB_NET_BY_LIMIT] = "more ports than the agent keeps for one address: some are lost (VPC CNI)",
        [KB_NET_BY_NODE] = "the own node is always open (VPC CNI)",
        [KB_NET_BY_FAMILY] = "addresses of the other IP family are not looked at (VPC CNI)",
        [KB_NET_NO_SUBJECT] = "no policy holds this end: outside the cluster, or on the network of its node",
        [KB_NET_UNENFORCED] = "on a node where nothing is enforced",
        [KB_NET_SAME_POD] = "the same pod",
        [KB_NET_FINISHED] = "a finished pod",
    };
    if (step->rule == NULL) {
        return kb_str_c(texts[step->reason]);
    }
    struct kb_str text = kb_net_rule_text(step->rule, &view->arena);
    return kb_arena_printf(&view->arena, "%s rule %u%s%.*s: %.*s",
                           kb_net_direction_name(step->direction), step->rule->number,
                           step->rule->name.n > 0 ? " " : "", KB_FMT(step->rule->name), KB_FMT(text));
}

static void on_step(void *ctx, const struct kb_net_step *step)
{
    struct explaining *e = ctx;
    if (e->asked && !kb_net_ports_has(&e->view->net->ports, step->ports,
                                      (enum kb_net_protocol)e->port.protocol, e->port.first)) {
        return;
    }
    const struct kb_str cells[] = {
        kb_str_c(kb_net_direction_name(step->direction)),
        kb_str_c(decision(step->action)),
        kb_network_ports_text(e->view, step->ports),
        step->policy == NULL ? KB_STR("-") : kb_net_policy_text(step->policy, &e->view->arena),
        why(e->view, step),
    };
    kb_listing_add(&e->listing, cells);
}

/* "allowed: A -> B on TCP 80". */
static void print_answer(struct explaining *e, const struct kb_network_end *from,
                         const struct kb_network_end *to, kb_net_ports ports, bool yes)
{
    struct kb_buf text;
    if (kb_format_is(e->view->app, "json") || kb_format_is(e->view->app, "csv")) {
        return; /* the steps tell it */
    }
    kb_buf_init(&text, KB_MAX_RECORD);
    kb_buf_c(&text, yes ? "allowed" : "denied");
    kb_buf_c(&text, kb_network_view_whole(e->view) ? ": " : " by what was read, which is not all: ");
    kb_escape(&text, from->text, KB_ESCAPE_FOREIGN);
    kb_buf_c(&text, " -> ");
    kb_escape(&text, to->text, KB_ESCAPE_FOREIGN);
    struct kb_str open = kb_network_ports_text(e->view, ports);
    kb_buf_printf(&text, ", open ports: %.*s\n\n", KB_FMT(open));
    kb_print(e->view->app, kb_buf_view(&text));
    kb_buf_done(&text);
}

static KB_RES answer(struct explaining *e, bool *yes, struct kb_err *err)
{
    const kb_words *words = &e->view->app->args.words;
    struct kb_network_end from, to;
    KB_TRY(kb_network_end_find(e->view, words->at[0], &from, err));
    KB_TRY(kb_network_end_find(e->view, words->at[1], &to, err));
    e->asked = words->n > 2;
    if (e->asked) {
        KB_TRY(kb_network_port_read(words->at[2], &e->port, err));
    }
    kb_net_ports ports = kb_net_explain(e->view->net, &from.end, &to.end, on_step, e);
    *yes = e->asked ? kb_net_ports_has(&e->view->net->ports, ports,
                                       (enum kb_net_protocol)e->port.protocol, e->port.first)
                    : ports != KB_NET_NO_PORTS;
    print_answer(e, &from, &to, ports, *yes);
    kb_listing_print(e->view->app, &e->listing, KUBE_BASELINE_CLEAN, "no policy comes into it");
    return KB_SUCCESS;
}

/* Exit status 1 for no. */
int kb_cmd_network_explain(struct kb_app *app)
{
    struct kb_network_view view;
    struct kb_err err = {0};
    struct explaining e = {.view = &view};
    bool yes = false;
    kb_listing_init(&e.listing, columns);
    int status = kb_network_view_open(&view, app);
    if (status == KUBE_BASELINE_CLEAN) {
        if (kb_failed(answer(&e, &yes, &err))) {
            status = kb_trouble(app, &err);
        } else {
            bool no = !yes && kb_network_view_whole(&view); /* an unread policy may let it */
            status = kb_network_view_end(&view, no ? KUBE_BASELINE_FAILED : KUBE_BASELINE_CLEAN);
        }
    }
    kb_listing_done(&e.listing);
    kb_network_view_done(&view);
    return status;
}
