#include "engine/audit/control_names.h"

#include "data/preflight/controls.h"
#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

void control_names(struct strings *names)
{
    char *text = mem_string(control_files[0].text), *rest = text, *line;

    while ((line = strsep(&rest, "\n")) != NULL)
        if (*line && *line != '#')
            strings_add(names, line);
    free(text);
}
