/*
 * What every command gets: the parsed command line and what is known of the terminal.
 */
#ifndef KB_CMD_APP_H
#define KB_CMD_APP_H

#include "base/mem.h"
#include "kube_baseline/kube_baseline.h"
#include "report/sink.h"

/* A list of texts in argv. */
typedef KB_VEC(struct kb_str) kb_words;

/* Values of all options of all commands; the option table (options.c) says which is whose. */
struct kb_args {
    bool help, version, verbose, quiet, sha256;
    const char *color;  /* auto, always, never */
    const char *format; /* -o of commands that print one thing */
    kb_words outputs;   /* -o of commands that report */
    kb_words logs, objects, aws, controls;
    const char *profile, *baseline, *fail_on, *now, *since, *until, *max_findings;
    const char *table, *where, *limit, *top;
    /* kubectl's connection flags */
    bool live, insecure, disable_compression;
    bool all, all_namespaces, insights;
    const char *requests, *owner_label; /* of the rbac commands */
    const char *snapshot, *file;
    const char *log_group, *eks_cluster, *checkpoint, *region, *aws_profile, *endpoint_url;
    const char *from, *to, *port, *engine, *layer; /* of the network commands */
    kb_words with, without, keep;
    const char *kubeconfig, *context, *cluster, *kube_user, *server, *token, *tls_server_name;
    const char *ca_file, *cert_file, *key_file, *request_timeout, *as_user, *as_uid, *page;
    kb_words as_groups, as_extra;
    kb_words user, verb, resource, name_space, name, code, source_ip;
    kb_words words; /* arguments that are no options */
};

struct kb_app {
    const char *program; /* "kube-baseline", or "kubectl baseline" under its plugin name */
    struct kb_str group; /* first word of a command of two, where given */
    const struct kb_command *command; /* NULL: none was named */
    struct kb_args args;
    bool unicode; /* the locale takes more than ASCII */
    bool out_is_tty, err_is_tty;
    size_t width;          /* columns to write in */
    struct kb_fd_sink out; /* standard output; main flushes it */
    kb_res out_res;        /* first failure to write there */
    struct kb_err out_err;
};

/* "kube-baseline: message" and a newline on standard error; foreign text in it is escaped. Several
 * lines are kept. */
void kb_complain(const struct kb_app *app, const char *fmt, ...) KB_PRINTF(2, 3);
/* Tell what is wrong with the command line, and where help is; returns KUBE_BASELINE_USAGE. */
int kb_usage(const struct kb_app *app, const char *fmt, ...) KB_PRINTF(2, 3);
/* Tell `err`; returns KUBE_BASELINE_TROUBLE, or KUBE_BASELINE_USAGE where its code says so. */
int kb_trouble(const struct kb_app *app, const struct kb_err *err);
/* Write to standard output; failures are kept and told by main at the end. */
void kb_print(struct kb_app *app, struct kb_str text);
void kb_printf(struct kb_app *app, const char *fmt, ...) KB_PRINTF(2, 3);

#endif
