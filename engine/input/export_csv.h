/* Records of PowerShell's Export-Csv and ConvertTo-Csv. Pure: text in, records out. `text` is UTF-8 without
 * byte order mark. */
#pragma once

#include "engine/input/record.h"

/* True for a first line "#TYPE ...", or a header in which two names or more are of fields that are read
 * (record_wants), one of them Name, Identity, DomainName or one that ends in Domains. The delimiter is a
 * comma, semicolon or tab (Export-Csv -UseCulture). False when the header has a column `domain`: table.h
 * reads that. */
bool export_csv_detect(const char *text);

/* Columns may stand in any order, upper and lower case of their names are one. Each cell is one text, also
 * when a list was joined in it. Lines without any text in them are no records.
 *
 * A record with more or fewer cells than the header has is a problem of that record, and so is one that the
 * file ends in without the end of its line, unless a closing quote shows that its last cell is whole. A quote
 * that is not closed or opens within a cell (RFC 4180), a name that stands twice in the header, more than
 * 1000 columns and a file without a record are problems of the whole file; the records before the place were
 * handed on by then. */
void export_csv_read(const char *text, const struct record_sink *sink);
