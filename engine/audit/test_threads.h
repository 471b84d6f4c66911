/* For tests that run with one thread and with several: how many are wanted. */
#pragma once

/* The number in TEST_THREADS of the environment, or 1. */
unsigned test_threads(void);
