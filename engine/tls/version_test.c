#include "engine/tls/version.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void every_version_comes_back(void **state)
{
    unsigned i;

    (void)state;
    for (i = 0; i < TLS_VERSIONS; i++) {
        enum tls_version version = (enum tls_version)i, back = (enum tls_version)(TLS_VERSIONS - 1 - i);

        assert_int_equal(tls_version_wire(version), 0x0300 + i);
        assert_true(tls_version_from_wire(tls_version_wire(version), &back));
        assert_int_equal(back, version);
        back = (enum tls_version)(TLS_VERSIONS - 1 - i);
        assert_true(tls_version_parse(tls_version_name(version), &back));
        assert_int_equal(back, version);
    }
}

static void the_names_are_the_agreed_ones(void **state)
{
    (void)state;
    assert_string_equal(tls_version_name(TLS_SSL_3_0), "SSLv3");
    assert_string_equal(tls_version_name(TLS_1_0), "TLSv1.0");
    assert_string_equal(tls_version_name(TLS_1_3), "TLSv1.3");
    assert_string_equal(tls_version_title(TLS_SSL_3_0), "SSL 3.0");
    assert_string_equal(tls_version_title(TLS_1_2), "TLS 1.2");
}

static void strange_values_are_refused(void **state)
{
    static const uint16_t wires[] = {0, 0x0002, 0x02ff, 0x0305, 0x7f1c, 0x0a0a, 0xfeff};
    static const char *const names[] = {"", "TLSv1", "TLS 1.2", "tlsv1.2", "TLSv1.2 ", "TLSv1.4"};
    enum tls_version version = TLS_1_1;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof wires / sizeof wires[0]; i++)
        assert_false(tls_version_from_wire(wires[i], &version));
    for (i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_false(tls_version_parse(names[i], &version));
    assert_int_equal(version, TLS_1_1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_version_comes_back),
        cmocka_unit_test(the_names_are_the_agreed_ones),
        cmocka_unit_test(strange_values_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
