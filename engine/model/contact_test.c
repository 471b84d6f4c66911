#include "engine/model/contact.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/mem.h"

struct wanted {
    enum contact_source source;
    const char *address; /* NULL: the list ends */
};

static void check(const struct target_spec *spec, const struct directory *directory, bool takes_mail,
                  const struct wanted *wanted)
{
    struct contacts list;
    size_t i;

    contacts_list(&list, spec, directory, takes_mail);
    for (i = 0; wanted[i].address; i++) {
        assert_true(i < list.count);
        assert_int_equal(list.items[i].source, wanted[i].source);
        assert_string_equal(list.items[i].address, wanted[i].address);
    }
    assert_int_equal(list.count, i);
    contacts_release(&list);
}

static struct directory *known(void)
{
    struct directory *directory = directory_new();

    directory->mailbox = mem_string("hostmaster@contoso.com");
    strings_add(&directory->uris, "https://reports.example/v1");
    strings_add(&directory->uris, "mailto:tls%2Brua@reports.example");
    strings_add(&directory->uris, "mailto:Hostmaster@contoso.com");
    return directory;
}

static void people_come_before_machines(void **state)
{
    struct directory *directory = known();
    struct target_spec spec;

    (void)state;
    target_spec_init(&spec);
    spec.domain = mem_string("contoso.com");
    check(&spec, NULL, true, (struct wanted[]){{SOURCE_POSTMASTER, "postmaster@contoso.com"}, {0}});
    check(&spec, directory, true,
          (struct wanted[]){{SOURCE_POSTMASTER, "postmaster@contoso.com"},
                            {SOURCE_SOA, "hostmaster@contoso.com"},
                            {SOURCE_TLS_RPT, "tls+rua@reports.example"},
                            {0}});
    spec.contact = mem_string("Ann <ann@contoso.com>");
    check(&spec, directory, false,
          (struct wanted[]){{SOURCE_NOTED, "Ann <ann@contoso.com>"},
                            {SOURCE_SOA, "hostmaster@contoso.com"},
                            {SOURCE_TLS_RPT, "tls+rua@reports.example"},
                            {0}});
    target_spec_release(&spec);
    directory_free(directory);
}

static void an_endpoint_has_no_postmaster(void **state)
{
    struct target_spec spec;

    (void)state;
    target_spec_init(&spec);
    spec.domain = mem_string("smtp://192.0.2.1");
    spec.is_endpoint = true;
    check(&spec, NULL, true, (struct wanted[]){{0}});
    target_spec_release(&spec);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_come_before_machines),
        cmocka_unit_test(an_endpoint_has_no_postmaster),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
