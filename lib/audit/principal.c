/* Names and addresses. */
#include "audit/principal.h"

#include <arpa/inet.h>

#define CALLER(sym, word) [sym] = KB_STR_INIT(word),
static const struct kb_str caller_names[KB_CALLER_COUNT] = {KB_CALLERS(CALLER)};
#undef CALLER

#define SERVICE_ACCOUNT "system:serviceaccount:"

enum kb_caller kb_caller_of(struct kb_str username)
{
    struct kb_str name_space;
    struct kb_str name;
    if (username.n == 0) {
        return KB_CALLER_UNAUTHENTICATED;
    }
    if (kb_str_eq(username, KB_STR("system:anonymous"))) {
        return KB_CALLER_ANONYMOUS;
    }
    if (kb_str_starts(username, KB_STR("system:node:"))) {
        return KB_CALLER_NODE;
    }
    if (kb_principal_service_account(username, &name_space, &name) &&
        !kb_str_eq(name_space, KB_STR("kube-system"))) {
        return KB_CALLER_SERVICE_ACCOUNT;
    }
    if (kb_str_starts(username, KB_STR("system:"))) {
        return KB_CALLER_SYSTEM;
    }
    return kb_str_starts(username, KB_STR("eks:")) ? KB_CALLER_EKS : KB_CALLER_PERSON;
}

struct kb_str kb_caller_name(enum kb_caller caller)
{
    return caller_names[caller];
}

bool kb_caller_is_system(enum kb_caller caller)
{
    return caller == KB_CALLER_SYSTEM || caller == KB_CALLER_NODE || caller == KB_CALLER_EKS;
}

bool kb_principal_service_account(struct kb_str username, struct kb_str *name_space,
                                  struct kb_str *name)
{
    const struct kb_str prefix = KB_STR(SERVICE_ACCOUNT);
    if (!kb_str_starts(username, prefix)) {
        return false;
    }
    struct kb_str rest;
    struct kb_str first = kb_str_split(kb_str_sub(username, prefix.n, username.n), ':', &rest);
    if (first.n == 0 || rest.n == 0 || memchr(rest.p, ':', rest.n) != NULL) {
        return false;
    }
    *name_space = first;
    *name = rest;
    return true;
}

static struct kb_str account(struct kb_str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9') {
            return KB_STR("");
        }
    }
    return text.n == 12 ? text : KB_STR("");
}

struct kb_str kb_arn_account(struct kb_str arn)
{
    struct kb_str rest;
    if (!kb_str_starts(arn, KB_STR("arn:"))) {
        return KB_STR("");
    }
    (void)kb_str_split(arn, ':', &rest);
    for (int skipped = 0; skipped < 3; skipped++) {
        (void)kb_str_split(rest, ':', &rest);
    }
    return account(kb_str_split(rest, ':', &rest));
}

struct kb_str kb_uid_account(struct kb_str uid)
{
    struct kb_str rest;
    struct kb_str scheme = kb_str_split(uid, ':', &rest);
    if (!kb_str_eq(scheme, KB_STR("aws-iam-authenticator")) &&
        !kb_str_eq(scheme, KB_STR("heptio-authenticator-aws"))) {
        return KB_STR("");
    }
    return account(kb_str_split(rest, ':', &rest));
}

struct block {
    unsigned char bytes[16];
    unsigned bits;
};

static const struct block v4_private[] = {
    {{10}, 8},        {{172, 16}, 12}, {{192, 168}, 16}, {{127}, 8},
    {{169, 254}, 16}, {{100, 64}, 10}, {{0}, 8},
};
static const struct block v6_private[] = {
    {{0xfe, 0x80}, 10},
    {{0xfc}, 7},
    {{0}, 128},
    {{[15] = 1}, 128},
};

static bool in_block(const unsigned char *address, const struct block *block)
{
    unsigned whole = block->bits / 8;
    unsigned left = block->bits % 8;
    if (memcmp(address, block->bytes, whole) != 0) {
        return false;
    }
    return left == 0 || (address[whole] ^ block->bytes[whole]) >> (8 - left) == 0;
}

static enum kb_address kind_in(const unsigned char *address, const struct block *blocks, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (in_block(address, &blocks[i])) {
            return KB_ADDRESS_PRIVATE;
        }
    }
    return KB_ADDRESS_PUBLIC;
}

enum kb_address kb_address_kind(struct kb_str text)
{
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
    char copy[INET6_ADDRSTRLEN];
    unsigned char address[16];
    if (text.n == 0 || text.n >= sizeof copy || memchr(text.p, '\0', text.n) != NULL) {
        return KB_ADDRESS_BAD;
    }
    memcpy(copy, text.p, text.n);
    copy[text.n] = '\0';
    const size_t v4 = sizeof v4_private / sizeof v4_private[0];
    if (inet_pton(AF_INET, copy, address) == 1) {
        return kind_in(address, v4_private, v4);
    }
    if (inet_pton(AF_INET6, copy, address) != 1) {
        return KB_ADDRESS_BAD;
    }
    if (memcmp(address, mapped, sizeof mapped) == 0) {
        return kind_in(address + 12, v4_private, v4);
    }
    return kind_in(address, v6_private, sizeof v6_private / sizeof v6_private[0]);
}
