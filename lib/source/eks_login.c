/* Plugins' command lines, and the tokens they would print. */
#include "source/eks_login.h"

#include <time.h>

#include "aws/call.h"

#define USER_AGENT "kube-baseline/" KB_VERSION

/* Options of the two programs. `at` is where the value goes; NOWHERE: it does not matter here. */
enum { NOWHERE = -1 };
#define AT(member) (int)offsetof(struct kb_eks_login_request, member)
struct option {
    const char *name;
    int at;
    bool flag; /* takes no value */
};

static const struct option aws_options[] = {
    {"--cluster-name", AT(cluster), false}, {"--cluster-id", AT(cluster), false},
    {"--role-arn", AT(role_arn), false},    {"--region", AT(region), false},
    {"--profile", AT(profile), false},      {"--output", NOWHERE, false},
    {"--color", NOWHERE, false},            {"--no-cli-pager", NOWHERE, true},
    {"--no-cli-auto-prompt", NOWHERE, true}, {NULL, NOWHERE, false},
};
static const struct option authenticator_options[] = {
    {"-i", AT(cluster), false},        {"--cluster-id", AT(cluster), false},
    {"-r", AT(role_arn), false},       {"--role", AT(role_arn), false},
    {"-s", AT(session), false},        {"--session-name", AT(session), false},
    {"--region", AT(region), false},   {"--cache", NOWHERE, true},
    {NULL, NOWHERE, false},
};

static const struct program {
    const char *name;
    const char *words[2]; /* its subcommand, in this order */
    const struct option *options;
    const char *session; /* of a role, where none is named */
} programs[] = {
    {"aws", {"eks", "get-token"}, aws_options, "EKSGetTokenAuth"},
    {"aws-iam-authenticator", {"token", NULL}, authenticator_options, ""},
};

static const struct program *program_of(struct kb_str command)
{
    const char *slash = command.n == 0 ? NULL : memrchr(command.p, '/', command.n);
    struct kb_str name = kb_str_sub(command, slash == NULL ? 0 : (size_t)(slash - command.p) + 1,
                                    command.n);
    for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
        if (kb_str_eq_c(name, programs[i].name)) {
            return &programs[i];
        }
    }
    return NULL;
}

static const struct option *find_option(const struct option *options, struct kb_str name)
{
    while (options->name != NULL && !kb_str_eq_c(name, options->name)) {
        options++;
    }
    return options->name == NULL ? NULL : options;
}

/* One option at args[*i], which is moved to its last part. */
static bool take_option(const struct program *program, const struct kb_kube_texts *args, size_t *i,
                        struct kb_eks_login_request *out)
{
    struct kb_str arg = args->at[*i];
    size_t equals = kb_str_find(arg, KB_STR("="), 0);
    const struct option *option = find_option(program->options, kb_str_sub(arg, 0, equals));
    if (option == NULL || (option->flag && equals != SIZE_MAX)) {
        return false;
    }
    struct kb_str value = equals == SIZE_MAX ? KB_STR("") : kb_str_sub(arg, equals + 1, arg.n);
    if (!option->flag && equals == SIZE_MAX) {
        (*i)++;
        value = *i < args->n ? args->at[*i] : KB_STR("");
    }
    if (option->at != NOWHERE) {
        *(struct kb_str *)(void *)((char *)out + option->at) = value;
    }
    return option->flag || value.n > 0;
}

bool kb_eks_login_parse(const struct kb_kube_exec *exec, struct kb_eks_login_request *out)
{
    const struct program *program = program_of(exec->command);
    size_t word = 0;
    *out = (struct kb_eks_login_request){0};
    for (size_t i = 0; program != NULL && i < exec->args.n; i++) {
        struct kb_str arg = exec->args.at[i];
        bool wanted = word < 2 && program->words[word] != NULL &&
                      kb_str_eq_c(arg, program->words[word]);
        word += wanted;
        if (!wanted && !take_option(program, &exec->args, &i, out)) {
            return false;
        }
    }
    if (program == NULL || out->cluster.n == 0 || (word < 2 && program->words[word] != NULL)) {
        return false;
    }
    out->session = out->session.n > 0 ? out->session : kb_str_c(program->session);
    return true;
}

/* One token's making. */
struct login {
    struct kb_arena arena;
    const struct kb_kube_exec *exec; /* whose environment counts */
};

/* The plugin's own variables go before this process'. */
static const char *get_variable(void *ctx, const char *name)
{
    struct login *login = ctx;
    for (size_t i = login->exec->env_count; i > 0; i--) {
        if (kb_str_eq_c(login->exec->env[i - 1].name, name)) {
            return kb_arena_copy(&login->arena, login->exec->env[i - 1].value).p;
        }
    }
    const struct kb_aws_env process = kb_aws_env_process();
    return process.get(process.ctx, name);
}

static KB_RES get_token(struct login *login, const struct kb_eks_login_request *request,
                        struct kb_aws_secret *out, struct kb_err *err)
{
    const struct kb_aws_env env = {get_variable, login};
    const struct kb_aws_flags flags = {.profile = request->profile,
                                       .region = request->region,
                                       .role_arn = request->role_arn,
                                       .role_session = request->session,
                                       .user_agent = KB_STR(USER_AGENT)};
    struct kb_aws_client *client = NULL;
    kb_res res = kb_aws_client_new(&flags, &env, &client, err);
    if (!kb_failed(res)) {
        res = kb_aws_client_eks_token(client, request->cluster, KB_STR(""), out, err);
    }
    kb_aws_client_free(client);
    return res;
}

static kb_res credential(void *ctx, const struct kb_kube_exec *exec, struct kb_arena *arena,
                         struct kb_exec_credential *out, bool *served, struct kb_err *err)
{
    struct login login = {.exec = exec};
    struct kb_eks_login_request request;
    struct kb_aws_secret token = {0};
    (void)ctx;
    *served = kb_eks_login_parse(exec, &request);
    if (!*served) {
        return KB_SUCCESS;
    }
    kb_res res = get_token(&login, &request, &token, err);
    kb_arena_done(&login.arena);
    KB_TRY_CTX(err, res, "token of EKS cluster %.*s", KB_FMT(request.cluster));
    *out = (struct kb_exec_credential){.token = kb_arena_copy(arena, kb_aws_secret_reveal(&token)),
                                       .expires_s = (int64_t)time(NULL) + KB_EKS_TOKEN_USABLE_S};
    kb_aws_secret_done(&token);
    return KB_SUCCESS;
}

struct kb_exec_native kb_eks_login_native(void)
{
    return (struct kb_exec_native){credential, NULL};
}
