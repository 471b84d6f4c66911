#include "engine/input/input.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "engine/input/told.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SAMPLES     "data/samples/"
#define INPUTS_MOST 4

/* Which samples together give what. */
struct row {
    const char *expected; /* in data/samples/expected */
    const char *inputs[INPUTS_MOST];
};

static const struct row rows[] = {
    {"outbound-json.txt", {"outbound-connectors.json"}},
    {"exchange-online.txt",
     {"inbound-connectors.json", "outbound-connectors.json", "accepted-domains.json",
      "transport-rules.json"}},
    {"exchange-server.txt", {"send-connectors.json", "transport-config.json"}},
    {"postfix-all.txt", {"postfix-transport", "postfix-tls-policy", "postfix-main.cf", "domains.txt"}},
    {"postfix-all.txt", {"domains.txt", "postfix-main.cf", "postfix-tls-policy", "postfix-transport"}},
    {"postfix-policy.txt", {"postfix-tls-policy"}},
    {"postfix-transport.txt", {"postfix-transport"}},
    {"postfix-main.txt", {"postfix-main.cf", "domains.txt"}},
    {"postfix-relayhost.txt", {"postfix-relayhost.cf", "postfix-tls-policy", "domains.txt"}},
};

static void read_whole(const char *name, struct buf *bytes)
{
    char *path = mem_format(SAMPLES "%s", name), chunk[4096];
    FILE *file = fopen(path, "rb");
    size_t got;

    if (!file)
        fail_msg("%s is missing", path);
    buf_init(bytes, 0);
    while ((got = fread(chunk, 1, sizeof chunk, file)) > 0)
        buf_add(bytes, chunk, got);
    fclose(file);
    free(path);
}

static void read_all(const struct row *row, struct input *input)
{
    struct buf bytes;
    size_t i;

    for (i = 0; i < INPUTS_MOST && row->inputs[i]; i++) {
        read_whole(row->inputs[i], &bytes);
        input_read(row->inputs[i], bytes.bytes, bytes.length, input);
        buf_release(&bytes);
    }
    input_finish(input);
}

/* Keeps what was read, to look at when it is not what was expected. */
static void keep(const char *name, const char *is)
{
    const char *folder = getenv("TEST_UNDECLARED_OUTPUTS_DIR");
    char *path = mem_format("%s/%s", folder ? folder : "/nowhere", name);
    FILE *file = fopen(path, "w");

    if (file) {
        fputs(is, file);
        fclose(file);
    }
    free(path);
}

static void gives_what_is_expected(void **state)
{
    size_t i, wrong = 0;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *name = mem_format("expected/%s", rows[i].expected), *is;
        struct input input = {0};
        struct buf expected;

        read_all(&rows[i], &input);
        is = told(&input);
        keep(rows[i].expected, is);
        read_whole(name, &expected);
        if (strcmp(is, buf_string(&expected)) != 0)
            print_error("%zu: %s: expected\n%s\nis\n%s\n", ++wrong, name, buf_string(&expected), is);
        input_release(&input);
        buf_release(&expected);
        free(name);
        free(is);
    }
    assert_int_equal(wrong, 0);
}

/* The same text as Windows PowerShell's > writes it. */
static void reads_utf16(void **state)
{
    static const char name[] = "outbound-connectors.json";
    struct input input = {0}, plain = {0};
    struct buf bytes, wide;
    char *is, *expected;
    size_t i;

    (void)state;
    read_whole(name, &bytes);
    buf_init(&wide, 0);
    buf_add(&wide, "\xff\xfe", 2);
    for (i = 0; i < bytes.length; i++) {
        if (bytes.bytes[i] == '\n')
            buf_add(&wide, "\r", 2);
        buf_u8(&wide, bytes.bytes[i]);
        buf_u8(&wide, 0);
    }
    input_read(name, wide.bytes, wide.length, &input);
    input_read(name, bytes.bytes, bytes.length, &plain);
    input_finish(&input);
    input_finish(&plain);
    is = told(&input);
    expected = told(&plain);
    assert_string_equal(is, expected);
    free(is);
    free(expected);
    input_release(&input);
    input_release(&plain);
    buf_release(&wide);
    buf_release(&bytes);
}

/* Whatever is missing, nothing is probed and one error says so. */
static void refuses_every_cut_of_json(void **state)
{
    struct buf bytes;
    size_t length;

    (void)state;
    read_whole("outbound-connectors.json", &bytes);
    for (length = 1; length < bytes.length - 1; length++) {
        struct input input = {0};

        input_read("cut", bytes.bytes, length, &input);
        input_finish(&input);
        assert_int_equal(input.count, 0);
        assert_int_equal(input.notes.count, 0);
        assert_int_equal(input.problem_count, 1);
        assert_non_null(strstr(input.problems[0].message, "not whole JSON: the file ends in the middle"));
        input_release(&input);
    }
    buf_release(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_what_is_expected),
        cmocka_unit_test(reads_utf16),
        cmocka_unit_test(refuses_every_cut_of_json),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
