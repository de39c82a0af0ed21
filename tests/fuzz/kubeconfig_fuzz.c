/* kubeconfig files: whatever they hold, they are read or refused. */
#include "fuzz.h"
#include "kube/kubeconfig_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kb_kubeconfig config = {0};
    struct kb_yaml_docs docs = {0};
    kb_res res = kb_yaml_parse_all(&config.arena, "/home/a/.kube/config", kb_fuzz_text(data, size), &docs,
                                   NULL);
    for (size_t i = 0; !kb_failed(res) && i < docs.n; i++) {
        res = kb_kubeconfig_read(docs.at[i], &config, NULL);
    }
    for (size_t i = 0; !kb_failed(res) && i < config.contexts.n; i++) {
        KB_HOLDS(kb_kubeconfig_context(&config, config.contexts.at[i].name) != NULL);
    }
    kb_kubeconfig_done(&config);
    return 0;
}
