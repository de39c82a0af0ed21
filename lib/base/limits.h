/*
 * Every limit on input, in one place. Going over one is a normal error (KB_ERR_LIMIT) that names
 * the limit; nothing is cut silently.
 */
#ifndef KB_BASE_LIMITS_H
#define KB_BASE_LIMITS_H

enum {
    KB_MAX_RECORD = 4 << 20,        /* bytes of one log line or event, decoded */
    KB_MAX_JSON_DEPTH = 512,        /* nesting of one JSON value */
    KB_MAX_WRAP_DEPTH = 4,          /* envelopes around an event */
    KB_MAX_YAML_BYTES = 4 << 20,    /* one YAML file */
    KB_MAX_YAML_NODES = 400000,     /* nodes after aliases are followed */
    KB_MAX_YAML_DEPTH = 64,         /* nesting of one YAML file */
    KB_MAX_JSON_FILE = 64 << 20,    /* one JSON document read as a tree */
    KB_MAX_INFLATE_RATIO = 2000,    /* output : input of one compressed file, after 64 MiB of output */
    KB_MAX_INPUT_FILES = 200000,    /* files found under the paths named */
    KB_MAX_DIR_DEPTH = 32,          /* folders within folders under the paths named */
    KB_MAX_CEL_BYTES = 64 << 10,    /* one expression */
    KB_MAX_CEL_DEPTH = 250,         /* nesting of one expression (as cel-go) */
    KB_MAX_CEL_COST = 1000000,      /* evaluation steps of one expression over one row */
    KB_MAX_CEL_STRING = 8 << 20,    /* bytes of one string or list made by an expression */
    KB_MAX_REGEX_STEPS = 1000000,   /* PCRE2 match limit */
    KB_MAX_CONTROLS = 4096,         /* controls of one baseline */
    KB_MAX_ERRORS = 200,            /* mistakes reported in one go */
    KB_MAX_FINDINGS = 100,          /* kept for each control; the totals are exact */
    KB_MAX_ROW_BYTES = 16 << 10,    /* columns of one finding, as kept */
    KB_MAX_AWS_ANSWERS = 100000,    /* answers of AWS kept of one reading */
    KB_MAX_NET_CHANGES = 4096,      /* network policies that one log changes, as kept */
    KB_MAX_NET_OBJECTS = 600000     /* pods, policies and the like of one cluster's network */
};

#endif
