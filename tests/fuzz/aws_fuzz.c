/* Foreign text on its way to and from AWS: settings files, answers, refusals, and what is signed. */
#include "aws/canonical.h"
#include "aws/fault.h"
#include "aws/ini.h"
#include "aws/operation.h"
#include "aws/secret.h"
#include "aws/shape.h"
#include "data/xml.h"
#include "fuzz.h"

static void settings(struct kb_str text)
{
    struct kb_arena arena = {0};
    struct kb_aws_ini ini;
    struct kb_err err = {0};
    const char **words;
    size_t n;
    if (!kb_failed(kb_aws_ini_parse("f", text, &arena, &ini, &err))) {
        for (size_t i = 0; i < ini.n; i++) {
            KB_HOLDS(ini.at[i].line > 0);
        }
    }
    kb_aws_ini_done(&ini);
    if (!kb_failed(kb_aws_split_words(text, &arena, &words, &n, &err))) {
        KB_HOLDS(words[n] == NULL && n <= text.n / 2 + 1);
    }
    kb_arena_done(&arena);
}

/* What is canonical stays as it is. */
static void canonical(struct kb_str text)
{
    struct kb_buf once, twice;
    kb_buf_init(&once, 1 << 22);
    kb_buf_init(&twice, 1 << 22);
    kb_sigv4_canonical_query(text, &once);
    kb_sigv4_canonical_query(kb_buf_view(&once), &twice);
    KB_HOLDS(kb_str_eq(kb_buf_view(&once), kb_buf_view(&twice)));
    kb_buf_clear(&once);
    kb_sigv4_canonical_path(text, KB_SIGV4_PATH_NORMAL, &once);
    KB_HOLDS(once.n > 0 && once.p[0] == '/');
    KB_HOLDS(kb_str_find(kb_buf_view(&once), KB_STR("//"), 0) == SIZE_MAX);
    kb_buf_done(&once);
    kb_buf_done(&twice);
}

static void headers(struct kb_str text)
{
    struct kb_sigv4_field fields[8];
    size_t n = 0;
    struct kb_str rest = text;
    struct kb_buf block, names;
    kb_buf_init(&block, 1 << 22);
    kb_buf_init(&names, 1 << 22);
    while (rest.p != NULL && n < 8) {
        struct kb_str value, line = kb_str_split(rest, '\n', &rest);
        fields[n].name = kb_str_split(line, ':', &value);
        fields[n++].value = value;
    }
    (void)!kb_failed(kb_sigv4_canonical_headers(fields, n, &block, &names, NULL));
    kb_buf_done(&block);
    kb_buf_done(&names);
}

static void answers(struct kb_str text)
{
    struct kb_aws_fault fault;
    const struct kb_aws_operation *operation;
    json_t *tree = NULL;
    kb_aws_fault_read(400, text, KB_STR(""), text, &fault);
    if (!kb_failed(kb_xml_parse(NULL, text, &tree, NULL))) {
        KB_HOLDS(json_is_object(tree) || json_is_string(tree));
    }
    json_decref(tree);
    for (size_t i = 0; (operation = kb_aws_operation_at(i)) != NULL; i += 7) {
        json_t *answer = NULL;
        if (!kb_failed(kb_aws_answer_read(kb_aws_service_find(kb_str_c(operation->service)), operation,
                                          text, &answer, NULL))) {
            KB_HOLDS(json_is_object(answer));
            kb_aws_json_wipe(answer);
        }
        json_decref(answer);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kb_str text = {(const char *)data, size};
    settings(text);
    canonical(text);
    headers(text);
    answers(text);
    return 0;
}
