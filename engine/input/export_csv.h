/* Export-Csv's and ConvertTo-Csv's output → records (RFC 4180): a line "#TYPE …" or none, a header with names
 * of properties, a delimiter , ; or tab. */
#pragma once

#include "engine/input/record.h"

/* True when the header is one of an export: it has at least two of the properties that are read, and none is
 * named "domain", which is CONTRACT's own table. */
bool export_csv_detect(const char *text);

/* A record with more or fewer cells than the header is a problem of its own, a quote that is not closed one
 * of the whole text, after the records before it. */
void export_csv_read(const char *text, const struct record_sink *sink);
