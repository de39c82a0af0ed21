/* The table of operations, put together from one file a family of services. */
#include "aws/operation_table.h"

static const struct kb_aws_member assume_role[] = {
    {"PackedPolicySize", NULL, KB_AWS_INT, NULL},
    {"SessionTokenSize", NULL, KB_AWS_INT, NULL},
    {"SessionTokenUtilization", NULL, KB_AWS_INT, NULL},
    {"TransactionContext", NULL, KB_AWS_OBJECT, NULL},
};

/* What credentials need. */
static const struct kb_aws_operation operations[] = {
    {"sts", "AssumeRole", .result = "Credentials", .action = "sts:AssumeRole",
     KB_MEMBERS(assume_role)},
    {"sts", "AssumeRoleWithWebIdentity", .result = "Credentials", KB_MEMBERS(assume_role)},
    {"sts", "GetCallerIdentity", .result = "Arn"},
};
static const struct kb_aws_operations sts = {operations, sizeof operations / sizeof operations[0]};

static const struct kb_aws_operations *const tables[] = {
    &kb_aws_operations_ec2, &kb_aws_operations_iam, &kb_aws_operations_json,
    &kb_aws_operations_rest, &kb_aws_operations_s3, &sts};

const struct kb_aws_operation *kb_aws_operation_at(size_t index)
{
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        if (index < tables[i]->n) {
            return &tables[i]->at[index];
        }
        index -= tables[i]->n;
    }
    return NULL;
}

const struct kb_aws_operation *kb_aws_operation_find(struct kb_str service, struct kb_str name)
{
    const struct kb_aws_operation *operation;
    for (size_t i = 0; (operation = kb_aws_operation_at(i)) != NULL; i++) {
        if (kb_str_eq_c(service, operation->service) && kb_str_eq_c(name, operation->name)) {
            break;
        }
    }
    return operation;
}

void kb_aws_cli_name(const struct kb_aws_operation *operation, char out[KB_AWS_CLI_NAME_MAX])
{
    size_t n = 0;
    for (const char *c = operation->name; *c != '\0' && n + 2 < KB_AWS_CLI_NAME_MAX; c++) {
        bool capital = *c >= 'A' && *c <= 'Z';
        if (capital && n > 0) {
            out[n++] = '-';
        }
        out[n++] = capital ? (char)(*c | 0x20) : *c;
    }
    out[n] = '\0';
}
