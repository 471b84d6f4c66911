#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/report/letters.h"

#include "engine/base/mem.h"
#include "engine/model/fixture.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* Domains and endpoints whose letters want names that others have already. */
static const struct {
    const char *target, *file;
} wanted[] = {
    {"contoso.example", "contoso.example.txt"},       {"contoso.example", "contoso.example-2.txt"},
    {"contoso.example-2", "contoso.example-2-2.txt"}, {"contoso.example-4", "contoso.example-4.txt"},
    {"contoso.example", "contoso.example-3.txt"},     {"contoso.example", "contoso.example-5.txt"},
    {"CONTOSO/example", "CONTOSO_example.txt"},       {"CONTOSO:example", "CONTOSO_example-2.txt"},
};
#define WANTED (sizeof wanted / sizeof *wanted)

static void add_partner(struct model *model, const char *name, unsigned number)
{
    char *connector = mem_format("connector %u", number);
    struct target_spec spec;
    struct target *target;

    target_spec_init(&spec);
    spec.domain = mem_string(name);
    spec.unicode = mem_string(name);
    spec.connector = connector;
    spec.class = CLASS_PARTNER;
    target = model_add(model, &spec, NULL);
    fixture_route(model, target, ROUTE_MX, DNS_OK, "10 mx.contoso.example");
    target_spec_release(&spec);
}

static void assert_only(const char *folder, const char *file)
{
    char *path = mem_format("%s/%s", folder, file);

    if (unlink(path) != 0)
        fail_msg("no %s", path);
    free(path);
}

static void test_names_are_each_used_once(void **state)
{
    const char *base = getenv("TEST_TMPDIR");
    char *folder = mem_format("%s/letters-%d", base ? base : "/tmp", (int)getpid()), *error = NULL;
    struct model *model = fixture_model("exchange-online");
    struct letter *letter = letter_builtin();
    size_t count;

    (void)state;
    for (unsigned i = 0; i < WANTED; i++)
        add_partner(model, wanted[i].target, i);
    fixture_addresses(model, "mx.contoso.example", DNS_OK, "192.0.2.14");
    fixture_probed(model, "mx.contoso.example", "192.0.2.14", fixture_facts("rarrr"));
    assert_true(letters_write(letter, model, "probe.example", folder, &count, &error));
    assert_int_equal(count, WANTED);
    for (unsigned i = 0; i < WANTED; i++)
        assert_only(folder, wanted[i].file);
    assert_int_equal(rmdir(folder), 0);
    letter_free(letter);
    model_free(model);
    free(folder);
}

static off_t size_of(const char *folder, const char *file)
{
    char *path = mem_format("%s/%s", folder, file);
    struct stat about;

    assert_int_equal(stat(path, &about), 0);
    free(path);
    return about.st_size;
}

/* The second finds no room: the first goes too, or it would be in the way of the next try. */
static void test_all_or_none(void **state)
{
    const char *base = getenv("TEST_TMPDIR");
    char *whole = mem_format("%s/whole-%d", base ? base : "/tmp", (int)getpid());
    char *cut = mem_format("%s/cut-%d", base ? base : "/tmp", (int)getpid()), *error = NULL;
    struct model *model = fixture_model("exchange-online");
    struct letter *letter = letter_builtin();
    struct rlimit room, little;
    size_t count;

    (void)state;
    add_partner(model, "a.example", 1);
    add_partner(model, "a-longer-name.example", 2);
    fixture_addresses(model, "mx.contoso.example", DNS_OK, "192.0.2.14");
    fixture_probed(model, "mx.contoso.example", "192.0.2.14", fixture_facts("rarrr"));
    assert_true(letters_write(letter, model, "probe.example", whole, &count, &error));
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &room), 0);
    little = (struct rlimit){(rlim_t)size_of(whole, "a.example.txt"), room.rlim_max};
    assert_true(size_of(whole, "a-longer-name.example.txt") > size_of(whole, "a.example.txt"));
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    assert_false(letters_write(letter, model, "probe.example", cut, &count, &error));
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &room), 0);
    assert_non_null(strstr(error, "a-longer-name.example.txt: File too large; none of 2 letters is there"));
    assert_int_equal(rmdir(cut), 0);
    assert_only(whole, "a.example.txt");
    assert_only(whole, "a-longer-name.example.txt");
    assert_int_equal(rmdir(whole), 0);
    free(error);
    letter_free(letter);
    model_free(model);
    free(cut);
    free(whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_are_each_used_once),
        cmocka_unit_test(test_all_or_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
