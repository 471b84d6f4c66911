/* What is said on stderr of a session that is kept, when the screen ends or crashes. Pure. */
#pragma once

/* Two sentences in a line that ends with '\n': where it is, and the command that goes on with it, as a shell
 * takes it whatever the name has in it. The caller frees. */
char *last_words(const char *path);
