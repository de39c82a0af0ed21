/* Table authenticator.event. */
#include "facts/authenticator_event.h"

#include "audit/principal.h"
#include "facts/audit_event_info.h"
#include "facts/getters.h"

static struct kb_str value(const void *data, enum kb_authn_key key, struct kb_arena *arena)
{
    const struct kb_authenticator_row *row = data;
    return kb_authn_value(&row->line, key, arena);
}

#define TEXT(field, key)                                                                           \
    static void get_##field(const void *row, struct kb_arena *arena, struct kb_cel_val *out)       \
    {                                                                                              \
        *out = kb_cel_string(value(row, key, arena));                                              \
    }

TEXT(level, KB_AUTHN_LEVEL)
TEXT(message, KB_AUTHN_MESSAGE)
TEXT(arn, KB_AUTHN_ARN)
TEXT(username, KB_AUTHN_USERNAME)
TEXT(client, KB_AUTHN_CLIENT)
TEXT(error, KB_AUTHN_ERROR)
TEXT(session, KB_AUTHN_SESSION)
TEXT(access_key, KB_AUTHN_ACCESS_KEY)
TEXT(path, KB_AUTHN_PATH)
TEXT(method, KB_AUTHN_METHOD)

static int64_t time_of(const struct kb_authenticator_row *row, struct kb_arena *arena)
{
    int64_t ns = kb_event_time_ns(value(row, KB_AUTHN_TIME, arena));
    return ns == KB_EVENT_NO_TIME ? row->origin.timestamp_ns : ns;
}

static void get_time(const void *row, struct kb_arena *arena, struct kb_cel_val *out)
{
    kb_put_time(time_of(row, arena), out);
}

static void get_outcome(const void *row, struct kb_arena *arena, struct kb_cel_val *out)
{
    struct kb_str message = value(row, KB_AUTHN_MESSAGE, arena);
    *out = kb_cel_string(kb_authn_outcome_name(kb_authn_outcome(message)));
}

static void get_uid(const void *row, struct kb_arena *arena, struct kb_cel_val *out)
{
    struct kb_str uid = value(row, KB_AUTHN_UID, arena);
    *out = kb_cel_string(uid.n > 0 ? uid : value(row, KB_AUTHN_USERID, arena));
}

static void get_account(const void *row, struct kb_arena *arena, struct kb_cel_val *out)
{
    struct kb_str account = value(row, KB_AUTHN_ACCOUNT, arena);
    if (account.n == 0) {
        account = kb_arn_account(value(row, KB_AUTHN_ARN, arena));
    }
    if (account.n == 0) {
        account = kb_uid_account(value(row, KB_AUTHN_UID, arena));
    }
    *out = kb_cel_string(account);
}

static void get_groups(const void *data, struct kb_arena *arena, struct kb_cel_val *out)
{
    const struct kb_authenticator_row *row = data;
    struct kb_strs groups = kb_authn_groups(&row->line, arena);
    struct kb_cel_val *items = KB_NEW_ARRAY(arena, groups.n + 1, struct kb_cel_val);
    struct kb_cel_list *list = KB_NEW(arena, struct kb_cel_list);
    for (size_t i = 0; i < groups.n; i++) {
        items[i] = kb_cel_string(groups.at[i]);
    }
    *list = (struct kb_cel_list){items, groups.n};
    *out = kb_cel_list(list);
}

static const struct kb_column columns[] = {
    {"time", "timestamp", KB_OPTIONAL, get_time,
     "When the line was written; else the time of its delivery."},
    {"log_level", "string", KB_ALWAYS, get_level,
     "Level of the line: \"info\", \"warning\", \"error\"."},
    {"message", "string", KB_ALWAYS, get_message, "The message, as written."},
    {"outcome", "string", KB_ALWAYS, get_outcome,
     "What it tells: \"granted\", \"denied\", \"sts\" (the answer of AWS STS), \"mapping\" "
     "(aws-auth changed), or "
     "\"other\"."},
    {"arn", "string", KB_ALWAYS, get_arn,
     "ARN of the IAM principal; without the session where access was granted or denied."},
    {"username", "string", KB_ALWAYS, get_username, "Kubernetes user it was mapped to."},
    {"uid", "string", KB_ALWAYS, get_uid, "Uid of the user, or the principal's unique id."},
    {"client", "string", KB_ALWAYS, get_client,
     "Address and port of the API server's call; joins the lines of one request, tells nothing of "
     "the caller."},
    {"error", "string", KB_ALWAYS, get_error, "Why access was denied."},
    {"account", "string", KB_ALWAYS, get_account, "AWS account of the principal."},
    {"session", "string", KB_ALWAYS, get_session, "Name of the assumed role's session."},
    {"access_key_id", "string", KB_ALWAYS, get_access_key, "Access key that signed in."},
    {"path", "string", KB_ALWAYS, get_path, "Path of the call, such as \"/authenticate\"."},
    {"method", "string", KB_ALWAYS, get_method, "HTTP method of the call."},
    {"groups", "list(string)", KB_ALWAYS, get_groups, "Kubernetes groups it was mapped to."},
};

const struct kb_table kb_table_authenticator_event = {
    .name = "authenticator.event",
    .doc =
        "One row a line of the authenticator's log: who signed in with IAM, and how it was mapped.",
    .columns = columns,
    .n = sizeof columns / sizeof columns[0],
};

KB_GET_BY_COLUMN

static void info(const void *data, struct kb_arena *arena, struct kb_row_info *out)
{
    const struct kb_authenticator_row *row = data;
    struct kb_str arn = value(row, KB_AUTHN_ARN, arena);
    struct kb_str user = value(row, KB_AUTHN_USERNAME, arena);
    struct kb_str who = arn.n > 0 ? arn : user;
    *out = (struct kb_row_info){
        .object = who.n > 0 ? who : KB_STR("authenticator"),
        .subject = who,
        .evidence = {.source = row->origin.source,
                     .locator = kb_audit_locator(&row->origin, arena)},
        .time_ns = time_of(row, arena),
        .order = kb_audit_order(&row->origin, arena),
    };
}

void kb_authenticator_row_init(struct kb_authenticator_row *row, struct kb_str line,
                               const struct kb_audit_origin *origin)
{
    kb_authn_parse(line, &row->line);
    row->origin = *origin;
}

struct kb_row kb_authenticator_row_view(const struct kb_authenticator_row *row)
{
    static const struct kb_row_ops ops = {get, info};
    return (struct kb_row){&kb_table_authenticator_event, &ops, row};
}
