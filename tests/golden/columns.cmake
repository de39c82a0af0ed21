# Fails where docs/columns.md is not what `baseline columns -o markdown` prints.
execute_process(COMMAND ${PROGRAM} baseline columns -o markdown OUTPUT_VARIABLE now COMMAND_ERROR_IS_FATAL ANY)
file(READ ${PAGE} page)
if(NOT now STREQUAL page)
    message(FATAL_ERROR "docs/columns.md is not true any more: kube-baseline baseline columns -o markdown >docs/columns.md")
endif()
