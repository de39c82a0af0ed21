/* From the wire to the form that the AWS CLI prints. */
#ifndef KB_AWS_SHAPE_H
#define KB_AWS_SHAPE_H

#include "aws/operation.h"
#include "data/json.h"

/*
 * The body of a successful answer as a tree, a new reference. KB_ERR_CORRUPT where it is not whole: no
 * JSON or XML, or without the member that the operation promises.
 */
KB_RES kb_aws_answer_read(const struct kb_aws_service *service,
                          const struct kb_aws_operation *operation, struct kb_str body, json_t **out,
                          struct kb_err *err);

/* Overwrite all strings of a tree that held secrets. */
void kb_aws_json_wipe(const json_t *json);

#endif
