#include "engine/input/input.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "engine/input/encoding.h"
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
    {"outbound-csv.txt", {"outbound-connectors.csv"}},
    {"outbound-list.txt", {"outbound-connectors-list.txt"}},
    {"outbound-xml.txt", {"outbound-connectors.xml"}},
    {"outbound-lost.txt", {"outbound-lost.csv"}},
    {"outbound-cut.txt", {"outbound-cut-list.txt"}},
    {"send-xml.txt", {"send-connectors.xml", "transport-config-list.txt"}},
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

/* A target's own line of told(), without what depends on other records. */
static bool has_line(const char *text, const char *line, size_t length)
{
    const char *at;

    for (at = text; (at = strstr(at, line)) != NULL; at++)
        if ((at == text || at[-1] == '\n') && at[length] == '\n')
            return true;
    return false;
}

/* Every target that is told of is told of by the whole too. */
static void check_subset(const char *part, const char *whole, size_t cut)
{
    while (*part) {
        size_t length = strcspn(part, "\n");
        char *line = mem_string_n(part, length);

        if (*line != ' ' && strncmp(line, "note ", 5) != 0 && strncmp(line, "problem ", 8) != 0 &&
            !has_line(whole, line, length))
            fail_msg("cut at %zu: %s", cut, line);
        free(line);
        part += length + 1;
    }
}

/* Returns the targets of the text's first `length` bytes; *problems counts what was wrong. */
static char *read_cut(const struct buf *text, size_t length, size_t *problems)
{
    struct input input = {0};
    char *is;

    input_read("cut", text->bytes, length, &input);
    input_finish(&input);
    *problems = input.problem_count;
    is = told(&input);
    input_release(&input);
    return is;
}

/* Cut at any byte: one error at most, and never a target that is not the whole's. */
static void a_cut_file_gives_no_wrong_target(void **state)
{
    static const char *const samples[] = {
        "outbound-connectors.json", "outbound-connectors.csv",   "outbound-connectors-list.txt",
        "outbound-connectors.xml",  "inbound-connectors.json",   "accepted-domains.json",
        "transport-rules.json",     "transport-config-list.txt", "outbound-cut-list.txt",
    };
    size_t i, length, problems, whole_problems;

    (void)state;
    for (i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        char *whole, *error = NULL;
        struct buf text;

        read_whole(samples[i], &text);
        assert_true(encoding_to_utf8(&text, &error));
        whole = read_cut(&text, text.length, &whole_problems);
        for (length = 1; length < text.length; length += i < 4 ? 1 : 7) {
            char *part = read_cut(&text, length, &problems);

            check_subset(part, whole, length);
            if (problems > 1 + whole_problems)
                fail_msg("%s cut at %zu: %zu problems", samples[i], length, problems);
            free(part);
        }
        free(whole);
        buf_release(&text);
    }
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
        cmocka_unit_test(a_cut_file_gives_no_wrong_target),
        cmocka_unit_test(refuses_every_cut_of_json),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
