/* Which command lines of plugins are understood. */
#include "source/eks_login.h"

#include "test.h"

static bool parse(const char *command, const char *const *args, struct kb_eks_login_request *out)
{
    struct kb_str texts[16];
    struct kb_kube_exec exec = {.command = kb_str_c(command), .args = {.at = texts}};
    while (args[exec.args.n] != NULL) {
        texts[exec.args.n] = kb_str_c(args[exec.args.n]);
        exec.args.n++;
    }
    return kb_eks_login_parse(&exec, out);
}

#define ARGS(...) ((const char *const[]){__VA_ARGS__, NULL})

KB_TEST(eks_login, the_two_programs_are_understood)
{
    struct kb_eks_login_request r;
    CHECK(parse("aws", ARGS("--region", "eu-west-1", "eks", "get-token", "--cluster-name", "c", "--profile", "p", "--role-arn=r", "--output", "json"), &r));
    EQ_STR(r.cluster, "c");
    EQ_STR(r.region, "eu-west-1");
    EQ_STR(r.profile, "p");
    EQ_STR(r.role_arn, "r");
    EQ_STR(r.session, "EKSGetTokenAuth");
    CHECK(parse("/opt/bin/aws-iam-authenticator", ARGS("token", "-i", "c", "-r", "r", "-s", "me", "--cache"), &r));
    EQ_STR(r.cluster, "c");
    EQ_STR(r.session, "me");
}

KB_TEST(eks_login, anything_else_is_run)
{
    struct kb_eks_login_request r;
    CHECK(!parse("aws", ARGS("eks", "get-token", "--cluster-name", "c", "--debug"), &r));
    CHECK(!parse("aws", ARGS("eks", "get-token"), &r));
    CHECK(!parse("aws", ARGS("eks", "get-token", "--cluster-name"), &r));
    CHECK(!parse("aws", ARGS("eks", "get-token", "--cluster-name="), &r));
    CHECK(!parse("aws", ARGS("get-token", "eks", "--cluster-name", "c"), &r));
    CHECK(!parse("aws", ARGS("eks", "--cluster-name", "c"), &r));
    CHECK(!parse("aws2", ARGS("eks", "get-token", "--cluster-name", "c"), &r));
    CHECK(!parse("aws-iam-authenticator", ARGS("token", "-i", "c", "--forward-session-name"), &r));
    CHECK(!parse("aws-iam-authenticator", ARGS("token", "-i", "c", "--cache=x"), &r));
    CHECK(!parse("", ARGS("token"), &r));
}
