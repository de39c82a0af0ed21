/* Tables net.exposure, net.exposed. */
#ifndef KB_FACTS_NET_TABLES_H
#define KB_FACTS_NET_TABLES_H

#include "facts/world.h"

extern const struct kb_table kb_table_net_exposure, kb_table_net_exposed;
extern const struct kb_fact_source kb_facts_net_exposure, kb_facts_net_exposed;

#endif
