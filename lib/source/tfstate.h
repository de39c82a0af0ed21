/*
 * Terraform's state (version 4) as answers of AWS: what was applied last, in the words of the AWS CLI.
 *
 * Only the attributes of the tables in tfstate_map.c and tfstate_network.c are looked at: states hold tokens, keys and passwords,
 * and their own list of sensitive attributes does not name all of them. Resources of mode "data" and deposed
 * instances are left out.
 */
#ifndef KB_SOURCE_TFSTATE_H
#define KB_SOURCE_TFSTATE_H

#include "data/answer.h"

enum kb_tfstate_kind {
    KB_TFSTATE_NONE,    /* not of Terraform */
    KB_TFSTATE_V4,      /* a state that can be read */
    KB_TFSTATE_OLD,     /* a state of Terraform 0.11 or older */
    KB_TFSTATE_POINTER, /* .terraform/terraform.tfstate: names the backend that has the state */
    KB_TFSTATE_NEWER    /* of a version that is not known */
};
enum kb_tfstate_kind kb_tfstate_kind(const json_t *json);
/* Why a state of this kind is not read; empty for the others. */
struct kb_str kb_tfstate_refusal(enum kb_tfstate_kind kind);

/* Push the answers of a state of version 4. `name` is the file's, `text` its bytes: serial and SHA-256 stand
 * in the source of each answer. */
void kb_tfstate_read(const json_t *state, struct kb_str name, struct kb_str text,
                     const struct kb_aws_sink *sink);

/* The map from attributes to members, one row each. */
enum kb_tfstate_how {
    KB_TF_COPY,     /* texts but the empty one, numbers, truth values */
    KB_TF_POSITIVE, /* numbers above 0 only: 0 stands for "not set" */
    KB_TF_FLAG,     /* the texts "true" and "false" as truth values too */
    KB_TF_LIST,     /* makes a list of `to`, empty where the attribute is */
    KB_TF_CONST     /* `from` itself, whatever the attributes say */
};
/* Paths are members with '.' between; a number is an element, '*' every element: the n-th '*' of `to` has the
 * same number as the n-th of `from`. */
struct kb_tfstate_member {
    const char *from, *to;
    enum kb_tfstate_how how;
};
struct kb_tfstate_call {
    const char *type, *service, *operation;
    const char *subject; /* attribute that names what is asked about; NULL: the resource's address */
    const struct kb_tfstate_member *members; /* ends with from NULL */
    const char *when, *is; /* only where this attribute is this text; NULL: always */
};
struct kb_tfstate_map {
    const struct kb_tfstate_call *at;
    size_t n;
};
extern const struct kb_tfstate_map kb_tfstate_settings, kb_tfstate_network;

#endif
