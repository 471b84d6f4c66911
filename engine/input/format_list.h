/* Records of PowerShell's Format-List ("| fl > FILE"). Pure: text in, records out. `text` is UTF-8 without
 * byte order mark.
 *
 * A line "Name : value" is a property; lines behind it that are indented to its value's column belong to it.
 * An empty line ends the record, unless the next line is indented so; a property that the record has already
 * begins the next one. */
#pragma once

#include "engine/input/record.h"

/* True when the first properties, behind up to 20 lines of a console, are a record with two fields or more
 * that are read (record_wants), or with one where the text ends within a line. */
bool format_list_detect(const char *text);

/* True for the output of Format-Table: a line with two such names or more and a line of dashes beneath them.
 * It is no export: values are cut to the width of the screen. */
bool format_table_detect(const char *text);

/* A value in braces is a list, any other a text, none FIELD_NULL. PowerShell leaves out what is beyond four
 * items and writes "..." behind the last one, or U+2026: that list is FIELD_CUT with the items that are
 * there.
 *
 * Wrapped lines are joined as PowerShell breaks them: behind a space or hyphen, which stays in its line, and
 * else in the middle of a word that is longer than the line. An editor may have taken the space away, so a
 * text gets one back unless its line is as long as the longest of the file; a list does not, as no domain or
 * host has a space in it and items end with a comma.
 *
 * Passed over: lines without the form of a property before the first field that is read (warnings, prompts),
 * prompts and warnings between records, and a record that is one property which nobody reads (a warning in
 * another language).
 *
 * Problems of their record: a list without its closing brace; a line that is neither property nor value; more
 * than 500 properties; in the last one, a last line without its end, properties that stop before those of the
 * record before, a value whose line looks like one that goes on, and, as PowerShell puts empty lines around
 * its output, no empty line at the end of a text that begins with one, unless the record has all that the one
 * before has. Problems of the whole file: a line that fits nothing between records, and no record. */
void format_list_read(const char *text, const struct record_sink *sink);
