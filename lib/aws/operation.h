/*
 * The operations that are called. Another one is one more row of a table in operation_*.c.
 *
 * Names of parameters are those on the wire (paths, queries, forms, JSON). Answers are given as the AWS CLI
 * prints them: the table says what differs on the wire.
 */
#ifndef KB_AWS_OPERATION_H
#define KB_AWS_OPERATION_H

#include "aws/service.h"

enum kb_aws_type {
    KB_AWS_AS_IS,
    KB_AWS_LIST, /* XML: an element around its items */
    KB_AWS_FLAT, /* XML: items of this name beside each other */
    KB_AWS_OBJECT, /* XML: an element that is an object even where it is empty */
    KB_AWS_INT,  /* XML: text that is a number */
    KB_AWS_BOOL,
    KB_AWS_TIME, /* JSON: seconds since 1970, as text then */
    KB_AWS_POLICY,   /* JSON, percent-encoded: handed on as JSON */
    KB_AWS_LEFT_OUT, /* of pages alone */
    KB_AWS_MAP       /* keys are the user's, and left alone */
};

/* A member of an answer, at any depth. */
struct kb_aws_member {
    const char *wire;
    const char *name; /* as the CLI has it; NULL: the same, but for the first letter where that is `upper` */
    enum kb_aws_type type;
    const char *within; /* only directly below this one; NULL: anywhere */
};

struct kb_aws_operation {
    const char *service; /* kb_aws_service.id */
    const char *name;    /* "DescribeCluster" */
    const char *method;  /* of REST services */
    const char *path;    /* of REST services: "/clusters/{name}", "/{Bucket}?policy" */
    const char *token_in, *token_out; /* parameter and member of the answer for the next page; NULL: one page */
    const char *result;  /* member without which an answer is not whole; NULL: none is promised. Lists are
                          * joined over pages */
    const char *wrap;    /* S3: the member that the whole document is */
    const char *root;    /* S3: the document's name; NULL: that of `wrap` */
    const char *action;  /* what IAM must allow; NULL: nothing */
    const struct kb_aws_member *members;
    size_t member_count;
    unsigned per_second; /* calls a second at most (the account's quota); 0: not limited here */
    bool token_repeats;  /* the last page is the one that gives the token it was asked with */
    bool raw;            /* S3: the document is no XML, but the text of `wrap` */
    bool upper;          /* members begin with a small letter on the wire, with a capital in the CLI */
};

/* NULL where it is not in the table. */
const struct kb_aws_operation *kb_aws_operation_find(struct kb_str service, struct kb_str name);
/* One after the other, for listings of what must be allowed; NULL at the end. */
const struct kb_aws_operation *kb_aws_operation_at(size_t index);

enum { KB_AWS_CLI_NAME_MAX = 96 };
/* "describe-cluster" of "DescribeCluster". */
void kb_aws_cli_name(const struct kb_aws_operation *operation, char out[KB_AWS_CLI_NAME_MAX]);

#endif
