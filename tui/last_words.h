/* What is said on stderr of a session that is kept, when the screen ends or crashes. Pure. */
#pragma once

#include <stdbool.h>

/* Two sentences in a line that ends with '\n': where it is, and the command that goes on with it, as a shell
 * takes it whatever the name has in it; the demo's goes on among its own servers. The caller frees. */
char *last_words(const char *path, bool demo);
