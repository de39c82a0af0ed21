#include "data/sha256.h"
#include "test.h"

/* Answers: FIPS 180-4 examples. */
static void digest(const char *text, size_t times, char out[65])
{
    struct kb_sha256 sha;
    kb_sha256_init(&sha);
    for (size_t i = 0; i < times; i++) {
        kb_sha256_add(&sha, text, strlen(text));
    }
    kb_sha256_hex(&sha, out, 32);
}

KB_TEST(sha256, known_answers)
{
    char out[65];
    digest("", 1, out);
    EQ_C(out, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    digest("abc", 1, out);
    EQ_C(out, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1, out);
    EQ_C(out, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    digest("aaaaaaaaaa", 100000, out);
    EQ_C(out, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

KB_TEST(sha256, parts_do_not_run_together)
{
    char first[33];
    char second[33];
    struct kb_sha256 sha;
    kb_sha256_init(&sha);
    kb_sha256_part(&sha, KB_STR("ab"));
    kb_sha256_part(&sha, KB_STR("c"));
    kb_sha256_hex(&sha, first, 16);
    kb_sha256_init(&sha);
    kb_sha256_part(&sha, KB_STR("a"));
    kb_sha256_part(&sha, KB_STR("bc"));
    kb_sha256_hex(&sha, second, 16);
    EQ_UINT(strlen(first), 32);
    CHECK(strcmp(first, second) != 0);
}
