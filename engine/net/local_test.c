#include "engine/net/local.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void ports_are_counted(void **state)
{
    static const struct {
        const char *range, *reserved;
        unsigned count;
    } rows[] = {
        {"32768\t60999\n", "\n", 28232},
        {"32768\t60999\n", NULL, 28232},
        {"1024\t65535\n", "8080,9000-9010\n", 64512 - 12},
        {"32768\t32775\n", "22,32770-40000,50000\n", 2},
        {"32768\t32775\n", "1-65535", 0},
        {"9\t9\n", "", 1},
        {"60999\t32768\n", "", 0},
        {"32768\n", "", 0},
        {"1\t70000\n", "", 0},
        {"a range", "", 0},
        {"", "", 0},
        {"100\t109\n", "junk", 10},
        {"100\t109\n", "105,junk", 9},
        {"100\t109\n", "105-", 10},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(net_ports_in(rows[i].range, rows[i].reserved), rows[i].count);
}

static void errors_tell_what_is_missing(void **state)
{
    (void)state;
    assert_int_equal(net_shortage_of(EMFILE), NET_SHORT_OF_FILES);
    assert_int_equal(net_shortage_of(ENFILE), NET_SHORT_OF_FILES);
    assert_int_equal(net_shortage_of(EADDRNOTAVAIL), NET_SHORT_OF_PORTS);
    assert_int_equal(net_shortage_of(ENOBUFS), NET_SHORT_OF_MEMORY);
    assert_int_equal(net_shortage_of(ENETUNREACH), NET_SHORT_OF_NOTHING);
    assert_int_equal(net_shortage_of(0), NET_SHORT_OF_NOTHING);
}

static void this_machine_tells(void **state)
{
    (void)state;
    assert_true(net_local_ports() > 0);
}

/* In a process of its own: 0 when it saw what was expected. */
static int without_descriptors(void)
{
    struct rlimit none = {3, 3};

    for (int fd = 3; fd < 1024; fd++)
        close(fd);
    if (!net_descriptor_left())
        return 1;
    return setrlimit(RLIMIT_NOFILE, &none) || net_descriptor_left() ? 2 : 0;
}

static void descriptors_run_out(void **state)
{
    pid_t child = fork();
    int status = 0;

    (void)state;
    assert_true(child >= 0);
    if (!child)
        _exit(without_descriptors());
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ports_are_counted),
        cmocka_unit_test(errors_tell_what_is_missing),
        cmocka_unit_test(this_machine_tells),
        cmocka_unit_test(descriptors_run_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
