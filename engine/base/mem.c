#include "engine/base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CACHED_MOST 1024 /* bytes of a block that glibc keeps in a thread's cache */

static void (*exhausted_hook)(void);

void mem_on_exhausted(void (*hook)(void))
{
    exhausted_hook = hook;
}

static _Noreturn void exhausted(void)
{
    static const char message[] = "mxscope: out of memory\n";

    if (exhausted_hook)
        exhausted_hook();
    (void)!write(STDERR_FILENO, message, sizeof message - 1);
    _exit(3);
}

static size_t product(size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        exhausted();
    return count * size;
}

static void *allocate(size_t bytes)
{
    void *block = malloc(bytes ? bytes : 1);

    if (!block)
        exhausted();
    return block;
}

/* glibc's calloc passes its threads' caches by, and goes to the arena and its lock. */
void *mem_array(size_t count, size_t size)
{
    size_t bytes = product(count, size);
    void *block;

    if (bytes <= CACHED_MOST)
        return memset(allocate(bytes), 0, bytes);
    block = calloc(1, bytes);
    if (!block)
        exhausted();
    return block;
}

void *mem_alloc(size_t size)
{
    return mem_array(1, size);
}

void *mem_resize(void *block, size_t count, size_t size)
{
    size_t bytes = product(count, size);

    block = realloc(block, bytes ? bytes : 1);
    if (!block)
        exhausted();
    return block;
}

void *mem_copy(const void *bytes, size_t length)
{
    void *copy;

    if (!bytes)
        return NULL;
    copy = allocate(length);
    memcpy(copy, bytes, length);
    return copy;
}

char *mem_string_n(const char *text, size_t length)
{
    char *copy;

    if (!text)
        return NULL;
    length = strnlen(text, length);
    copy = allocate(length + 1);
    memcpy(copy, text, length);
    copy[length] = 0;
    return copy;
}

char *mem_string(const char *text)
{
    return text ? mem_string_n(text, strlen(text)) : NULL;
}

char *mem_format(const char *format, ...)
{
    va_list args;
    char *text = NULL;

    va_start(args, format);
    if (vasprintf(&text, format, args) < 0)
        exhausted();
    va_end(args);
    return text;
}
