/* Table aws.answer. */
#include "facts/aws_row.h"
#include "facts/aws_tables.h"

#define COLUMNS(X)                                                                                 \
    X(call, "string", KB_ALWAYS, "What was asked: \"eks describe-cluster\".")                      \
    X(subject, "string", KB_ALWAYS, "What it was asked about, or the address in Terraform; empty.") \
    X(source, "string", KB_ALWAYS, "The file, or the call and its request id.")                    \
    X(declared, "bool", KB_ALWAYS, "Whether a Terraform state has it, and not AWS.")               \
    X(age_hours, "int", KB_OPTIONAL, "Hours since it was got; absent where that is not told.")     \
    X(error, "string", KB_ALWAYS, "Why it is not whole; empty where it is.")                       \
    X(action, "string", KB_ALWAYS, "The IAM action that the call needs.")

enum column { COLUMNS(KB_AWS_ENUM) };
static const struct kb_column columns[] = {COLUMNS(KB_AWS_COLUMN)};
KB_AWS_TABLE(aws_answer, "aws.answer", "One row an answer of AWS, or of a Terraform state, that was read.");

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    static const int64_t hour_ns = INT64_C(3600) * 1000000000;
    for (size_t i = 0; i < world->aws.at.n; i++) {
        const struct kb_aws_kept *kept = &world->aws.at.at[i];
        struct kb_arena arena = {0};
        struct kb_aws_row row = kb_aws_row(&kb_table_aws_answer, kept);
        row.object = kept->subject.n == 0 ? kept->call
                                          : kb_arena_printf(&arena, "%.*s of %.*s", KB_FMT(kept->call),
                                                            KB_FMT(kept->subject));
        row.part = kept->source;
        row.values[C_call] = kb_cel_string(kept->call);
        row.values[C_subject] = kb_cel_string(kept->subject);
        row.values[C_source] = kb_cel_string(kept->source);
        row.values[C_declared] = kb_cel_bool(kept->declared);
        row.values[C_age_hours] = kept->taken_ns == 0
                                      ? kb_cel_absent()
                                      : kb_cel_int((world->now_ns - kept->taken_ns) / hour_ns);
        row.values[C_error] = kb_cel_string(kept->error);
        row.values[C_action] = kb_cel_string(kb_aws_action(kept->call, &arena));
        kb_aws_row_give(&row, fn, ctx);
        kb_arena_done(&arena);
    }
}

const struct kb_fact_source kb_facts_aws_answer = {
    .table = &kb_table_aws_answer, .aws = true, .rows = rows};
