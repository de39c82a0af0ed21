/*
 * What kube-baseline promises to those who call it: its exit statuses and the schema of its result.
 */
#ifndef KUBE_BASELINE_H
#define KUBE_BASELINE_H

enum kube_baseline_exit {
    KUBE_BASELINE_CLEAN = 0,    /* all was assessed, nothing failed at or above --fail-on */
    KUBE_BASELINE_FAILED = 1,   /* at least one control failed at or above --fail-on */
    KUBE_BASELINE_TROUBLE = 2,  /* the run itself could not be done, or its report not be written */
    KUBE_BASELINE_UNKNOWN = 3,  /* nothing failed, but something selected could not be assessed */
    KUBE_BASELINE_USAGE = 64    /* the command line is wrong (EX_USAGE of sysexits.h) */
};

/* The value of "schema" in a JSON result; a change that breaks readers changes the number. */
#define KUBE_BASELINE_RESULT_SCHEMA "kube-baseline.result/1"

#endif
