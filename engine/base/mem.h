/* Memory. Running out of it ends the program in one known way, so no caller checks for NULL: sizes that
 * come from the network or a file are bounded by the readers before they get here. */
#pragma once

#include <stddef.h>

/* Zeroed memory of `size` bytes, never NULL; free() it. */
void *mem_alloc(size_t size);

/* Zeroed array; `count * size` is checked for overflow. */
void *mem_array(size_t count, size_t size);

/* realloc() that never fails; bytes beyond the old size are not initialised. */
void *mem_resize(void *block, size_t count, size_t size);

/* Copies; NULL in, NULL out. `mem_string_n` stops at `length` bytes and adds a NUL. */
char *mem_string(const char *text);
char *mem_string_n(const char *text, size_t length);
void *mem_copy(const void *bytes, size_t length);

/* printf into a new string. */
char *mem_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Called once, just before the program ends for lack of memory: the screen restores the terminal here.
 * Process-wide; NULL (the start value) does nothing. */
void mem_on_exhausted(void (*hook)(void));
