#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/mem.h"
#include "engine/report/report.h"

#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct place {
    char *folder, *path;
};

static int make_place(void **state)
{
    const char *base = getenv("TEST_TMPDIR");
    struct place *place = mem_alloc(sizeof *place);

    place->folder = mem_format("%s/writeXXXXXX", base ? base : "/tmp");
    if (!mkdtemp(place->folder))
        return -1;
    place->path = mem_format("%s/report.json", place->folder);
    *state = place;
    return 0;
}

static int remove_place(void **state)
{
    struct place *place = *state;
    char *command = mem_format("rm -rf '%s'", place->folder);
    int result;

    chmod(place->folder, 0700);
    result = system(command);
    free(command);
    free(place->folder);
    free(place->path);
    free(place);
    return result;
}

static char *content(const char *path)
{
    char text[256] = "";
    FILE *file = fopen(path, "rb");
    size_t length;

    if (!file)
        return NULL;
    length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    return mem_string_n(text, length);
}

static void holds(const char *path, const char *expected)
{
    char *text = content(path);

    assert_non_null(text);
    assert_string_equal(text, expected);
    free(text);
}

static unsigned files_in(const char *folder)
{
    DIR *dir = opendir(folder);
    unsigned count = 0;

    while (readdir(dir))
        count++;
    closedir(dir);
    return count - 2;
}

static void write_ok(const char *path, const char *text)
{
    char *error = NULL;

    if (!report_write(path, text, &error))
        fail_msg("%s", error);
    assert_null(error);
}

static void write_fails(const char *path, const char *text, const char *why)
{
    char *error = NULL;

    assert_false(report_write(path, text, &error));
    assert_non_null(error);
    if (!strstr(error, path) || !strstr(error, why) || !strstr(error, "; expected ") || strchr(error, '\n'))
        fail_msg("%s", error);
    free(error);
}

static void new_and_replaced(void **state)
{
    const struct place *place = *state;

    write_ok(place->path, "one\n");
    holds(place->path, "one\n");
    write_ok(place->path, "2\n");
    holds(place->path, "2\n");
    assert_int_equal(files_in(place->folder), 1);
}

static void the_mode_stays(void **state)
{
    const struct place *place = *state;
    struct stat info;

    write_ok(place->path, "one\n");
    assert_int_equal(chmod(place->path, 0640), 0);
    write_ok(place->path, "two\n");
    assert_int_equal(stat(place->path, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0640);
}

static void a_link_leads_to_its_file(void **state)
{
    const struct place *place = *state;
    char *link = mem_format("%s/link.json", place->folder);
    struct stat info;

    write_ok(place->path, "one\n");
    assert_int_equal(symlink("report.json", link), 0);
    write_ok(link, "two\n");
    assert_int_equal(lstat(link, &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    holds(place->path, "two\n");
    free(link);
}

static void missing_folder(void **state)
{
    const struct place *place = *state;
    char *path = mem_format("%s/none/report.json", place->folder);

    write_fails(path, "x\n", "No such file or directory");
    free(path);
    write_fails(place->folder, "x\n", "Is a directory");
    assert_int_equal(files_in(place->folder), 0);
}

static void a_full_device(void **state)
{
    (void)state;
    write_fails("/dev/full", "x\n", "No space left on device");
    write_ok("/dev/null", "x\n");
}

/* A file size limit stands for a full disk: the write breaks off in the middle. */
static void the_old_file_survives_a_full_disk(void **state)
{
    const struct place *place = *state;
    struct rlimit old, tight;
    char *big = mem_alloc(100001), *error = NULL;
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    bool written;

    memset(big, 'x', 100000);
    write_ok(place->path, "old\n");
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    tight = old;
    tight.rlim_cur = 5000;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
    written = report_write(place->path, big, &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    signal(SIGXFSZ, handler);
    assert_false(written);
    assert_non_null(strstr(error, "File too large"));
    holds(place->path, "old\n");
    assert_int_equal(files_in(place->folder), 1);
    free(error);
    free(big);
}

/* The superuser may write anywhere, so a child gives up that right first; it says 2 when it cannot. */
static int write_as_nobody(const char *path)
{
    char *error = NULL;
    bool written;

    if (geteuid() == 0 &&
        (setgroups(0, NULL) < 0 || setresgid(65534, 65534, 65534) < 0 || setresuid(65534, 65534, 65534) < 0))
        return 2;
    written = report_write(path, "new\n", &error);
    written |= !error || !strstr(error, "Permission denied");
    free(error);
    return written;
}

static void the_old_file_survives_a_locked_folder(void **state)
{
    const struct place *place = *state;
    int status;
    pid_t child;

    write_ok(place->path, "old\n");
    chmod(place->path, 0666);
    chmod(place->folder, 0555);
    child = fork();
    if (child == 0)
        _exit(write_as_nobody(place->path));
    assert_int_equal(waitpid(child, &status, 0), child);
    chmod(place->folder, 0700);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == 2)
        skip();
    assert_int_equal(WEXITSTATUS(status), 0);
    holds(place->path, "old\n");
    assert_int_equal(files_in(place->folder), 1);
}

static void leftovers_of_others_are_no_hindrance(void **state)
{
    const struct place *place = *state;
    char *taken = mem_format("%s.%ld-0.tmp", place->path, (long)getpid());

    write_ok(taken, "not ours\n");
    write_ok(place->path, "new\n");
    holds(place->path, "new\n");
    holds(taken, "not ours\n");
    assert_int_equal(files_in(place->folder), 2);
    free(taken);
}

static void a_fifo_is_written_to(void **state)
{
    const struct place *place = *state;
    char *pipe_path = mem_format("%s/fifo", place->folder), got[16] = "";
    struct stat info;
    int reader;

    assert_int_equal(mkfifo(pipe_path, 0600), 0);
    reader = open(pipe_path, O_RDONLY | O_NONBLOCK);
    assert_true(reader >= 0);
    write_ok(pipe_path, "through\n");
    assert_int_equal(read(reader, got, sizeof got - 1), 8);
    assert_string_equal(got, "through\n");
    assert_int_equal(stat(pipe_path, &info), 0);
    assert_true(S_ISFIFO(info.st_mode));
    close(reader);
    free(pipe_path);
}

/* Standard output of this process leads to `to` while the text is written. */
static bool write_redirected(const char *path, const char *to, char **error)
{
    int kept = dup(STDOUT_FILENO), target = open(to, O_WRONLY | O_CREAT, 0600);
    bool written;

    fflush(stdout);
    dup2(target, STDOUT_FILENO);
    written = report_write(path, "out\n", error);
    dup2(kept, STDOUT_FILENO);
    close(kept);
    close(target);
    return written;
}

static void standard_output(void **state)
{
    const struct place *place = *state;
    char *error = NULL;

    assert_true(write_redirected(NULL, place->path, &error));
    holds(place->path, "out\n");
    unlink(place->path);
    assert_true(write_redirected("-", place->path, &error));
    holds(place->path, "out\n");
    assert_false(write_redirected("-", "/dev/full", &error));
    assert_non_null(strstr(error, "standard output: No space left on device"));
    free(error);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, make_place, remove_place)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(new_and_replaced),
        TEST(the_mode_stays),
        TEST(a_link_leads_to_its_file),
        TEST(missing_folder),
        TEST(a_full_device),
        TEST(the_old_file_survives_a_full_disk),
        TEST(the_old_file_survives_a_locked_folder),
        TEST(leftovers_of_others_are_no_hindrance),
        TEST(a_fifo_is_written_to),
        TEST(standard_output),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
