/* Profiles: selection, values, ownership, approvals, waivers. */
#include "support.h"
#include "test.h"

#define CONTROL(name, extra)                                                                       \
    "id: " name "\ntitle: T\nowner: shared\nseverity: high\ncriteria: {soc2: [CC6.1]}\n"           \
    "params: {max: {type: int, default: 3}}\nover: audit.event\nforbid: writes" extra               \
    "\nsay: '{user}'\nwhy: w\nfix: f\n"

static void start(struct world *w, const char *profile)
{
    struct kb_err err = {0};
    *w = (struct world){.rows = 0};
    world_file(w, "audit/pod-exec.yaml", CONTROL("pod-exec", ""));
    world_file(w, "audit/secret-read.yaml", CONTROL("secret-read", ""));
    world_file(w, "profiles/base.yaml",
               "profile: base\ncontrols: {include: ['audit/*'], exclude: [secret-read]}\n"
               "settings: {veleroNamespace: backup}\nownership:\n"
               "- {match: {namespaces: [kube-system]}, owner: provider}\n");
    world_file(w, "profiles/loop.yaml", "profile: loop\nextends: loop\n");
    world_file(w, "profiles/test.yaml", profile);
    world_load(w);
    (void)kb_profile_load(&w->profile, &w->baseline, KB_STR("test"), &w->mistakes, &err).code;
}

KB_TEST(profile, extends_and_overrides)
{
    struct world w;
    start(&w, "profile: test\nextends: base\n"
              "controls: {include: [secret-read], severity: {pod-exec: low}}\n"
              "params: {pod-exec.max: 9}\nsettings: {account: '111122223333'}\n"
              "ownership:\n- {match: {subjects: ['User/*']}, owner: client}\n");
    world_print(&w);
    EQ_UINT(w.mistakes.total, 0);
    CHECK(w.profile.selected[0] && w.profile.selected[1]);
    EQ_INT(w.profile.severity[0], KB_LOW);
    EQ_INT(w.profile.severity[1], KB_HIGH);
    EQ_UINT(w.profile.param_count, 1);
    EQ_INT(w.profile.params[0].value.i, 9);
    EQ_STR(kb_profile_setting(&w.profile, "veleroNamespace").s, "backup");
    EQ_STR(kb_profile_setting(&w.profile, "account").s, "111122223333");
    EQ_INT(kb_profile_setting(&w.profile, "nothing").kind, KB_CEL_NULL);
    EQ_UINT(w.profile.ownership_count, 2);
    EQ_INT(w.profile.ownership[0].owner, KB_CLIENT);
    world_done(&w);
}

KB_TEST(profile, filters)
{
    struct world w;
    struct kb_err err = {0};
    start(&w, "profile: test\n");
    static const struct kb_str only[] = {KB_STR_INIT("*"), KB_STR_INIT("!secret-*")};
    OK(kb_profile_filter(&w.profile, &w.baseline, only, 2, &err), &err);
    CHECK(w.profile.selected[0] && !w.profile.selected[1]);
    static const struct kb_str none[] = {KB_STR_INIT("pod-exc")};
    FAILS(kb_profile_filter(&w.profile, &w.baseline, none, 1, &err), KB_ERR_NOT_FOUND);
    EQ_C(err.msg, "the profile has no control 'pod-exc' (did you mean 'pod-exec'?)");
    world_done(&w);
}

KB_TEST(profile, that_is_not_there)
{
    struct world w;
    struct kb_err err = {0};
    start(&w, "profile: test\n");
    kb_profile_done(&w.profile);
    FAILS(kb_profile_load(&w.profile, &w.baseline, KB_STR("nope"), &w.mistakes, &err),
          KB_ERR_NOT_FOUND);
    CHECK(strstr(err.msg, "there are base loop test") != NULL);
    FAILS(kb_profile_load(&w.profile, &w.baseline, KB_STR("/nowhere/x.yaml"), &w.mistakes, &err),
          KB_ERR_NOT_FOUND);
    FAILS(kb_profile_load(&w.profile, &w.baseline, KB_STR("loop"), &w.mistakes, &err),
          KB_ERR_INVALID);
    CHECK(strstr(err.msg, "extends itself") != NULL);
    world_done(&w);
}

static void wrong(const char *profile, unsigned line, unsigned col, const char *text)
{
    struct world w;
    start(&w, profile);
    if (!kb_test_check(world_says(&w, line, col, text), __FILE__, __LINE__,
                       "at %u:%u '%s' is wanted of:\n%s", line, col, text, profile)) {
        world_print(&w);
    }
    world_done(&w);
}

KB_TEST(profile, unknown_names)
{
    wrong("profile: test\ncontrols: {include: [pod-exc]}\n", 2, 22,
          "there is no control 'pod-exc' (did you mean 'pod-exec'?)");
    wrong("profile: test\ncontrols: {severity: {nope: low}}\n", 2, 23, "there is no control 'nope'");
    wrong("profile: test\nparams: {pod-exec.mx: 1}\n", 2, 10, "has no parameter 'mx'");
    wrong("profile: test\nparams: {max: 1}\n", 2, 10, "<control>.<parameter>");
    wrong("profile: test\nparams: {pod-exec.max: many}\n", 2, 24, "an integer is expected");
    wrong("profile: test\nsettings: {breakglass: []}\n", 2, 12, "did you mean 'breakGlass'?");
    wrong("profile: test\nsettings: {breakGlass: alice}\n", 2, 24, "a list is expected");
    wrong("profile: test\nextend: base\n", 2, 1, "did you mean 'extends'?");
    wrong("profile: test\nownership: [{match: {}, owner: client}]\n", 2, 21, "must name something");
    wrong("profile: test\nownership: [{match: {controls: [pod-exec]}, owner: label}]\n", 2, 52,
          "needs match.namespaceLabel");
    wrong("profile: test\ntiers: [{match: {namespaces: ['[']}, rpo: 1h}]\n", 2, 31, "no valid glob");
    wrong("profile: test\ntiers: [{match: {namespaces: [a]}, rpo: 1d}]\n", 2, 41, "a duration");
}

#define WAIVER(control, object, created, expires)                                                  \
    "profile: test\nwaivers:\n- id: W-1\n  control: " control "\n  object: " object                \
    "\n  reason: because\n  approver: j.doe\n  created: " created "\n  expires: " expires "\n"

KB_TEST(profile, waivers_are_checked)
{
    struct world w;
    start(&w, WAIVER("pod-exec", "'Pod/*'", "2026-01-10", "2027-01-10"));
    world_print(&w);
    EQ_UINT(w.mistakes.total, 0);
    EQ_UINT(w.profile.exception_count, 1);
    world_done(&w);
    wrong(WAIVER("pod-exec", "'Pod/*'", "2026-01-10", "2027-01-11"), 9, 12, "by a year at most");
    wrong(WAIVER("pod-exec", "'Pod/*'", "2026-01-10", "2026-01-09"), 9, 12, "after created");
    wrong(WAIVER("pod-exec", "'Pod/*'", "10.1.2026", "2026-01-11"), 8, 12, "a day such as");
    wrong(WAIVER("pod-exec", "'Pod/*'", "2026-02-30", "2026-03-11"), 8, 12, "a day such as");
    wrong(WAIVER("pod-exc", "'Pod/*'", "2026-01-10", "2026-01-11"), 4, 12, "there is no control");
    wrong(WAIVER("pod-exec", "'Pod/['", "2026-01-10", "2026-01-11"), 5, 11, "no valid glob");
    wrong(WAIVER("pod-exec", "''", "2026-01-10", "2026-01-11"), 5, 11, "must not be empty");
    wrong("profile: test\nwaivers:\n- {id: W-1, control: pod-exec, object: x}\n", 3, 3,
          "a waiver needs the key 'reason'");
    wrong("profile: test\napprovals:\n- {subject: x, controls: [pod-exec], reason: r, created: "
          "2026-01-01, expires: 2026-02-01}\n", 3, 3, "an approval needs the key 'approver'");
}
