/* Export-Clixml's output → records: every object directly below <Objs>, or of a list there, with the
 * properties of its <Props>, or of its <MS> where it has no <Props>. */
#pragma once

#include "engine/input/record.h"

/* True when the text begins as XML does. */
bool clixml_detect(const char *text);

/* XML by libexpat: a DOCTYPE is refused, depth and references are bounded. A text that is not whole gives its
 * whole records and one problem. */
void clixml_read(const char *text, const struct record_sink *sink);
