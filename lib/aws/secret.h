/*
 * Text that is never shown: keys, tokens. Its bytes are no `char`, so that printf's formats do not take
 * them, and they are wiped before their memory is given back.
 */
#ifndef KB_AWS_SECRET_H
#define KB_AWS_SECRET_H

#include "base/mem.h"

/* Zeroed memory is an empty secret. */
struct kb_aws_secret {
    unsigned char *bytes;
    size_t n;
};

/* Take a copy of `text`, in place of what was there. */
void kb_aws_secret_set(struct kb_aws_secret *secret, struct kb_str text);
/* For signing and sending only. Borrowed. */
struct kb_str kb_aws_secret_reveal(const struct kb_aws_secret *secret);
void kb_aws_secret_done(struct kb_aws_secret *secret);

/* Overwrite text that held a secret, wherever it lies. */
void kb_aws_wipe(struct kb_str text);
/* Overwrite the buffer and release it. */
void kb_aws_wipe_buf(struct kb_buf *buf);

#endif
