#include "facts/audit_stream.h"
#include "facts/table.h"

#include "show.h"
#include "test.h"

KB_TEST(table, names)
{
    const struct kb_table *events = kb_table_find(KB_STR("audit.event"));
    CHECK(events != NULL && kb_table_find(KB_STR("audit.events")) == NULL);
    EQ_C(kb_table_suggest(KB_STR("audit.events")), "audit.event");
    CHECK(kb_table_suggest(KB_STR("something.else.entirely")) == NULL);
    CHECK(kb_table_column(events, KB_STR("verb")) >= 0);
    EQ_INT(kb_table_column(events, KB_STR("verbs")), -1);
    EQ_C(kb_table_suggest_column(events, KB_STR("workload.privilegd")), "workload.privileged");
    CHECK(kb_table_column(events, kb_str_c(events->index_column)) >= 0);
}

KB_TEST(table, every_column_is_described_and_has_a_default)
{
    for (size_t t = 0; t < kb_table_count; t++) {
        const struct kb_table *table = kb_tables[t];
        CHECK(table->doc != NULL && kb_table_find(kb_str_c(table->name)) == table);
        for (size_t i = 0; i < table->n; i++) {
            const struct kb_column *column = &table->columns[i];
            size_t n = strlen(column->doc);
            struct kb_cel_val value = {0};
            CHECK(n > 10 && column->doc[n - 1] == '.');
            EQ_INT(kb_table_column(table, kb_str_c(column->name)), i);
            kb_column_default(column, &value);
            EQ_INT(value.kind == KB_CEL_ABSENT, column->presence == KB_OPTIONAL);
        }
    }
}

static enum kb_cel_kind kind_of_orphans(uint64_t orphans, bool forgetful)
{
    const struct kb_audit_stream stream = {.orphans = orphans, .forgetful = forgetful};
    struct kb_row row = kb_audit_stream_row(&stream);
    struct kb_arena arena = {0};
    struct kb_cel_val value;
    row.ops->get(row.data, (unsigned)kb_table_column(row.table, KB_STR("orphans")), &arena, &value);
    kb_arena_done(&arena);
    return value.kind;
}

KB_TEST(table, forgotten_requests_may_be_orphans)
{
    EQ_INT(kind_of_orphans(0, false), KB_CEL_INT);
    EQ_INT(kind_of_orphans(0, true), KB_CEL_UNKNOWN);
    EQ_INT(kind_of_orphans(2, true), KB_CEL_INT);
}
