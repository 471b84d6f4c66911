/* Format-List's output → records: "Name : value" lines, a blank line between records, long values wrapped
 * onto lines that are indented to the value, lists in braces. */
#pragma once

#include "engine/input/record.h"

/* True when one of the first lines reads "Name : value" with a property that is read. */
bool format_list_detect(const char *text);

/* Lists cut short at $FormatEnumerationLimit ("…" or "...") are FIELD_CUT. A record that has fewer properties
 * than the one before it, a list without its end and a text that ends within a line are cut files: problems.
 */
void format_list_read(const char *text, const struct record_sink *sink);

/* True for Format-Table's output: a header with at least two properties that are read, and a line of dashes.
 */
bool format_table_detect(const char *text);
