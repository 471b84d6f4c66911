/* ConvertTo-Json's output → records (RFC 8259): an array, a lone object, lists wrapped as {"value": […],
 * "Count": n}, sidecar keys ("Name@data.type"), enums as integers or objects. */
#pragma once

#include "engine/input/record.h"

/* True when the text can only be JSON. */
bool export_json_detect(const char *text);

/* A text that is not whole JSON gives one problem and no record, since its end is looked for first. */
void export_json_read(const char *text, const struct record_sink *sink);
