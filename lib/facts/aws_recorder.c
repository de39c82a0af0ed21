/* Table config.recorder. */
#include "facts/aws_row.h"
#include "facts/aws_tables.h"

#define COLUMNS(X)                                                                                 \
    X(name, "string", KB_ALWAYS, "Name of the recorder.")                                          \
    X(exists, "bool", KB_ALWAYS, "False where the region has none.")                               \
    X(recording, "bool", KB_ALWAYS, "Whether it is running.")                                      \
    X(last_status, "string", KB_ALWAYS, "\"SUCCESS\", \"FAILURE\" or \"PENDING\".")

enum column { COLUMNS(KB_AWS_ENUM) };
static const struct kb_column columns[] = {COLUMNS(KB_AWS_COLUMN)};
KB_AWS_TABLE(config_recorder, "config.recorder",
             "One row a recorder of AWS Config; a row also where there is none.");

static const char *const call = "configservice describe-configuration-recorder-status";

/* Some versions write "Success". */
static struct kb_str upper(struct kb_str text, struct kb_arena *arena)
{
    char *copy = KB_NEW_ARRAY(arena, text.n + 1, char);
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        copy[i] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    return (struct kb_str){copy, text.n};
}

static void give(const struct kb_world *world, const struct kb_aws_kept *kept, const json_t *status,
                 kb_row_fn *fn, void *ctx)
{
    struct kb_arena arena = {0};
    struct kb_aws_row row = kb_aws_row(&kb_table_config_recorder, kept);
    struct kb_str arn = kb_aws_text(status, "arn");
    row.object = arn.n > 0 ? arn : kb_aws_home(world).account;
    row.part = kb_aws_text(status, "name");
    row.values[C_name] = kb_cel_string(row.part);
    row.values[C_exists] = kb_cel_bool(status != NULL);
    row.values[C_recording] = kb_cel_bool(kb_aws_true(status, "recording"));
    row.values[C_last_status] = kb_cel_string(upper(kb_aws_text(status, "lastStatus"), &arena));
    kb_aws_row_give(&row, fn, ctx);
    kb_arena_done(&arena);
}

static void rows(const struct kb_world *world, kb_row_fn *fn, void *ctx)
{
    bool any = false;
    KB_AWS_EACH(it, world, call, "ConfigurationRecordersStatus") {
        any = true;
        give(world, it.kept, it.item, fn, ctx);
    }
    if (!any && kb_aws_read(world, call)) {
        give(world, kb_aws_next(world, call, NULL), NULL, fn, ctx);
    }
}

static struct kb_str missing(const struct kb_world *world, struct kb_arena *arena)
{
    return kb_aws_unread(world, &call, 1, arena);
}

const struct kb_fact_source kb_facts_config_recorder = {
    .table = &kb_table_config_recorder, .aws = true, .rows = rows, .missing = missing};
