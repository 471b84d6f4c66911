#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/store/holder.h"

#include "engine/base/mem.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define AT ((off_t)1 << 46)

static int open_file(char **path)
{
    const char *folder = getenv("TEST_TMPDIR");
    int descriptor;

    *path = mem_format("%s/held.XXXXXX", folder ? folder : "/tmp");
    descriptor = mkstemp(*path);
    assert_true(descriptor >= 0);
    return descriptor;
}

static void lock(int descriptor, off_t at)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = at, .l_len = 1};

    if (fcntl(descriptor, F_OFD_SETLK, &lock))
        _exit(1);
}

static ino_t inode_of(int descriptor)
{
    struct stat status;

    assert_int_equal(fstat(descriptor, &status), 0);
    return status.st_ino;
}

/* A process that holds the lock until `until` is closed; it says so by a byte. */
static pid_t hold(const char *path, int said, int until)
{
    pid_t child = fork();
    char byte = 0;

    if (child)
        return child;
    lock(open(path, O_RDWR | O_CLOEXEC), AT);
    if (write(said, &byte, 1) != 1)
        _exit(1);
    (void)!read(until, &byte, 1);
    _exit(0);
}

static void test_another_process(void **unused)
{
    int said[2], until[2], descriptor, status;
    char *path, byte;
    pid_t child;

    (void)unused;
    descriptor = open_file(&path);
    assert_int_equal(pipe(said) | pipe2(until, O_CLOEXEC), 0);
    assert_int_equal(holder_of(inode_of(descriptor), AT), 0);
    child = hold(path, said[1], until[0]);
    assert_int_equal(read(said[0], &byte, 1), 1);
    assert_int_equal(holder_of(inode_of(descriptor), AT), child);
    assert_int_equal(holder_of(inode_of(descriptor), AT + 1), 0);
    assert_int_equal(write(until[1], "", 1), 1);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(holder_of(inode_of(descriptor), AT), 0);
    unlink(path);
    close(descriptor);
    free(path);
}

static void test_this_process(void **unused)
{
    char *path;
    int descriptor = open_file(&path);

    (void)unused;
    lock(descriptor, AT);
    assert_int_equal(holder_of(inode_of(descriptor), AT), getpid());
    lock(descriptor, 4711);
    assert_int_equal(holder_of(inode_of(descriptor), 4711), getpid());
    unlink(path);
    close(descriptor);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_another_process),
        cmocka_unit_test(test_this_process),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
