#include "engine/audit/test_threads.h"

#include <stdlib.h>

unsigned test_threads(void)
{
    const char *wanted = getenv("TEST_THREADS");

    return wanted ? (unsigned)strtoul(wanted, NULL, 10) : 1;
}
