/*
 * The columns of audit.event: symbol, id, name, CEL type, presence, documentation; in the order of
 * `baseline columns`. A column is one line here and one KB_AUDIT_GET(id) in an audit_event_*.c.
 */
#ifndef KB_FACTS_AUDIT_EVENT_COLUMNS_H
#define KB_FACTS_AUDIT_EVENT_COLUMNS_H

#include "facts/audit_seen_columns.h"

/* clang-format off */
#define KB_AUDIT_WHO(X) \
    X(USER, user, "user", "string", KB_ALWAYS, \
      "The authenticated user's name (user.username); empty for a 401.") \
    X(USER_UID, user_uid, "user_uid", "string", KB_ALWAYS, \
      "The user's uid; for IAM principals \"aws-iam-authenticator:ACCOUNT:ID\".") \
    X(GROUPS, groups, "groups", "list(string)", KB_ALWAYS, \
      "The user's groups.") \
    X(EXTRA, extra, "extra", "map(string, list(string))", KB_ALWAYS, \
      "Further attributes of the user (user.extra).") \
    X(ARN, arn, "arn", "string", KB_ALWAYS, \
      "ARN of the IAM principal, with its session; empty for others.") \
    X(CANONICAL_ARN, canonical_arn, "canonical_arn", "string", KB_ALWAYS, \
      "ARN of the IAM role or user behind the session; empty for others.") \
    X(SESSION_NAME, session_name, "session_name", "string", KB_ALWAYS, \
      "Name of the assumed role's session; empty for others.") \
    X(ACCESS_KEY_ID, access_key_id, "access_key_id", "string", KB_ALWAYS, \
      "Access key that signed in: AKIA… is long-lived, ASIA… temporary.") \
    X(PRINCIPAL_ID, principal_id, "principal_id", "string", KB_ALWAYS, \
      "Unique id of the IAM principal (AROA…, AIDA…).") \
    X(ACCOUNT, account, "account", "string", KB_ALWAYS, \
      "The 12 digits of the caller's AWS account, from its ARN or uid; empty where there " \
      "is none.") \
    X(IMPERSONATED, impersonated, "impersonated", "string", KB_ALWAYS, \
      "Name of the user that was impersonated; empty where nobody was.") \
    X(IMPERSONATED_GROUPS, impersonated_groups, "impersonated_groups", "list(string)", KB_ALWAYS, \
      "Groups of the impersonated user.") \
    X(CALLER, caller, "caller", "string", KB_ALWAYS, \
      "Who came: \"anonymous\", \"node\" (system:node:…), \"service-account\" (outside " \
      "kube-system), \"system\" (other system:… names), \"eks\" (eks:…), \"person\" (all " \
      "others), or \"unauthenticated\" (no user at all).") \
    X(IS_SYSTEM, is_system, "is_system", "bool", KB_ALWAYS, \
      "The caller is part of the platform: system, node or eks.") \
    X(SA_NAMESPACE, sa_namespace, "sa_namespace", "string", KB_ALWAYS, \
      "Namespace of the calling service account; empty for others.") \
    X(SA_NAME, sa_name, "sa_name", "string", KB_ALWAYS, \
      "Name of the calling service account; empty for others.") \
    X(IMPERSONATED_SYSTEM, impersonated_system, "impersonated_system", "bool", KB_ALWAYS, \
      "The impersonated user is part of the platform, or is in group system:masters.") \
    X(CREDENTIAL_ID, credential_id, "credential_id", "string", KB_ALWAYS, \
      "Id of the credential: \"JTI=…\" of a token, \"X509SHA256=…\" of a certificate.") \
    X(POD_NAME, pod_name, "pod_name", "string", KB_ALWAYS, \
      "Pod the caller's token is bound to.") \
    X(POD_UID, pod_uid, "pod_uid", "string", KB_ALWAYS, \
      "Uid of the pod the caller's token is bound to.") \
    X(NODE_NAME, node_name, "node_name", "string", KB_ALWAYS, \
      "Node the caller's token is bound to.")

#define KB_AUDIT_REQUEST(X) \
    X(AUDIT_ID, audit_id, "audit_id", "string", KB_ALWAYS, \
      "auditID; the client may choose it, so it proves nothing.") \
    X(STAGE, stage, "stage", "string", KB_ALWAYS, \
      "Stage of the record that stands for the request: RequestReceived, ResponseStarted, " \
      "ResponseComplete or Panic.") \
    X(LEVEL, level, "level", "string", KB_ALWAYS, \
      "Audit level: Metadata (no bodies), Request, or RequestResponse.") \
    X(VERB, verb, "verb", "string", KB_ALWAYS, \
      "Kubernetes verb. exec, attach and port-forward are create, or get over WebSocket.") \
    X(URI, uri, "uri", "string", KB_ALWAYS, \
      "Request URI as it was sent.") \
    X(PATH, path, "path", "string", KB_ALWAYS, \
      "Path of the URI, decoded.") \
    X(QUERY, query, "query", "map(string, list(string))", KB_ALWAYS, \
      "Parameters of the URI, decoded; as the API server reads them.") \
    X(USER_AGENT, user_agent, "user_agent", "string", KB_ALWAYS, \
      "What the client calls itself.") \
    X(SOURCE_IPS, source_ips, "source_ips", "list(string)", KB_ALWAYS, \
      "Addresses the request passed; all but the last are claims of the client.") \
    X(SOURCE_IP, source_ip, "source_ip", "string", KB_ALWAYS, \
      "The peer's address: the last of source_ips.") \
    X(SOURCE_PUBLIC, source_public, "source_public", "bool", KB_ALWAYS, \
      "source_ip is not private, loopback, link-local, shared (100.64.0.0/10) or unique " \
      "local.") \
    X(TIME, time, "time", "timestamp", KB_OPTIONAL, \
      "When the request was received; else the stage's time; else that of its delivery.") \
    X(STAGE_TIME, stage_time, "stage_time", "timestamp", KB_OPTIONAL, \
      "When the stage was reached (stageTimestamp).") \
    X(API_GROUP, api_group, "api_group", "string", KB_ALWAYS, \
      "API group of the object; empty for the core group.") \
    X(API_VERSION, api_version, "api_version", "string", KB_ALWAYS, \
      "API version of the object.") \
    X(RESOURCE, resource, "resource", "string", KB_ALWAYS, \
      "Resource of the object in plural, such as \"pods\"; empty for other URLs.") \
    X(SUBRESOURCE, subresource, "subresource", "string", KB_ALWAYS, \
      "Subresource, such as \"exec\" or \"status\".") \
    X(NAMESPACE, name_space, "namespace", "string", KB_ALWAYS, \
      "Namespace of the object; empty for cluster scope and for lists over all " \
      "namespaces.") \
    X(NAME, name, "name", "string", KB_ALWAYS, \
      "Name of the object; the one the API server made up where generateName was used.") \
    X(OBJECT, object, "object", "string", KB_ALWAYS, \
      "The object for messages: \"pods/shop/web-1\", or the path of other URLs.") \
    X(TRUNCATED, truncated, "truncated", "bool", KB_ALWAYS, \
      "The record is cut, or the API server left its bodies out (audit.k8s.io/truncated).") \
    X(CONFLICT, conflict, "conflict", "bool", KB_ALWAYS, \
      "Another record has the same audit_id and stage, but other content.")

#define KB_AUDIT_ANSWER(X) \
    X(CODE, code, "code", "int", KB_OPTIONAL, \
      "HTTP status of the answer; unknown before there is one.") \
    X(STATUS_REASON, status_reason, "status_reason", "string", KB_ALWAYS, \
      "Reason of a refusal or error, such as \"Forbidden\" or \"NotFound\".") \
    X(DECISION, decision, "decision", "string", KB_ALWAYS, \
      "The authorizer's decision: \"allow\", \"forbid\", or empty. A request that was " \
      "allowed may still be refused (admission).") \
    X(REASON, reason, "reason", "string", KB_ALWAYS, \
      "The authorizer's reason, as written.") \
    X(GRANT_KIND, grant_kind, "grant_kind", "string", KB_ALWAYS, \
      "What allowed it: \"ClusterRoleBinding\" or \"RoleBinding\"; empty where the reason " \
      "names no grant.") \
    X(GRANT_BINDING, grant_binding, "grant_binding", "string", KB_ALWAYS, \
      "Name of the binding that allowed it; \"namespace/name\" for a RoleBinding.") \
    X(GRANT_ROLE_KIND, grant_role_kind, "grant_role_kind", "string", KB_ALWAYS, \
      "\"ClusterRole\" or \"Role\".") \
    X(GRANT_ROLE, grant_role, "grant_role", "string", KB_ALWAYS, \
      "Name of the role that allowed it.") \
    X(GRANT_SUBJECT, grant_subject, "grant_subject", "string", KB_ALWAYS, \
      "Subject of the binding that applied: \"User/x\", \"Group/x\" or " \
      "\"ServiceAccount/namespace/name\".") \
    X(ACCESS_POLICY, access_policy, "access_policy", "string", KB_ALWAYS, \
      "ARN of the EKS access policy that allowed it; empty for RBAC.") \
    X(ACCESS_PRINCIPAL, access_principal, "access_principal", "string", KB_ALWAYS, \
      "ARN of the access entry that holds the policy; empty for RBAC.") \
    X(DRY_RUN, dry_run, "dry_run", "bool", KB_ALWAYS, \
      "Nothing was to be stored: dryRun in the URI, or in the options of a delete or " \
      "eviction where the body is logged.") \
    X(FIELD_MANAGER, field_manager, "field_manager", "string", KB_ALWAYS, \
      "Field manager of a write: from the URI, else the first word of the user agent as " \
      "the API server does.") \
    X(SUCCEEDED, succeeded, "succeeded", "bool", KB_ALWAYS, \
      "Code below 400, and no dry run: the guard for controls over changes.") \
    X(REFUSED, refused, "refused", "bool", KB_ALWAYS, \
      "Code 401 or 403.") \
    X(WRITES, writes, "writes", "bool", KB_ALWAYS, \
      "Verb create, update or patch.") \
    X(CREATED, created, "created", "bool", KB_ALWAYS, \
      "Succeeded, and made a new object: create, or an update or patch (apply) answered " \
      "201.") \
    X(DELETES, deletes, "deletes", "bool", KB_ALWAYS, \
      "Verb delete or deletecollection.") \
    X(ANNOTATIONS, annotations, "annotations", "map(string, string)", KB_ALWAYS, \
      "Annotations of the event.") \
    X(FAILED_OPEN, failed_open, "failed_open", "list(string)", KB_ALWAYS, \
      "Annotation keys of admission webhooks that failed and let the request pass " \
      "unchecked.") \
    X(COMMAND, command, "command", "list(string)", KB_ALWAYS, \
      "Words of the command of exec, or of a run or exec through nodes/proxy (cmd).") \
    X(COMMAND_TEXT, command_text, "command_text", "string", KB_ALWAYS, \
      "The command's words joined by spaces.") \
    X(PROGRAM, program, "program", "string", KB_ALWAYS, \
      "Base name of the program that is run; env, busybox, nohup, timeout and the like " \
      "are looked through.")

#define KB_AUDIT_BODY(X) \
    X(HAS_BODY, has_body, "has_body", "bool", KB_ALWAYS, \
      "The record shows an object: responseObject (unless a Status), or requestObject.") \
    X(OBJECT_LABELS, object_labels, "object_labels", "map(string, string)", KB_ALWAYS, \
      "Labels of the object after a write.") \
    X(OBJECT_ANNOTATIONS, object_annotations, "object_annotations", "map(string, string)", KB_ALWAYS, "Annotations of the object after a write.") \
    X(LABELS_REMOVED, labels_removed, "object_labels_removed", "list(string)", KB_ALWAYS, \
      "Keys of labels that a patch takes away from the object (null in a merge patch, remove in a JSON patch).") \
    X(LABELS_PATCHED, labels_patched, "object_labels_patched", "list(string)", KB_ALWAYS, \
      "Keys of labels that a patch sets or takes away; unknown for an update, which does not tell what it changes.") \
    X(OWNER_KIND, owner_kind, "owner_kind", "string", KB_ALWAYS, \
      "Kind of the controller that owns the written object; empty where none does.") \
    X(IS_WORKLOAD, is_workload, "is_workload", "bool", KB_ALWAYS, \
      "A pod (or its ephemeral containers), or an object with a pod template: deployment, " \
      "daemon set, stateful set, replica set, job, cron job, replication controller; not " \
      "their status or scale.") \
    X(PRIVILEGED, privileged, "workload.privileged", "bool", KB_ALWAYS, \
      "Written workload: a container is privileged. Of a patch that is logged without the " \
      "object after it, and of a cut body, only true is known; this holds for all " \
      "workload columns.") \
    X(HOST_NETWORK, host_network, "workload.host_network", "bool", KB_ALWAYS, \
      "Written workload: uses the node's network (hostNetwork).") \
    X(HOST_PID, host_pid, "workload.host_pid", "bool", KB_ALWAYS, \
      "Written workload: sees the node's processes (hostPID).") \
    X(HOST_IPC, host_ipc, "workload.host_ipc", "bool", KB_ALWAYS, \
      "Written workload: shares the node's IPC (hostIPC).") \
    X(RUN_AS_ROOT, run_as_root, "workload.run_as_root", "bool", KB_ALWAYS, \
      "Written workload: a container has runAsUser 0, or runAsNonRoot false and no user; " \
      "its own value hides the pod's.") \
    X(HOST_PATHS, host_paths, "workload.host_paths", "list(string)", KB_ALWAYS, \
      "Written workload: hostPath volumes, without slashes at the end.") \
    X(CAPABILITIES, capabilities, "workload.capabilities", "list(string)", KB_ALWAYS, \
      "Written workload: capabilities added, in upper case.") \
    X(IMAGES, images, "workload.images", "list(string)", KB_ALWAYS, \
      "Written workload: images of all containers, init and ephemeral ones included.") \
    X(CONTAINER_NAMES, container_names, "workload.container_names", "list(string)", KB_ALWAYS, \
      "Written workload: names of all containers.") \
    X(SERVICE_ACCOUNT, service_account, "workload.service_account", "string", KB_ALWAYS, \
      "Written workload: its service account, as written.") \
    X(PATCHED_IMAGES, patched_images, "workload.patched_images", "list(string)", KB_ALWAYS, \
      "Names of the containers for which a patch itself sets an image: new ones, and " \
      "changed ones.") \
    X(ROLE_RULES, role_rules, "role.rules", "list(map(string, list(string)))", KB_ALWAYS, \
      "Written role: its rules, each with verbs, apiGroups, resources, resourceNames and " \
      "nonResourceURLs.") \
    X(BINDING_ROLE_KIND, binding_role_kind, "binding.role_kind", "string", KB_ALWAYS, \
      "Written binding: kind of the role it grants.") \
    X(BINDING_ROLE, binding_role, "binding.role", "string", KB_ALWAYS, \
      "Written binding: name of the role it grants.") \
    X(BINDING_SUBJECTS, binding_subjects, "binding.subjects", "list(string)", KB_ALWAYS, \
      "Written binding: \"User/x\", \"Group/x\", \"ServiceAccount/namespace/name\".") \
    X(SERVICE_TYPE, service_type, "service.type", "string", KB_ALWAYS, \
      "Written service: its type, as written.") \
    X(SERVICE_CLASS, service_class, "service.load_balancer_class", "string", KB_ALWAYS, \
      "Written service: loadBalancerClass.") \
    X(SERVICE_EXTERNAL_IPS, service_external_ips, "service.external_ips", "list(string)", KB_ALWAYS, \
      "Written service: externalIPs.") \
    X(SERVICE_RANGES, service_ranges, "service.source_ranges", "list(string)", KB_ALWAYS, \
      "Written service: loadBalancerSourceRanges.") \
    X(INGRESS_TLS, ingress_tls, "ingress.has_tls", "bool", KB_ALWAYS, \
      "Written ingress: has a tls section.") \
    X(INGRESS_HOSTS, ingress_hosts, "ingress.hosts", "list(string)", KB_ALWAYS, \
      "Written ingress: hosts of its rules.") \
    X(WEBHOOK_RULES, webhook_rules, "webhook.rules", "list(map(string, list(string)))", KB_ALWAYS, \
      "Written webhook configuration: rules of all webhooks, each with operations, " \
      "apiGroups, apiVersions and resources.") \
    X(WEBHOOK_POLICIES, webhook_policies, "webhook.failure_policies", "list(string)", KB_ALWAYS, \
      "Written webhook configuration: failurePolicy of each webhook (Fail where none is " \
      "written).") \
    X(WEBHOOK_URLS, webhook_urls, "webhook.urls", "list(string)", KB_ALWAYS, \
      "Written webhook configuration: URLs outside the cluster's services.") \
    X(NETPOL_TYPES, netpol_types, "netpol.types", "list(string)", KB_ALWAYS, \
      "Written network policy: the directions it isolates.") \
    X(NETPOL_OPENS, netpol_opens, "netpol.opens", "bool", KB_ALWAYS, \
      "Written network policy: a rule admits every peer (no peers, or 0.0.0.0/0 or ::/0 " \
      "without exceptions); egress to port 53 alone does not count.") \
    X(CSR_SIGNER, csr_signer, "csr.signer", "string", KB_ALWAYS, \
      "Written certificate signing request: signerName.") \
    X(CSR_USAGES, csr_usages, "csr.usages", "list(string)", KB_ALWAYS, \
      "Written certificate signing request: usages.") \
    X(REPLICAS, replicas, "replicas", "int", KB_OPTIONAL, \
      "spec.replicas of the written workload or Scale; a whole Scale without it means 0.")
/* clang-format on */

#define KB_AUDIT_COLUMNS(X) \
    KB_AUDIT_WHO(X) KB_AUDIT_REQUEST(X) KB_AUDIT_ANSWER(X) KB_AUDIT_BODY(X) KB_AUDIT_BEFORE(X)

#endif
