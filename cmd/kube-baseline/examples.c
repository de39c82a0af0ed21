/* Examples of each command, as its help shows them. */
#include "kube-baseline/examples.h"

const char *const kb_check_examples[] = {
    "check",
    "check --context prod --logs /var/log/audit/",
    "check --logs /var/log/audit/",
    "check --logs export/*.gz --profile audit-log -o text -o json=result.json",
    "check --logs audit.jsonl --fail-on high --since -24h",
    "check --eks-cluster prod --context prod",
    "check --log-group /aws/eks/prod/cluster --checkpoint /var/lib/kube-baseline/prod",
    "check --logs audit.jsonl --control 'audit-*' '!audit-exec-*'",
    NULL,
};
const char *const kb_collect_examples[] = {
    "collect -o cluster.snapshot.gz",
    "collect --objects dump/ --aws settings/ -o cluster.snapshot.zst",
    "collect --eks-cluster prod --context prod -o prod.snapshot.gz",
    NULL,
};
const char *const kb_logs_summary_examples[] = {
    "logs summary audit.jsonl",
    "logs summary export/ --code 403 --top 20",
    "logs summary --eks-cluster prod --since -6h",
    "logs summary audit.jsonl -o json",
    NULL,
};
const char *const kb_logs_search_examples[] = {
    "logs search audit.jsonl --user 'system:anonymous'",
    "logs search export/ -r secrets --verb get --verb list -n kube-system --since -2h",
    "logs search audit.jsonl -w 'code == 403 && source_public' -o jsonl | jq .user",
    NULL,
};
const char *const kb_logs_coverage_examples[] = {
    "logs coverage export/",
    "logs coverage --log-group /aws/eks/prod/cluster",
    "logs coverage --eks-cluster prod --since -7d --insights",
    NULL,
};
const char *const kb_baseline_list_examples[] = {
    "baseline list",
    "baseline list --baseline ./baselines -o json",
    NULL,
};
const char *const kb_baseline_show_examples[] = {
    "baseline show audit-anonymous-access",
    NULL,
};
const char *const kb_baseline_columns_examples[] = {
    "baseline columns",
    "baseline columns audit.event",
    NULL,
};
const char *const kb_baseline_test_examples[] = {
    "baseline test",
    "baseline test ./baselines",
    "baseline test audit-anonymous-access -v",
    NULL,
};
const char *const kb_baseline_eval_examples[] = {
    "baseline eval -t audit.event 'user.startsWith(\"system:\")' rows.json",
    "baseline eval -t audit.event 'has(code) && code >= 400' - <<< '{code: 403}'",
    NULL,
};
const char *const kb_baseline_export_examples[] = {
    "baseline export ./baselines",
    NULL,
};
const char *const kb_rbac_who_can_examples[] = {
    "rbac who-can get secrets -A",
    "rbac who-can create pods/exec -n shop --objects dump/",
    "rbac who-can get /metrics",
    NULL,
};
const char *const kb_rbac_can_examples[] = {
    "rbac can delete deploy web -n shop --as alice --as-group devs",
    "rbac can list secrets -A --as system:serviceaccount:shop:web --objects dump/",
    "rbac can --requests reviews.jsonl --objects dump/ | jq .reason",
    NULL,
};
const char *const kb_rbac_explain_examples[] = {
    "rbac explain ServiceAccount/shop/web",
    "rbac explain Group/devs --objects dump/ -o json",
    NULL,
};
const char *const kb_rbac_review_examples[] = {
    "rbac review",
    "rbac review --objects dump/ --aws settings/ --owner-label owner -o csv",
    NULL,
};
const char *const kb_rbac_paths_examples[] = {
    "rbac paths",
    "rbac paths Group/devs --objects dump/ --aws settings/",
    "rbac paths --objects dump/ -o json | jq .cuts",
    NULL,
};
const char *const kb_network_reach_examples[] = {
    "network reach -n shop",
    "network reach --to shop/db --port 5432 --objects dump/ -o csv",
    "network reach --from shop/web --without NetworkPolicy/shop/web-egress",
    NULL,
};
const char *const kb_network_explain_examples[] = {
    "network explain shop/web shop/db 5432",
    "network explain Pod/shop/web-0 169.254.169.254 80 --objects dump/",
    "network explain shop/web shop/db 5432 --with policy.yaml",
    NULL,
};
const char *const kb_network_diff_examples[] = {
    "network diff yesterday.snapshot.gz today.snapshot.gz",
    "network diff main/manifests branch/manifests -o json",
    NULL,
};
const char *const kb_network_fix_examples[] = {
    "network fix pod-open-ingress -n shop",
    "network fix 'namespace-default-deny-*' --keep 'namespace/monitoring -> namespace/shop 9090' | kubectl apply -f -",
    "network fix StatefulSet/shop/db --profile acme.yaml -o text",
    NULL,
};
const char *const kb_network_diagram_examples[] = {
    "network diagram -o svg > network.svg",
    "network diagram -n 'shop*' --objects dump/ | dot -Tpng -o shop.png",
    "network diagram --layer policy -o svg > policies.svg",
    "network diagram --layer vpc --aws aws/ -o svg > vpc.svg",
    NULL,
};
const char *const kb_rbac_propose_examples[] = {
    "rbac propose ServiceAccount/shop/web --logs /var/log/audit/",
    "rbac propose Group/devs --logs export/ --objects dump/ > minimal.yaml",
    NULL,
};
const char *const kb_backup_coverage_examples[] = {
    "backup coverage",
    "backup coverage --objects dump/ -n 'shop-*'",
    "backup coverage --snapshot cluster.jsonl.gz --profile acme.yaml -o csv",
    NULL,
};
const char *const kb_backup_schedule_examples[] = {
    "backup schedule",
    "backup schedule --objects dump/ --now 2026-01-15T10:00:00Z -o json",
    NULL,
};
const char *const kb_completion_examples[] = {
    "completion bash > /etc/bash_completion.d/kube-baseline",
    "completion zsh > \"${fpath[1]}/_kube-baseline\"",
    "completion fish > ~/.config/fish/completions/kube-baseline.fish",
    NULL,
};
