/* How a benchmark ends that can't go on. */
#pragma once

/* Says why on stderr and exits with 2. */
_Noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));
