/* One control file: its keys, and what must hold between them. */
#include "baseline/control_file.h"

#include "baseline/decode.h"
#include "baseline/settings.h"
#include "baseline/soc2.h"

enum { PARAMS_MAX = 32 };

/* What a file says, before it is a control. */
struct draft {
    struct kb_control *control;
    struct kb_text over, forbid, require;
    const struct kb_yaml_node *count, *record;
    bool manual;
};

#define DRAFT(d, target) struct draft *draft = (target)

static bool decode_aka(const struct kb_decode *d, const struct kb_yaml_node *node, void *target)
{
    DRAFT(d, target);
    return kb_decode_texts(d, node, &draft->control->aka, &draft->control->aka_count);
}

static bool valid_criterion(const struct kb_decode *d, const struct kb_yaml_node *node,
                            struct kb_str standard, struct kb_str id)
{
    if (kb_str_eq_c(standard, "soc2") && kb_soc2_find(id) == NULL) {
        kb_decode_mistake(d, node, "SOC 2 has no criterion '%.*s'%s", KB_FMT(id),
                          kb_decode_hint(d, kb_soc2_suggest(id)));
        return false;
    }
    if (kb_str_eq_c(standard, "cis-eks") && !kb_cis_id_valid(id)) {
        kb_decode_mistake(d, node, "'%.*s' is no CIS id: numbers and dots, such as \"4.1.1\"",
                          KB_FMT(id));
        return false;
    }
    return true;
}

static bool decode_standard(const struct kb_decode *d, const struct kb_yaml_pair *pair,
                            struct kb_criterion *out)
{
    static const char *const standards[] = {"soc2", "cis-eks", NULL};
    struct kb_str standard = pair->key->text;
    const struct kb_str *ids;
    size_t n;
    if (!kb_str_eq_c(standard, standards[0]) && !kb_str_eq_c(standard, standards[1])) {
        kb_decode_mistake(d, pair->key, "unknown standard '%.*s'%s; there are soc2, cis-eks",
                          KB_FMT(standard), kb_decode_hint(d, kb_did_you_mean(standard, standards)));
        return false;
    }
    if (!kb_decode_texts(d, pair->value, &ids, &n)) {
        return false;
    }
    bool ok = true;
    for (size_t i = 0; i < n; i++) {
        ok = valid_criterion(d, pair->value->items[i], standard, ids[i]) && ok;
        out[i] = (struct kb_criterion){kb_arena_copy(d->arena, standard), ids[i]};
    }
    return ok;
}

static bool decode_criteria(const struct kb_decode *d, const struct kb_yaml_node *node, void *target)
{
    DRAFT(d, target);
    if (!kb_decode_is(d, node, KB_YAML_MAP)) {
        return false;
    }
    size_t total = 0;
    for (size_t i = 0; i < node->n; i++) {
        total += node->pairs[i].value->n;
    }
    struct kb_criterion *criteria = KB_NEW_ARRAY(d->arena, total, struct kb_criterion);
    size_t n = 0;
    bool ok = true;
    for (size_t i = 0; i < node->n; i++) {
        ok = decode_standard(d, &node->pairs[i], criteria + n) && ok;
        n += node->pairs[i].value->n;
    }
    draft->control->criteria = criteria;
    draft->control->criterion_count = n;
    return ok;
}

struct param_draft {
    struct kb_str type, doc;
    const struct kb_yaml_node *value;
};

static bool keep_node(const struct kb_decode *d, const struct kb_yaml_node *node, void *target)
{
    (void)d;
    *(const struct kb_yaml_node **)target = node;
    return true;
}

static const struct kb_key param_keys[] = {
    {"type", kb_decode_text, offsetof(struct param_draft, type), KB_KEY_REQUIRED},
    {"default", keep_node, offsetof(struct param_draft, value), KB_KEY_REQUIRED},
    {"doc", kb_decode_text, offsetof(struct param_draft, doc), 0},
};

static bool decode_param(const struct kb_decode *d, const struct kb_yaml_pair *pair,
                         struct kb_param *param)
{
    struct param_draft draft = {.doc = KB_STR("")};
    if (!kb_decode_map(d, pair->value, param_keys, sizeof param_keys / sizeof param_keys[0], &draft,
                       "a parameter")) {
        return false;
    }
    if (!kb_decode_type_known(draft.type)) {
        kb_decode_mistake(d, kb_yaml_get(pair->value, "type"),
                          "'%.*s' is no type of a parameter: bool, int, double, string, duration, "
                          "timestamp, list(…) or map(string, …)", KB_FMT(draft.type));
        return false;
    }
    *param = (struct kb_param){.name = kb_arena_copy(d->arena, pair->key->text), .type = draft.type,
                               .doc = draft.doc};
    return kb_decode_value(d, draft.value, draft.type, &param->value);
}

static bool decode_params(const struct kb_decode *d, const struct kb_yaml_node *node, void *target)
{
    DRAFT(d, target);
    if (!kb_decode_is(d, node, KB_YAML_MAP)) {
        return false;
    }
    if (node->n > PARAMS_MAX) {
        kb_decode_mistake(d, node, "more than %d parameters", PARAMS_MAX);
        return false;
    }
    struct kb_param *params = KB_NEW_ARRAY(d->arena, node->n, struct kb_param);
    bool ok = true;
    for (size_t i = 0; i < node->n; i++) {
        ok = decode_param(d, &node->pairs[i], &params[i]) && ok;
    }
    draft->control->params = params;
    draft->control->param_count = node->n;
    return ok;
}

/* Names of settings. */
static bool decode_needs(const struct kb_decode *d, const struct kb_yaml_node *node, void *target)
{
    DRAFT(d, target);
    struct kb_control *control = draft->control;
    bool ok = kb_decode_texts(d, node, &control->needs, &control->need_count);
    for (size_t i = 0; ok && i < control->need_count; i++) {
        if (kb_setting_find(control->needs[i]) < 0) {
            kb_decode_mistake(d, node->items[i], "there is no setting '%.*s'%s",
                              KB_FMT(control->needs[i]),
                              kb_decode_hint(d, kb_setting_suggest(control->needs[i])));
            ok = false;
        }
    }
    return ok;
}

static bool decode_over(const struct kb_decode *d, const struct kb_yaml_node *node, void *target)
{
    DRAFT(d, target);
    if (!kb_decode_source(d, node, &draft->over)) {
        return false;
    }
    draft->control->table = kb_table_find(node->text);
    if (draft->control->table == NULL) {
        kb_decode_mistake(d, node, "there is no table '%.*s'%s", KB_FMT(node->text),
                          kb_decode_hint(d, kb_table_suggest(node->text)));
    }
    return draft->control->table != NULL;
}

static const struct kb_key fold_keys[] = {
    {"column", kb_decode_source, offsetof(struct kb_control, fold), KB_KEY_REQUIRED},
    {"under", kb_decode_text, offsetof(struct kb_control, fold_under), KB_KEY_REQUIRED},
};

static bool decode_fold(const struct kb_decode *d, const struct kb_yaml_node *node, void *target)
{
    DRAFT(d, target);
    return kb_decode_map(d, node, fold_keys, sizeof fold_keys / sizeof fold_keys[0], draft->control,
                         "a fold");
}

static bool decode_record(const struct kb_decode *d, const struct kb_yaml_node *node, void *target)
{
    bool on = false;
    *(const struct kb_yaml_node **)target = node;
    if (kb_decode_bool(d, node, &on) && !on) {
        kb_decode_mistake(d, node, "record can only be true");
    }
    return on;
}

/* One of a draft's fields, or one of its control's. */
#define IN_DRAFT(field) offsetof(struct draft, field)

static bool control_id(const struct kb_decode *d, const struct kb_yaml_node *node, void *target)
{
    DRAFT(d, target);
    return kb_decode_text(d, node, &draft->control->id);
}

static bool control_title(const struct kb_decode *d, const struct kb_yaml_node *node, void *target)
{
    DRAFT(d, target);
    return kb_decode_text(d, node, &draft->control->title);
}

static bool control_why(const struct kb_decode *d, const struct kb_yaml_node *node, void *target)
{
    DRAFT(d, target);
    return kb_decode_text(d, node, &draft->control->why);
}

static bool control_fix(const struct kb_decode *d, const struct kb_yaml_node *node, void *target)
{
    DRAFT(d, target);
    return kb_decode_text(d, node, &draft->control->fix);
}

static bool control_owner(const struct kb_decode *d, const struct kb_yaml_node *node, void *target)
{
    DRAFT(d, target);
    return kb_decode_owner(d, node, &draft->control->owner);
}

static bool control_severity(const struct kb_decode *d, const struct kb_yaml_node *node, void *target)
{
    DRAFT(d, target);
    return kb_decode_severity(d, node, &draft->control->severity);
}

static bool control_where(const struct kb_decode *d, const struct kb_yaml_node *node, void *target)
{
    DRAFT(d, target);
    return kb_decode_source(d, node, &draft->control->where);
}

static bool control_say(const struct kb_decode *d, const struct kb_yaml_node *node, void *target)
{
    DRAFT(d, target);
    return kb_decode_source(d, node, &draft->control->say);
}

static const struct kb_key control_keys[] = {
    {"id", control_id, 0, KB_KEY_REQUIRED},
    {"aka", decode_aka, 0, 0},
    {"title", control_title, 0, KB_KEY_REQUIRED},
    {"owner", control_owner, 0, KB_KEY_REQUIRED},
    {"severity", control_severity, 0, KB_KEY_REQUIRED},
    {"criteria", decode_criteria, 0, KB_KEY_REQUIRED},
    {"params", decode_params, 0, 0},
    {"needs", decode_needs, 0, 0},
    {"over", decode_over, 0, 0},
    {"where", control_where, 0, 0},
    {"require", kb_decode_source, IN_DRAFT(require), 0},
    {"forbid", kb_decode_source, IN_DRAFT(forbid), 0},
    {"count", keep_node, IN_DRAFT(count), 0},
    {"record", decode_record, IN_DRAFT(record), 0},
    {"manual", kb_decode_bool, IN_DRAFT(manual), 0},
    {"fold", decode_fold, 0, 0},
    {"say", control_say, 0, 0},
    {"why", control_why, 0, KB_KEY_REQUIRED},
    {"fix", control_fix, 0, KB_KEY_REQUIRED},
};

/* Exactly one way of judging. */
static bool choose_judgement(const struct kb_decode *d, const struct kb_yaml_node *root,
                             struct draft *draft)
{
    const bool given[KB_JUDGEMENT_COUNT] = {
        [KB_REQUIRE] = kb_yaml_get(root, "require") != NULL,
        [KB_FORBID] = kb_yaml_get(root, "forbid") != NULL,
        [KB_COUNT] = draft->count != NULL,
        [KB_RECORD] = draft->record != NULL,
        [KB_BY_HAND] = draft->manual,
    };
    int n = 0;
    for (int i = 0; i < KB_JUDGEMENT_COUNT; i++) {
        if (given[i]) {
            draft->control->judgement = (enum kb_judgement)i;
            n++;
        }
    }
    if (n != 1) {
        kb_decode_mistake(d, root, "a control has exactly one of require, forbid, count, record, "
                                   "manual: this has %d", n);
    }
    return n == 1;
}

static bool check_keys(const struct kb_decode *d, const struct kb_yaml_node *root,
                       const struct kb_control *control)
{
    static const char *const judged[] = {"over", "say"};
    static const char *const not_manual[] = {"over", "where", "say"};
    bool ok = true;
    for (size_t i = 0; control->judgement != KB_BY_HAND && i < 2; i++) {
        if (kb_yaml_get(root, judged[i]) == NULL) {
            kb_decode_mistake(d, root, "a control needs the key '%s'", judged[i]);
            ok = false;
        }
    }
    for (size_t i = 0; control->judgement == KB_BY_HAND && i < 3; i++) {
        const struct kb_yaml_node *node = kb_yaml_get(root, not_manual[i]);
        if (node != NULL) {
            kb_decode_mistake(d, node, "a manual control has no '%s'", not_manual[i]);
            ok = false;
        }
    }
    return ok;
}

static bool check_id(const struct kb_decode *d, const struct kb_yaml_node *root,
                     const struct kb_control *control, struct kb_str want)
{
    if (control->id.n == 0 || kb_str_eq(control->id, want)) {
        return true;
    }
    kb_decode_mistake(d, kb_yaml_get(root, "id"), "the id '%.*s' is not the file's name, '%.*s'",
                      KB_FMT(control->id), KB_FMT(want));
    return false;
}

/* "audit/pod-exec.yaml" as area and id. */
static void split_path(struct kb_str path, struct kb_str *area, struct kb_str *id)
{
    size_t slash = 0;
    for (size_t i = 0; i < path.n; i++) {
        slash = path.p[i] == '/' ? i : slash;
    }
    *area = kb_str_sub(path, 0, slash);
    size_t start = slash == 0 ? 0 : slash + 1;
    *id = kb_str_sub(path, start, path.n - (sizeof ".yaml" - 1));
}

static bool read_draft(const struct kb_decode *d, const struct kb_yaml_node *root, struct draft *draft)
{
    struct kb_control *control = draft->control;
    bool ok = kb_decode_map(d, root, control_keys, sizeof control_keys / sizeof control_keys[0],
                            draft, "a control");
    if (root->kind != KB_YAML_MAP || !choose_judgement(d, root, draft)) {
        return false;
    }
    control->condition = control->judgement == KB_REQUIRE ? draft->require : draft->forbid;
    ok = check_keys(d, root, control) && ok;
    if (draft->count != NULL) {
        ok = kb_count_rule_decode(d, draft->count, control) && ok;
    }
    return ok;
}

struct kb_control *kb_control_new(const struct kb_decode *d, const struct kb_library_file *file)
{
    struct kb_control *control = KB_NEW(d->arena, struct kb_control);
    *control = (struct kb_control){.file = file->name, .source = file->text, .severity = KB_INFO,
                                   .judgement = KB_BY_HAND, .count = {.max = -1, .min = -1}};
    split_path(file->path, &control->area, &control->id);
    control->id = kb_arena_copy(d->arena, control->id); /* terminated */
    return control;
}

bool kb_control_read(const struct kb_decode *d, const struct kb_library_file *file,
                     struct kb_control *control)
{
    struct kb_err err;
    const struct kb_yaml_node *root;
    struct kb_str id = control->id;
    control->id = KB_STR("");
    if (kb_failed(kb_yaml_parse(d->arena, file->name.p, file->text, &root, &err))) {
        kb_mistake_addf(d->mistakes, file->name, err.line, err.col, "%s", err.msg);
        return false;
    }
    struct draft draft = {.control = control};
    bool ok = read_draft(d, root, &draft);
    return check_id(d, root, control, id) && ok;
}
