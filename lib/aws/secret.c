/* OPENSSL_cleanse, which no compiler leaves out. */
#include "aws/secret.h"

#include <openssl/crypto.h>

void kb_aws_wipe(struct kb_str text)
{
    if (text.n > 0) {
        OPENSSL_cleanse((void *)(uintptr_t)text.p, text.n);
    }
}

void kb_aws_wipe_buf(struct kb_buf *buf)
{
    if (buf->p != NULL) {
        OPENSSL_cleanse(buf->p, buf->cap);
    }
    kb_buf_done(buf);
}

void kb_aws_secret_set(struct kb_aws_secret *secret, struct kb_str text)
{
    unsigned char *bytes = text.n > 0 ? kb_alloc(text.n) : NULL;
    if (bytes != NULL) {
        memcpy(bytes, text.p, text.n);
    }
    kb_aws_secret_done(secret);
    *secret = (struct kb_aws_secret){bytes, text.n};
}

struct kb_str kb_aws_secret_reveal(const struct kb_aws_secret *secret)
{
    return (struct kb_str){secret->bytes == NULL ? "" : (const char *)secret->bytes, secret->n};
}

void kb_aws_secret_done(struct kb_aws_secret *secret)
{
    kb_aws_wipe((struct kb_str){(const char *)secret->bytes, secret->n});
    kb_free(secret->bytes);
    *secret = (struct kb_aws_secret){0};
}
