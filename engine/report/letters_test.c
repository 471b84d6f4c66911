#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/report/letters.h"

#include "engine/base/mem.h"
#include "engine/model/fixture.h"

#include <stdlib.h>
#include <string.h>
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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_names_are_each_used_once)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
