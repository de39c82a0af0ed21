/* Columns of written workloads. */
#include "show.h"
#include "test.h"

#define EVENT(level, verb, group, resource, more)                                                  \
    "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"level\":\"" level                    \
    "\",\"stage\":\"ResponseComplete\",\"verb\":\"" verb                                           \
    "\",\"requestURI\":\"/x\",\"objectRef\":{\"resource\":\"" resource "\",\"apiGroup\":\"" group  \
    "\",\"namespace\":\"shop\",\"name\":\"web\"},\"responseStatus\":{\"code\":200}," more "}"
#define POD(spec)                                                                                  \
    EVENT("RequestResponse", "create", "", "pods",                                                 \
          "\"responseObject\":{\"kind\":\"Pod\",\"spec\":" spec "}")
#define MEAN                                                                                       \
    "{\"containers\":[{\"name\":\"a\"}],\"initContainers\":[{\"name\":\"i\",\"securityContext\":{" \
    "\"privileged\":true}}]}"

KB_TEST(workload, every_kind_that_has_pods)
{
    static const struct {
        const char *event, *want;
    } rows[] = {
        {POD(MEAN), "true"},
        {POD("{\"containers\":[{\"securityContext\":{\"privileged\":false}}]}"), "false"},
        {POD("{\"containers\":[],\"ephemeralContainers\":[{\"securityContext\":{\"privileged\":"
             "true}}]}"),
         "true"},
#define OF(group, kinds, before, after)                                                            \
    EVENT("RequestResponse", "update", group, kinds,                                               \
          "\"requestObject\":{\"kind\":\"X\"},\"responseObject\":{\"spec\":" before MEAN after     \
          "}")
        {OF("apps", "deployments", "{\"template\":{\"spec\":", "}}"), "true"},
        {OF("apps", "daemonsets", "{\"template\":{\"spec\":", "}}"), "true"},
        {OF("apps", "statefulsets", "{\"template\":{\"spec\":", "}}"), "true"},
        {OF("apps", "replicasets", "{\"template\":{\"spec\":", "}}"), "true"},
        {OF("batch", "jobs", "{\"template\":{\"spec\":", "}}"), "true"},
        {OF("", "replicationcontrollers", "{\"template\":{\"spec\":", "}}"), "true"},
        {OF("batch", "cronjobs", "{\"jobTemplate\":{\"spec\":{\"template\":{\"spec\":", "}}}}"),
         "true"},
        {OF("example.com", "jobs", "{\"template\":{\"spec\":", "}}"), "false"},
        {OF("batch", "cronjobs", "{\"template\":{\"spec\":", "}}"), "false"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        COLUMN(rows[i].event, "workload.privileged", rows[i].want);
    }
}

KB_TEST(workload, subresources_and_other_verbs)
{
#define SUB(name)                                                                                  \
    "{\"level\":\"RequestResponse\",\"verb\":\"patch\",\"objectRef\":{\"resource\":\"pods\","      \
    "\"subresource\":\"" name "\"},\"responseObject\":{\"kind\":\"Pod\",\"spec\":" MEAN "}}"
    COLUMN(SUB("status"), "workload.privileged", "false");
    COLUMN(SUB("status"), "is_workload", "false");
    COLUMN(SUB("ephemeralcontainers"), "workload.privileged", "true");
    COLUMN(SUB("ephemeralcontainers"), "is_workload", "true");
    const char *gone = EVENT("RequestResponse", "delete", "", "pods",
                             "\"responseObject\":{\"kind\":\"Pod\",\"spec\":" MEAN "}");
    COLUMN(gone, "workload.privileged", "false");
    COLUMN(gone, "is_workload", "true");
    const char *unread = EVENT("Metadata", "get", "", "pods", "\"x\":1");
    COLUMN(unread, "workload.privileged", "false");
    COLUMN(unread, "workload.images", "[]");
}

KB_TEST(workload, which_body)
{
    COLUMN(EVENT("Metadata", "create", "", "pods", "\"x\":1"), "workload.privileged",
           "unknown: level Metadata carries no body");
    COLUMN(EVENT("Metadata", "create", "", "pods", "\"x\":1"), "has_body", "false");
    COLUMN(EVENT("Request", "create", "", "pods", "\"requestObject\":{\"spec\":" MEAN "}"),
           "workload.privileged", "true");
    COLUMN(EVENT("Request", "create", "", "pods", "\"requestObject\":{\"spec\":{}}"),
           "workload.privileged", "false");
    COLUMN(EVENT("RequestResponse", "create", "", "pods",
                 "\"annotations\":{\"audit.k8s.io/truncated\":\"true\"}"),
           "workload.privileged",
           "unknown: too large for the audit log, left out by the API server");
    const char *refused = EVENT("RequestResponse", "create", "", "pods",
                                "\"requestObject\":{\"spec\":" MEAN
                                "},\"responseObject\":{\"kind\":\"Status\",\"code\":403}");
    COLUMN(refused, "workload.privileged", "true");
    COLUMN(refused, "has_body", "true");
    const char *reordered =
        EVENT("RequestResponse", "create", "", "pods",
              "\"responseObject\":{\"spec\":{}},\"requestObject\":{\"spec\":" MEAN "}");
    COLUMN(reordered, "workload.privileged", "false");
    COLUMN(EVENT("RequestResponse", "create", "", "pods",
                 "\"responseObject\":{\"spec\":{\"containers\":[}}"),
           "workload.privileged", "unknown: the body is no JSON");
}

KB_TEST(workload, patches_without_the_object_after_them)
{
#define PATCH(body) EVENT("Request", "patch", "apps", "deployments", "\"requestObject\":" body)
    const char *part = "unknown: a patch shows only part of the object";
    const char *side = PATCH(
        "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"side\",\"image\":\"x\","
        "\"securityContext\":{\"privileged\":true}},{\"name\":\"old\"}]}}}}");
    COLUMN(side, "workload.privileged", "true");
    COLUMN(side, "workload.host_network", part);
    COLUMN(side, "workload.images", part);
    COLUMN(side, "workload.patched_images", "[side]");
    const char *json =
        PATCH("[{\"op\":\"test\",\"path\":\"/x\",\"value\":1},{\"op\":\"add\",\"path\":\"/spec/"
              "template/spec/containers/-\","
              "\"value\":{\"name\":\"side\",\"image\":\"x\",\"securityContext\":{\"capabilities\":{"
              "\"add\":[\"sys_admin\"]}}}},"
              "{\"op\":\"replace\",\"path\":\"/spec/template/spec/hostPID\",\"value\":true},"
              "{\"op\":\"add\",\"path\":\"/spec/template/spec/containers/0/securityContext/"
              "privileged\",\"value\":true}]");
    COLUMN(json, "workload.patched_images", "[side]");
    COLUMN(json, "workload.host_pid", "true");
    COLUMN(json, "workload.privileged", "true");
    COLUMN(json, "workload.host_ipc", part);
    COLUMN(json, "object_labels", part);
    COLUMN(PATCH("{\"spec\":{\"replicas\":0}}"), "replicas", "0");
    COLUMN(PATCH("[{\"op\":\"replace\",\"path\":\"/spec/replicas\",\"value\":0}]"), "replicas",
           "0");
    COLUMN(PATCH("{\"spec\":{\"paused\":true}}"), "replicas", part);
    COLUMN(PATCH("{\"spec\":{\"template\":{\"spec\":{\"securityContext\":{\"runAsUser\":0}}}}}"),
           "workload.run_as_root", part);
    COLUMN(PATCH("{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"a\","
                 "\"securityContext\":{\"runAsUser\":0}}]}}}}"),
           "workload.run_as_root", "true");
    const char *whole = EVENT("RequestResponse", "patch", "apps", "deployments",
                              "\"requestObject\":{},\"responseObject\":{\"spec\":{\"template\":{"
                              "\"spec\":{\"hostNetwork\":true}}}}");
    COLUMN(whole, "workload.host_network", "true");
    COLUMN(whole, "workload.host_pid", "false");
    COLUMN(whole, "workload.patched_images", "[]");
}

KB_TEST(workload, bodies_that_are_cut)
{
#define CUT(tail)                                                                                  \
    "{\"level\":\"RequestResponse\",\"verb\":\"create\",\"objectRef\":{\"resource\":\"pods\"}"     \
    "," tail
    COLUMN(CUT("\"requestObject\":{\"spec\":{\"hostNetwork\":true,\"containers\":[{"
               "\"securityContext\":{\"privileged\":true"),
           "workload.host_network", "true");
    COLUMN(CUT("\"requestObject\":{\"spec\":{\"hostNetwork\":true,\"containers\":[{"
               "\"securityContext\":{\"privileged\":true"),
           "workload.privileged", "unknown: cut off");
    COLUMN(CUT("\"requestObject\":{\"spec\":{\"hostNetwork\":true,\"containers\":[{"
               "\"securityContext\":{\"privileged\":true,"),
           "workload.privileged", "true");
    COLUMN(CUT("\"requestObject\":{\"spec\":" MEAN "},\"responseObject\":{\"ki"),
           "workload.privileged", "true");
    COLUMN(CUT("\"requestObject\":{\"spec\":{}},\"responseObject\":{\"ki"), "workload.privileged",
           "unknown: cut off");
    COLUMN(CUT("\"requestObject\":{\"spec\":{}}"), "workload.privileged", "unknown: cut off");
    COLUMN("{\"level\":\"Request\",\"verb\":\"create\",\"objectRef\":{\"resource\":\"pods\"},"
           "\"requestObject\":{\"spec\":{}}",
           "workload.privileged", "false");
}

KB_TEST(workload, who_runs_as_root)
{
    static const struct {
        const char *event, *want;
    } rows[] = {
#define C(context) "{\"name\":\"a\",\"securityContext\":" context "}"
        {POD("{\"containers\":[" C("{\"runAsUser\":0}") "]}"), "true"},
        {POD("{\"containers\":[" C("{\"runAsNonRoot\":false}") "]}"), "true"},
        {POD("{\"containers\":[" C("{\"runAsNonRoot\":false,\"runAsUser\":7}") "]}"), "false"},
        {POD("{\"containers\":[" C("{\"runAsUser\":7}") "],\"securityContext\":{\"runAsUser\":0}}"),
         "false"},
        {POD("{\"containers\":[" C(
             "{\"runAsUser\":7}") ",{\"name\":\"b\"}],\"securityContext\":{\"runAsUser\":0}}"),
         "true"},
        {POD("{\"containers\":[" C(
             "{\"runAsNonRoot\":true}") "],\"securityContext\":{\"runAsNonRoot\":false}}"),
         "false"},
        {POD("{\"containers\":[{\"name\":\"a\"}],\"securityContext\":{\"runAsNonRoot\":false}}"),
         "true"},
        {POD("{\"containers\":[{\"name\":\"a\"}]}"), "false"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        COLUMN(rows[i].event, "workload.run_as_root", rows[i].want);
    }
}

KB_TEST(workload, lists)
{
    const char *e = POD("{\"volumes\":[{\"hostPath\":{\"path\":\"/var/run/"
                        "\"}},{\"hostPath\":{\"path\":\"//etc/./x//\"}},"
                        "{\"hostPath\":{\"path\":\"/"
                        "\"}},{\"name\":\"c\",\"configMap\":{}}],\"serviceAccountName\":\"s\","
                        "\"containers\":[{\"name\":\"a\",\"image\":\"i:1\",\"securityContext\":{"
                        "\"capabilities\":{\"add\":[\"NET_ADMIN\",\"all\"]}}}],"
                        "\"initContainers\":[{\"name\":\"b\",\"image\":\"j\"}]}");
    COLUMN(e, "workload.host_paths", "[/var/run, /etc/x, /]");
    COLUMN(e, "workload.capabilities", "[NET_ADMIN, ALL]");
    COLUMN(e, "workload.images", "[i:1, j]");
    COLUMN(e, "workload.container_names", "[a, b]");
    COLUMN(e, "workload.service_account", "s");
    COLUMN(e, "workload.host_ipc", "false");
}
