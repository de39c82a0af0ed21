/* Keys of events, and the file that keeps them. */
#include "source/cloudwatch_checkpoint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test.h"

static struct kb_seen_key key_of(unsigned number)
{
    char text[32];
    (void)snprintf(text, sizeof text, "%031u", number);
    return kb_seen_key(kb_str_c(text));
}

KB_TEST(seen, each_key_is_new_once)
{
    struct kb_seen seen = {0};
    for (unsigned i = 0; i < 5000; i++) {
        CHECK(kb_seen_add(&seen, key_of(i), i));
    }
    for (unsigned i = 0; i < 5000; i++) {
        CHECK(!kb_seen_add(&seen, key_of(i), i));
    }
    CHECK(!seen.dropped);
    kb_seen_done(&seen);
}

KB_TEST(seen, the_oldest_go_and_it_is_told)
{
    struct kb_seen seen = {0};
    for (unsigned i = 0; i < 2 * KB_SEEN_MAX + 1; i++) {
        CHECK(kb_seen_add(&seen, key_of(i), i));
    }
    CHECK(seen.dropped);
    EQ_INT(seen.dropped_ms, KB_SEEN_MAX - 1);
    CHECK(!kb_seen_add(&seen, key_of(KB_SEEN_MAX), KB_SEEN_MAX));
    CHECK(kb_seen_add(&seen, key_of(0), 0));
    kb_seen_done(&seen);
}

struct place {
    char folder[64], file[128];
    struct kb_checkpoint_place at;
};

static void enter(struct place *place, struct kb_err *err)
{
    (void)snprintf(place->folder, sizeof place->folder, "/tmp/checkpoint-test-XXXXXX");
    CHECK(mkdtemp(place->folder) != NULL);
    (void)snprintf(place->file, sizeof place->file, "%s/c", place->folder);
    OK(kb_checkpoint_in_file(kb_str_c(place->file), &place->at, err), err);
}

static void leave(struct place *place)
{
    char lock[160];
    kb_checkpoint_close(&place->at);
    (void)snprintf(lock, sizeof lock, "%s.lock", place->file);
    (void)unlink(lock);
    (void)unlink(place->file);
    CHECK(rmdir(place->folder) == 0);
}

KB_TEST(checkpoint, what_is_written_is_read)
{
    struct place place;
    struct kb_err err = {0};
    struct kb_seen seen = {0};
    struct kb_checkpoint out = {.group = KB_STR("g\"1"), .region = KB_STR("r"), .until_ms = 900000, .overlap_ms = 500000};
    struct kb_checkpoint in = {.group = out.group, .region = out.region};
    enter(&place, &err);
    for (unsigned i = 0; i < 1000; i++) {
        (void)kb_seen_add(&seen, key_of(i), 1000 * (int64_t)i);
    }
    EQ_INT(kb_checkpoint_read(&place.at, &in, &err).code, KB_ERR_NOT_FOUND);
    OK(kb_checkpoint_write(&place.at, &out, &seen, &err), &err);
    OK(kb_checkpoint_read(&place.at, &in, &err), &err);
    EQ_INT(in.until_ms, 900000);
    EQ_INT(in.overlap_ms, 500000);
    EQ_INT(in.keys.n, 500);
    CHECK(kb_seen_set_has(&in.keys, key_of(500)));
    CHECK(!kb_seen_set_has(&in.keys, key_of(499)));
    kb_checkpoint_done(&in);
    in = (struct kb_checkpoint){.group = KB_STR("other"), .region = out.region};
    EQ_INT(kb_checkpoint_read(&place.at, &in, &err).code, KB_ERR_INVALID);
    kb_checkpoint_done(&in);
    kb_seen_done(&seen);
    leave(&place);
}

KB_TEST(checkpoint, every_changed_byte_is_noticed)
{
    struct place place;
    struct kb_err err = {0};
    struct kb_seen seen = {0};
    struct kb_checkpoint out = {.group = KB_STR("g"), .region = KB_STR("r"), .until_ms = 9000, .overlap_ms = 5000};
    char text[1024];
    enter(&place, &err);
    (void)kb_seen_add(&seen, key_of(1), 7000);
    OK(kb_checkpoint_write(&place.at, &out, &seen, &err), &err);
    FILE *file = fopen(place.file, "r");
    size_t n = fread(text, 1, sizeof text, file);
    (void)fclose(file);
    for (size_t i = 0; i < n; i++) {
        struct kb_checkpoint in = {.group = out.group, .region = out.region};
        text[i] ^= 1;
        file = fopen(place.file, "w");
        CHECK(fwrite(text, 1, n, file) == n);
        (void)fclose(file);
        EQ_INT(kb_checkpoint_read(&place.at, &in, &err).code, KB_ERR_CORRUPT);
        kb_checkpoint_done(&in);
        text[i] ^= 1;
    }
    kb_seen_done(&seen);
    leave(&place);
}

KB_TEST(checkpoint, its_lock_is_held_once)
{
    struct place place;
    struct kb_err err = {0};
    struct kb_checkpoint_place second;
    enter(&place, &err);
    FAILS(kb_checkpoint_in_file(kb_str_c(place.file), &second, &err), KB_ERR_INVALID);
    kb_checkpoint_close(&second);
    kb_checkpoint_close(&place.at);
    OK(kb_checkpoint_in_file(kb_str_c(place.file), &place.at, &err), &err);
    leave(&place);
}

/* Where a place holds fewer keys, the next run reads less again: no time is read again without its keys. */
KB_TEST(checkpoint, as_many_keys_as_the_place_holds)
{
    struct place place;
    struct kb_err err = {0};
    struct kb_seen seen = {0};
    struct kb_checkpoint out = {.group = KB_STR("g"), .region = KB_STR("r"), .until_ms = 900000, .overlap_ms = 0};
    struct kb_checkpoint in = {.group = out.group, .region = out.region};
    enter(&place, &err);
    place.at.keys_max = 101;
    for (unsigned i = 0; i < 1000; i++) {
        (void)kb_seen_add(&seen, key_of(i), 1000 * (int64_t)(i / 2));
    }
    OK(kb_checkpoint_write(&place.at, &out, &seen, &err), &err);
    OK(kb_checkpoint_read(&place.at, &in, &err), &err);
    EQ_INT(in.keys.n, 100);
    EQ_INT(in.overlap_ms, 450000);
    for (unsigned i = 0; i < 1000; i++) {
        CHECK(kb_seen_set_has(&in.keys, key_of(i)) == (i >= 900));
    }
    kb_checkpoint_done(&in);
    kb_seen_done(&seen);
    leave(&place);
}

/* The last second alone has more keys than fit: nothing of it is read again, and the file stays readable. */
KB_TEST(checkpoint, more_keys_in_the_last_second_than_the_place_holds)
{
    struct place place;
    struct kb_err err = {0};
    struct kb_seen seen = {0};
    struct kb_checkpoint out = {.group = KB_STR("g"), .region = KB_STR("r"), .account = "111122223333",
                                .until_ms = 900500, .overlap_ms = 0};
    struct kb_checkpoint in = {.group = out.group, .region = out.region};
    enter(&place, &err);
    place.at.keys_max = 10;
    for (unsigned i = 0; i < 100; i++) {
        (void)kb_seen_add(&seen, key_of(i), 900000 + (int64_t)i);
    }
    OK(kb_checkpoint_write(&place.at, &out, &seen, &err), &err);
    OK(kb_checkpoint_read(&place.at, &in, &err), &err);
    EQ_INT(in.keys.n, 0);
    EQ_INT(in.overlap_ms, 900500);
    CHECK(strcmp(in.account, "111122223333") == 0);
    kb_checkpoint_done(&in);
    kb_seen_done(&seen);
    leave(&place);
}
