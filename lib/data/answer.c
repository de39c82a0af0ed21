/* Failures of AWS that are answers. */
#include "data/answer.h"

/* `says` is the code, or, where the code is that of a refusal too, a part of the text. */
static const struct none {
    const char *service, *operation, *says;
} nones[] = {
    {"s3api", "get-bucket-policy", "NoSuchBucketPolicy"},
    {"s3api", "get-bucket-policy-status", "NoSuchBucketPolicy"},
    {"s3api", "get-public-access-block", "NoSuchPublicAccessBlockConfiguration"},
    {"s3control", "get-public-access-block", "NoSuchPublicAccessBlockConfiguration"},
    {"s3api", "get-bucket-encryption", "ServerSideEncryptionConfigurationNotFoundError"},
    {"s3api", "get-object-lock-configuration", "ObjectLockConfigurationNotFoundError"},
    {"s3api", "get-bucket-replication", "ReplicationConfigurationNotFoundError"},
    {"s3api", "get-bucket-lifecycle-configuration", "NoSuchLifecycleConfiguration"},
    {"eks", "list-access-entries", "authentication mode"},
    {"backup", "get-backup-vault-access-policy", "ResourceNotFoundException"},
    {"backup", "list-recovery-points-by-resource", "ResourceNotFoundException"},
    {"configservice", "describe-configuration-recorders", "NoSuchConfigurationRecorderException"},
    {"configservice", "describe-configuration-recorder-status",
     "NoSuchConfigurationRecorderException"},
    {"macie2", "get-macie-session", "Macie is not enabled"},
    {"network-firewall", "describe-logging-configuration", "ResourceNotFoundException"},
    {"securityhub", "get-findings", "is not subscribed to AWS Security Hub"},
    {"organizations", "list-parents", "AWSOrganizationsNotInUseException"},
    {"organizations", "list-policies-for-target", "AWSOrganizationsNotInUseException"},
};

bool kb_aws_says_none(const struct kb_aws_answer *answer)
{
    bool found = false;
    for (size_t i = 0; i < sizeof nones / sizeof nones[0] && !found && answer->error.n > 0; i++) {
        found = kb_str_eq_c(answer->service, nones[i].service) &&
                kb_str_eq_c(answer->operation, nones[i].operation) &&
                kb_str_find(answer->error, kb_str_c(nones[i].says), 0) != SIZE_MAX;
    }
    return found;
}
