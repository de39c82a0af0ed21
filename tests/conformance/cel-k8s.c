/* The language as Kubernetes sets it up, against k8s.io/apiserver's answers. */
#include "cel_table.h"

int main(int argc, char **argv)
{
    static const char *const libraries[] = {"optional", "aggregates", "formats", "lists",
                                            "network",  "quantity",   "regex",   "semver",
                                            "sets",     "strings",    "url",     NULL};
    cel_table_libraries = libraries;
    return cel_table_main(argc, argv, KB_CEL_STRICT, cel_row_check);
}
