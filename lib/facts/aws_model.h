/*
 * What AWS answered, as it came. Answers are few and small beside objects and logs: they are kept whole,
 * and the tables of AWS settings look into them.
 *
 * What an API said wins over what a Terraform state says: as soon as a call was answered, the state's
 * version of that call is not looked at (but see aws.drift).
 */
#ifndef KB_FACTS_AWS_MODEL_H
#define KB_FACTS_AWS_MODEL_H

#include "base/mem.h"
#include "data/answer.h"

struct kb_world;

struct kb_aws_kept {
    struct kb_str call;    /* "eks describe-cluster" */
    struct kb_str subject; /* what was asked about, where the source tells it; empty */
    struct kb_str source;  /* the file, or the call and its request id */
    struct kb_str error;   /* why it is not whole; empty */
    json_t *json;          /* own copy; NULL where the call failed or there is none */
    int64_t taken_ns;      /* when it was got; 0: not told */
    bool none;             /* AWS says that there is no such setting */
    bool declared;         /* of a Terraform state */
};

struct kb_aws_model {
    KB_VEC(struct kb_aws_kept) at; /* after closing in order of call, subject, source */
    bool full;                     /* more answers than are kept */
};

void kb_aws_model_answer(struct kb_world *world, const struct kb_aws_answer *answer);
/* Nothing more comes: in order, and what is of another cluster made known as such. */
void kb_aws_model_close(struct kb_world *world);
void kb_aws_model_done(struct kb_aws_model *model);

/* The next answer to a call after `after` (NULL: the first), failures included; NULL at the end. */
const struct kb_aws_kept *kb_aws_next(const struct kb_world *world, const char *call,
                                      const struct kb_aws_kept *after);
/* The answer to a call about `subject`; NULL where there is none. */
const struct kb_aws_kept *kb_aws_about(const struct kb_world *world, const char *call,
                                       struct kb_str subject);
/* Whether the call was answered at least once, and never refused or cut; what a Terraform state has of a list
 * does not count as the list. */
bool kb_aws_read(const struct kb_world *world, const char *call);
/* Whether the call was made, and an answer of it refused, cut, or otherwise not whole. */
bool kb_aws_failed(const struct kb_world *world, const char *call);

/*
 * Everything that a call told: the objects of array `member` (first letter in either case) of each of its
 * answers, or the object `member`, or with NULL the answers themselves.
 *
 *     KB_AWS_EACH(it, world, "ec2 describe-subnets", "Subnets") { … it.item, it.kept … }
 */
struct kb_aws_each {
    const struct kb_world *world;
    const char *call, *member;
    const struct kb_aws_kept *kept; /* the answer that holds `item` */
    const json_t *item;
    size_t next;
};
bool kb_aws_each(struct kb_aws_each *each);
#define KB_AWS_EACH(it, of_world, of_call, of_member)                                              \
    for (struct kb_aws_each it = {.world = (of_world), .call = (of_call), .member = (of_member)};  \
         kb_aws_each(&it);)

/* The IAM action that allows a call: "s3:GetEncryptionConfiguration". */
struct kb_str kb_aws_action(struct kb_str call, struct kb_arena *arena);
/* Why these calls were not read, with the IAM actions that they need; empty where all were. */
struct kb_str kb_aws_unread(const struct kb_world *world, const char *const *calls, size_t n,
                            struct kb_arena *arena);

/* Where the cluster lives, by its ARN; empty texts where it was not read. */
struct kb_aws_home {
    struct kb_str partition, region, account;
};
struct kb_aws_home kb_aws_home(const struct kb_world *world);
/* "arn:aws:ec2:eu-west-1:111122223333:<rest>"; `account` empty: the cluster's. Without a home `rest`'s last
 * part. */
struct kb_str kb_aws_arn(const struct kb_world *world, const char *service, struct kb_str account,
                         struct kb_str rest, struct kb_arena *arena);

#endif
