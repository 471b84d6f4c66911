/* Records of PowerShell's Export-Clixml. Pure: text in, records out. `text` is UTF-8 without byte order mark,
 * whatever encoding its declaration names. */
#pragma once

#include "engine/input/record.h"

/* True for the element Objs behind an optional declaration, comments or document type. */
bool clixml_detect(const char *text);

/* An Obj below Objs is a record, and so is each Obj of an LST, IE, STK or QUE in such a one. Its fields are
 * what stands in Props, and in MS what Props does not have (objects of Select-Object have MS alone).
 *
 * A scalar is its text, Nil is FIELD_NULL. An Obj is the list that it holds, else its ToString, else the
 * scalar in it; items of a list are scalars or such texts. Ref is what the Obj of that RefId was. FIELD_LOST,
 * with a word on what stands there, is what is none of these (a dictionary, a list in a list, a Ref to
 * anything else) and what Refs would repeat beyond 16 MiB. Escapes such as _x000A_ are decoded.
 *
 * Problems of their record: no properties in it, and an element below Objs that is no Obj. Problems of the
 * whole file: a document type declaration, more than 64 elements within one another, XML that is not whole
 * (the records before were handed on by then), no record. */
void clixml_read(const char *text, const struct record_sink *sink);
