/* Three answers: what could not be read is not known. */
#ifndef KB_BASE_TRI_H
#define KB_BASE_TRI_H

enum kb_tri { KB_NO, KB_YES, KB_NOT_KNOWN };

#endif
