/* Where each protocol puts its code, and what the codes mean. */
#include "aws/fault.h"

#include <stdio.h>

#include "data/json.h"
#include "data/xml.h"

/* Codes that mean the same at every service. */
static const struct {
    const char *code;
    enum kb_aws_fault_kind kind;
} codes[] = {
    {"AccessDenied", KB_AWS_FAULT_DENIED},
    {"AccessDeniedException", KB_AWS_FAULT_DENIED},
    {"AuthFailure", KB_AWS_FAULT_CLOCK},
    {"AuthorizationHeaderMalformed", KB_AWS_FAULT_REGION},
    {"BandwidthLimitExceeded", KB_AWS_FAULT_THROTTLED},
    {"EC2ThrottledException", KB_AWS_FAULT_THROTTLED},
    {"ExpiredToken", KB_AWS_FAULT_EXPIRED},
    {"ExpiredTokenException", KB_AWS_FAULT_EXPIRED},
    {"IDPCommunicationError", KB_AWS_FAULT_TRANSIENT},
    {"InternalError", KB_AWS_FAULT_TRANSIENT},
    {"InvalidSignatureException", KB_AWS_FAULT_CLOCK},
    {"LimitExceededException", KB_AWS_FAULT_THROTTLED},
    {"PermanentRedirect", KB_AWS_FAULT_REGION},
    {"PriorRequestNotComplete", KB_AWS_FAULT_THROTTLED},
    {"ProvisionedThroughputExceededException", KB_AWS_FAULT_THROTTLED},
    {"RequestExpired", KB_AWS_FAULT_CLOCK},
    {"RequestInTheFuture", KB_AWS_FAULT_CLOCK},
    {"RequestLimitExceeded", KB_AWS_FAULT_THROTTLED},
    {"RequestThrottled", KB_AWS_FAULT_THROTTLED},
    {"RequestThrottledException", KB_AWS_FAULT_THROTTLED},
    {"RequestTimeTooSkewed", KB_AWS_FAULT_CLOCK},
    {"RequestTimeout", KB_AWS_FAULT_TRANSIENT},
    {"RequestTimeoutException", KB_AWS_FAULT_TRANSIENT},
    {"SignatureDoesNotMatch", KB_AWS_FAULT_CLOCK},
    {"SlowDown", KB_AWS_FAULT_THROTTLED},
    {"ThrottledException", KB_AWS_FAULT_THROTTLED},
    {"Throttling", KB_AWS_FAULT_THROTTLED},
    {"ThrottlingException", KB_AWS_FAULT_THROTTLED},
    {"TooManyRequestsException", KB_AWS_FAULT_THROTTLED},
    {"TransactionInProgressException", KB_AWS_FAULT_THROTTLED},
    {"UnauthorizedOperation", KB_AWS_FAULT_DENIED},
};

/* On one line: what follows a line's end would look like a message of one's own. */
static void keep(char *out, size_t size, struct kb_str text)
{
    struct kb_str cut = kb_str_sub(text, 0, size - 1);
    (void)snprintf(out, size, "%.*s", KB_FMT(cut));
    for (char *at = strpbrk(out, "\r\n"); at != NULL; at = strpbrk(at, "\r\n")) {
        *at = ' ';
    }
}

/* "ns#Name" and "Name:http://…" are "Name". */
static struct kb_str bare(struct kb_str code)
{
    struct kb_str rest, name = kb_str_split(code, ':', &(struct kb_str){0});
    struct kb_str before = kb_str_split(name, '#', &rest);
    return kb_str_trim(rest.p != NULL ? rest : before);
}

/* The object that holds code and message: the root, its Error, or the first of its Errors. */
static const json_t *inner(const json_t *root)
{
    const json_t *many = json_object_get(kb_json_object(root, "Errors"), "Error");
    const json_t *error = json_is_array(many) ? json_array_get(many, 0) : many;
    error = error != NULL ? error : json_object_get(root, "Error");
    const json_t *response = kb_json_object(root, "ErrorResponse");
    if (error == NULL && response != NULL) {
        return inner(response);
    }
    return json_is_object(error) ? error : root;
}

static struct kb_str first_of(const json_t *object, const char *const names[], size_t n)
{
    struct kb_str text = {0};
    for (size_t i = 0; i < n && text.n == 0; i++) {
        (void)kb_json_str(object, names[i], &text);
    }
    return text;
}

static void read_body(struct kb_str body, struct kb_aws_fault *out)
{
    static const char *const code_names[] = {"__type", "code", "Code"};
    static const char *const message_names[] = {"message", "Message", "errorMessage"};
    KB_AUTO(kb_json_done) json_t *root = NULL;
    struct kb_str text = kb_str_trim(body);
    kb_res res = kb_str_starts(text, KB_STR("<")) ? kb_xml_parse(NULL, text, &root, NULL)
                                                  : kb_json_parse(NULL, text, 0, &root, NULL);
    if (kb_failed(res)) {
        keep(out->message, sizeof out->message, kb_str_split(text, '\n', &(struct kb_str){0}));
        return;
    }
    const json_t *error = inner(root);
    keep(out->message, sizeof out->message, first_of(error, message_names, 3));
    if (out->code[0] == '\0') {
        keep(out->code, sizeof out->code, bare(first_of(error, code_names, 3)));
    }
    if (out->region[0] == '\0') {
        const char *const names[] = {"Region"};
        keep(out->region, sizeof out->region, first_of(error, names, 1));
    }
}

static enum kb_aws_fault_kind kind_of(unsigned status, struct kb_str code)
{
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (kb_str_eq_c(code, codes[i].code)) {
            return codes[i].kind;
        }
    }
    bool missing = status == 404 || kb_str_starts(code, KB_STR("NoSuch")) ||
                   kb_str_find(code, KB_STR("NotFound"), 0) != SIZE_MAX;
    if (missing) {
        return KB_AWS_FAULT_MISSING;
    }
    if (status == 429) {
        return KB_AWS_FAULT_THROTTLED;
    }
    if (status == 301) {
        return KB_AWS_FAULT_REGION;
    }
    return status == 500 || (status >= 502 && status <= 504) ? KB_AWS_FAULT_TRANSIENT
                                                             : KB_AWS_FAULT_FINAL;
}

void kb_aws_fault_read(unsigned status, struct kb_str type, struct kb_str region, struct kb_str body,
                       struct kb_aws_fault *out)
{
    *out = (struct kb_aws_fault){0};
    keep(out->code, sizeof out->code, bare(type));
    keep(out->region, sizeof out->region, region);
    read_body(body, out);
    out->kind = kind_of(status, kb_str_c(out->code));
    if (out->kind == KB_AWS_FAULT_REGION && out->region[0] == '\0') {
        out->kind = KB_AWS_FAULT_FINAL;
    }
}
