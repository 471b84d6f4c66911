/* The built-in controls (data/preflight/controls.txt). */
#pragma once

#include "engine/base/strings.h"

void control_names(struct strings *names); /* appends */
