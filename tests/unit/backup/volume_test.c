/* Ways of volumes, resource policies, and what schedules mean. */
#include "backup/schedule.h"
#include "backup/volume_path.h"
#include "data/json.h"
#include "test.h"

static const int64_t DAY = 86400;

static struct kb_volume_case ordinary(void)
{
    return (struct kb_volume_case){.csi = true,
                                   .driver = KB_STR("ebs.csi.aws.com"),
                                   .fs_default = KB_NO,
                                   .node_agent = KB_YES,
                                   .csi_enabled = KB_YES,
                                   .location = KB_NO};
}

#define WAY(at, want_path, want_effective)                                                         \
    do {                                                                                           \
        struct kb_volume_way way_;                                                                 \
        kb_volume_way(&(at), &way_);                                                               \
        EQ_INT(way_.path, want_path);                                                              \
        EQ_INT(way_.effective, want_effective);                                                    \
        CHECK((way_.why.n == 0) == (way_.effective == KB_YES));                                    \
    } while (0)

KB_TEST(volume, snapshots)
{
    struct kb_volume_case at = ordinary();
    WAY(at, KB_VOLUME_SNAPSHOT, KB_YES);
    at.class_problem = KB_STR("there is no VolumeSnapshotClass");
    WAY(at, KB_VOLUME_SNAPSHOT, KB_NO);
    at.class_unread = true;
    WAY(at, KB_VOLUME_SNAPSHOT, KB_NOT_KNOWN);
    at = ordinary();
    at.driver = KB_STR("efs.csi.aws.com");
    WAY(at, KB_VOLUME_SNAPSHOT, KB_NO);
    at = ordinary();
    at.csi_enabled = KB_NO;
    WAY(at, KB_VOLUME_SNAPSHOT, KB_NO);
    at.location = KB_YES;
    WAY(at, KB_VOLUME_SNAPSHOT, KB_YES);
    at = ordinary();
    at.snapshots_off = true;
    WAY(at, KB_VOLUME_NONE, KB_NO);
    at = ordinary();
    at.classless = true;
    WAY(at, KB_VOLUME_SNAPSHOT, KB_NO);
}

KB_TEST(volume, file_systems)
{
    struct kb_volume_use use = {.listed = true, .running = true, .mounted = true};
    struct kb_volume_case at = ordinary();
    at.uses = &use;
    at.use_count = 1;
    WAY(at, KB_VOLUME_FS_BACKUP, KB_YES);
    at.node_agent = KB_NO;
    WAY(at, KB_VOLUME_FS_BACKUP, KB_NO);
    at.node_agent = KB_NOT_KNOWN;
    WAY(at, KB_VOLUME_FS_BACKUP, KB_NOT_KNOWN);
    at = ordinary();
    at.uses = &use;
    at.use_count = 1;
    use.running = false;
    WAY(at, KB_VOLUME_FS_BACKUP, KB_NO);
    use = (struct kb_volume_use){.left_out = true, .running = true, .mounted = true};
    at.fs_default = KB_YES;
    WAY(at, KB_VOLUME_SNAPSHOT, KB_YES);
    use.left_out = false;
    at.block = true;
    WAY(at, KB_VOLUME_FS_BACKUP, KB_NO);
    at = ordinary();
    at.fs_default = KB_NOT_KNOWN;
    at.uses = &use;
    at.use_count = 1;
    WAY(at, KB_VOLUME_UNSURE, KB_NOT_KNOWN);
}

KB_TEST(volume, labels_filters_and_policies_come_first)
{
    struct kb_volume_case at = ordinary();
    at.action = KB_VOLUME_ACTION_SKIP;
    WAY(at, KB_VOLUME_NONE, KB_NO);
    at.policy_unread = true;
    WAY(at, KB_VOLUME_UNSURE, KB_NOT_KNOWN);
    at.excluded = true;
    WAY(at, KB_VOLUME_NONE, KB_NO);
    at = ordinary();
    at.filtered = true;
    WAY(at, KB_VOLUME_NONE, KB_NO);
    at = ordinary();
    at.action = KB_VOLUME_ACTION_CUSTOM;
    WAY(at, KB_VOLUME_EXTERNAL, KB_YES);
    at.action = KB_VOLUME_ACTION_FS_BACKUP;
    WAY(at, KB_VOLUME_FS_BACKUP, KB_NO);
}

static enum kb_volume_action action(const char *text, const char *labels)
{
    struct kb_arena arena = {0};
    const struct kb_resource_policy *policy = NULL;
    struct kb_err err = {0};
    KB_AUTO(kb_json_done) json_t *json = NULL;
    OK(kb_json_parse(NULL, kb_str_c(labels), 0, &json, &err), &err);
    struct kb_policy_volume volume = {.capacity = KB_STR("50Gi"), .storage_class = KB_STR("gp3"),
                                      .type = KB_STR("csi"), .driver = KB_STR("ebs.csi.aws.com"),
                                      .phase = KB_STR("Bound"), .labels = json};
    OK(kb_resource_policy_read(kb_str_c(text), &arena, &policy, &err), &err);
    enum kb_volume_action got = kb_resource_policy_action(policy, &volume);
    kb_arena_done(&arena);
    return got;
}

#define POLICY(conditions) "version: v1\nvolumePolicies:\n- conditions:\n    " conditions "\n  action: {type: skip}\n"

KB_TEST(volume, conditions_of_policies)
{
    EQ_INT(action(POLICY("capacity: \"10Gi,100Gi\""), "{}"), KB_VOLUME_ACTION_SKIP);
    EQ_INT(action(POLICY("capacity: \",20Gi\""), "{}"), KB_VOLUME_ACTION_NONE);
    EQ_INT(action(POLICY("capacity: \"60Gi,\""), "{}"), KB_VOLUME_ACTION_NONE);
    EQ_INT(action(POLICY("storageClass: [gp2, gp3]"), "{}"), KB_VOLUME_ACTION_SKIP);
    EQ_INT(action(POLICY("csi: {}"), "{}"), KB_VOLUME_ACTION_SKIP);
    EQ_INT(action(POLICY("csi: {driver: efs.csi.aws.com}"), "{}"), KB_VOLUME_ACTION_NONE);
    EQ_INT(action(POLICY("nfs: {}"), "{}"), KB_VOLUME_ACTION_NONE);
    EQ_INT(action(POLICY("volumeTypes: [csi]"), "{}"), KB_VOLUME_ACTION_SKIP);
    EQ_INT(action(POLICY("pvcLabels: {backup: skip}"), "{\"backup\":\"skip\"}"), KB_VOLUME_ACTION_SKIP);
    EQ_INT(action(POLICY("pvcLabels: {backup: skip}"), "{}"), KB_VOLUME_ACTION_NONE);
    EQ_INT(action(POLICY("pvcPhase: [Pending]"), "{}"), KB_VOLUME_ACTION_NONE);
}

static void refuses(const char *text, enum kb_code code)
{
    struct kb_arena arena = {0};
    const struct kb_resource_policy *policy = NULL;
    struct kb_err err = {0};
    FAILS(kb_resource_policy_read(kb_str_c(text), &arena, &policy, &err), code);
    kb_arena_done(&arena);
}

KB_TEST(volume, policies_that_velero_refuses)
{
    refuses("", KB_ERR_SYNTAX);
    refuses("[1]", KB_ERR_INVALID);
    refuses("version: v2\n", KB_ERR_INVALID);
    refuses("volumePolicies: []\n", KB_ERR_INVALID);
    refuses(POLICY("colour: red"), KB_ERR_INVALID);
    refuses(POLICY("storageClass: gp3"), KB_ERR_INVALID);
    refuses("version: v1\nvolumePolicies: [{action: {type: shred}}]\n", KB_ERR_INVALID);
    refuses("version: v1\nvolumePolicies: [5]\n", KB_ERR_INVALID);
    refuses("version: [\n", KB_ERR_SYNTAX);
}

static struct kb_schedule_times times_of(const char *text)
{
    struct kb_schedule_times times;
    kb_schedule_times(KB_CRON_STANDARD, kb_str_c(text), 1781598600 /* 2026-06-16T08:30Z */, &times);
    return times;
}

KB_TEST(schedule, gaps)
{
    EQ_INT(times_of("0 2 * * *").gap_s, DAY);
    EQ_INT(times_of("0 2 * * 1-5").gap_s, 3 * DAY);
    EQ_INT(times_of("@every 6h").gap_s, DAY / 4);
    EQ_INT(times_of("CRON_TZ=Europe/Dublin 30 1 * * *").gap_s, 47 * 3600);
    CHECK(times_of("CRON_TZ=Europe/Dublin 30 1 * * *").dst_gap);
    CHECK(!times_of("CRON_TZ=Europe/Dublin 30 4 * * *").dst_gap);
    CHECK(!times_of("CRON_TZ=Europe/Dublin 0 * * * *").dst_gap);
    CHECK(!times_of("30 1 * * *").dst_gap);
    EQ_INT(times_of("0 0 29 2 *").gap_s, 400 * DAY);
}

KB_TEST(schedule, expressions_that_do_not_work)
{
    static const char *const bad[] = {"", "0 2 * * 7", "CRON_TZ=UTC", "@reboot", "0 2 * *",
                                      "CRON_TZ=Nowhere/X 0 1 * * *", "\xff\xfe * * * *"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct kb_schedule_times times = times_of(bad[i]);
        int64_t due;
        CHECK(!times.valid && !times.fires && times.error[0] != '\0');
        CHECK(!kb_schedule_due(&times, 0, &due));
    }
    CHECK(times_of("0 2 30 2 *").valid && !times_of("0 2 30 2 *").fires);
    CHECK(strstr(times_of("CRON_TZ=UTC").error, "panic") != NULL);
    EQ_INT(kb_schedule_fields(KB_STR("CRON_TZ=UTC 0 3 * * *")), 5);
    EQ_INT(kb_schedule_fields(KB_STR("0 0 3 * * *")), 6);
    EQ_INT(kb_schedule_fields(KB_STR("@daily")), 0);
    EQ_STR(kb_schedule_zone(KB_STR("TZ=Asia/Tokyo 0 3 * * *")), "Asia/Tokyo");
}
