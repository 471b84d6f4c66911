#include "engine/policy/mailbox.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

struct row {
    const char *text, *mailbox; /* NULL: none */
};

static void check(const struct row *rows, size_t count, char *(*read)(const char *text))
{
    for (size_t i = 0; i < count; i++) {
        char *mailbox = read(rows[i].text);

        if (!rows[i].mailbox != !mailbox || (mailbox && strcmp(mailbox, rows[i].mailbox) != 0))
            fail_msg("%s gives %s", rows[i].text, mailbox ? mailbox : "none");
        free(mailbox);
    }
}

#define CHECK(rows, read) check(rows, sizeof rows / sizeof *rows, read)

static void names_of_zones(void **state)
{
    static const struct row rows[] = {
        {"hostmaster.contoso.com", "hostmaster@contoso.com"},
        {"a\\046nurse.it.contoso.com", "a.nurse@it.contoso.com"},
        {"dns\\043zone.contoso.com", "dns+zone@contoso.com"},
        {"host_master.xn--caf-dma.example", "host_master@xn--caf-dma.example"},
        {"", NULL},
        {"hostmaster", NULL},
        {"hostmaster.contoso", NULL},
        {"root.localhost", NULL},
        {"root.mail.localdomain", NULL},
        {"nobody.contoso.invalid", NULL},
        {"root.192.0.2.1", NULL},
        {"a\\064b.contoso.com", NULL},             /* an @ within */
        {"a\\032b.contoso.com", NULL},             /* a space */
        {"a\\000.contoso.com", NULL},              /* a NUL */
        {"a\\013\\010Bcc\\058.contoso.com", NULL}, /* the end of a line */
        {"\\027[31m.contoso.com", NULL},           /* an escape sequence */
        {"a\\195\\169.contoso.com", NULL},
        {"\\046a.contoso.com", NULL},
        {"a\\046\\046b.contoso.com", NULL},
        {"a.con\\046toso.com", NULL}, /* a dot within a label of the domain */
        {"a.con_toso.com", NULL},
        {"a.-contoso.com", NULL},
        {"a\\999.contoso.com", NULL},
        {"a\\04", NULL},
        {"a\\", NULL},
        {"a..com", NULL},
        {"=cmd.contoso.com", "=cmd@contoso.com"}, /* whoever writes cells must mind */
    };

    (void)state;
    CHECK(rows, mailbox_of_name);
}

static void uris(void **state)
{
    static const struct row rows[] = {
        {"mailto:tls@contoso.com", "tls@contoso.com"},
        {"MailTo:tls@contoso.com", "tls@contoso.com"},
        {"mailto:tls%2Breports@contoso.com", "tls+reports@contoso.com"},
        {"mailto:tls%40contoso.com", "tls@contoso.com"},
        {"mailto:tls@contoso.com?subject=x", "tls@contoso.com"},
        {"mailto:a@contoso.com,b@contoso.com", NULL},
        {"mailto:a@contoso.com%2Cb@contoso.com", NULL},
        {"mailto:a%0D%0ABcc:b@contoso.com", NULL},
        {"mailto:a%00@contoso.com", NULL},
        {"mailto:a%2", NULL},
        {"mailto:a%zz@contoso.com", NULL},
        {"mailto:", NULL},
        {"mailto:?to=a@contoso.com", NULL},
        {"https://contoso.com/a@contoso.com", NULL},
        {"tls@contoso.com", NULL},
    };

    (void)state;
    CHECK(rows, mailbox_of_uri);
}

static void lengths_are_bounded(void **state)
{
    char local[80], *name;

    (void)state;
    memset(local, 'a', sizeof local);
    local[64] = '\0';
    name = mem_format("%s@contoso.com", local);
    assert_true(mailbox_ok(name));
    free(name);
    name = mem_format("a%s@contoso.com", local);
    assert_false(mailbox_ok(name));
    free(name);
    local[63] = '\0';
    name = mem_format("a@%s.%s.%s.%s.com", local, local, local, local);
    assert_false(mailbox_ok(name));
    free(name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_zones),
        cmocka_unit_test(uris),
        cmocka_unit_test(lengths_are_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
