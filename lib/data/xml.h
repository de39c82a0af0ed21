/*
 * XML of web services as a JSON tree (expat underneath).
 *
 * An element with elements in it is an object, one without is a string (empty where it is empty); elements
 * of one name beside each other are an array. Attributes and text between elements are left out. Foreign
 * text is bounded; documents that declare entities (DTD) are refused.
 */
#ifndef KB_DATA_XML_H
#define KB_DATA_XML_H

#include <jansson.h>

#include "base/err.h"
#include "base/str.h"

enum { KB_XML_DEPTH_MAX = 64, KB_XML_BYTES_MAX = 64 << 20 };

/* Parse one document. *out is what its root holds (an object or a string), a new reference; the root's own
 * name is left out. KB_ERR_SYNTAX with line and column; `file` (NULL allowed) names it. */
KB_RES kb_xml_parse(const char *file, struct kb_str text, json_t **out, struct kb_err *err);

/* The same, where the root must have one of these names (up to a NULL; NULL itself: any): a page of a proxy is
 * XML, too. */
KB_RES kb_xml_parse_as(const char *const *roots, const char *file, struct kb_str text, json_t **out,
                       struct kb_err *err);

#endif
