/* The expression language against google/cel-spec's table and cel-go's answers. */
#include "cel_table.h"

int main(int argc, char **argv)
{
    return cel_table_main(argc, argv, 0, cel_row_check);
}
