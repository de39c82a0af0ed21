/* The option table, and what frees the lists it fills. */
#include "kube-baseline/options.h"

#define AT(member) offsetof(struct kb_args, member)

const struct kb_option kb_options[] = {
    {"color", 0, KB_OPT_TEXT, AT(color), "WHEN", "auto|always|never", false,
     "Colours: on a terminal that wants them (auto), always, or never. NO_COLOR turns auto off.", KB_CMD_ALL},
    {"help", 'h', KB_OPT_FLAG, AT(help), NULL, NULL, false, "Show help.", KB_CMD_ALL},
    {"version", 0, KB_OPT_FLAG, AT(version), NULL, NULL, false, "Print the version.", KB_CMD_ALL},
};
const size_t kb_option_count = sizeof kb_options / sizeof *kb_options;

void kb_args_done(struct kb_args *args)
{
    for (size_t i = 0; i < kb_option_count; i++) {
        if (kb_options[i].type == KB_OPT_MANY || kb_options[i].type == KB_OPT_GREEDY) {
            kb_words *words = (kb_words *)(void *)((char *)args + kb_options[i].offset);
            KB_VEC_DONE(words);
        }
    }
    KB_VEC_DONE(&args->words);
}
