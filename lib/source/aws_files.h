/*
 * AWS settings from files: what `aws <service> <operation>` prints.
 *
 * A file is named `<service>-<operation>[-<name>].json`, or `.err` where the command failed and this is
 * what it said. Where the name tells nothing, the answer's own members do.
 * An answer without a telling name is known by what only it has, a failure by the operation that it names. A
 * Terraform state counts as answers too (tfstate.h).
 */
#ifndef KB_SOURCE_AWS_FILES_H
#define KB_SOURCE_AWS_FILES_H

#include "data/answer.h"

/* Read everything under `paths`. A file that is no answer of a known operation gives an answer with its
 * error, under the service "". Fails where a path does not exist. */
KB_RES kb_aws_files_read(const struct kb_str *paths, size_t n, const struct kb_aws_sink *sink,
                         struct kb_err *err);

/* Operation `index` of those whose answers are read, as the CLI names it; false at the end. */
bool kb_aws_files_operation(size_t index, const char **service, const char **name);

#endif
