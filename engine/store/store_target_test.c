#include "engine/store/store_target.h"

#include "engine/base/mem.h"
#include "engine/model/fixture.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#define FORM_BEFORE_CONTACTS 2

static void words_of(struct vocabulary *words)
{
    const char *kind, *name;
    uint8_t code;

    vocabulary_init(words);
    while (vocabulary_grow(words, &kind, &code, &name))
        continue;
}

static void add_contacts(struct model *model, const struct target *target, const char *mailbox)
{
    struct event event = {.type = EVENT_CONTACTS, .target = target->id, .directory = directory_new()};

    event.directory->zone_status = DNS_OK;
    event.directory->zone = mem_string("contoso.com");
    event.directory->mailbox = mem_string(mailbox);
    event.directory->report_status = DNS_SERVFAIL;
    strings_add(&event.directory->uris, "https://contoso.com/");
    model_apply(model, &event);
    event_release(&event);
}

/* Packs, changes nothing but the form and `cut` bytes at the end, and unpacks; true when all was read. */
static bool through(const struct target *target, uint8_t form, size_t cut, struct kept_target *kept)
{
    struct vocabulary words;
    struct reader in;
    struct buf bytes;
    bool done;

    words_of(&words);
    buf_init(&bytes, 0);
    pack_target(&bytes, &words, target);
    bytes.bytes[0] = form ? form : bytes.bytes[0];
    in = reader_of(bytes.bytes, bytes.length - cut);
    unpack_target(&in, &words, kept);
    done = reader_done(&in);
    buf_release(&bytes);
    return done;
}

static void contacts_come_back(void **state)
{
    struct model *model = fixture_model("tls1.2");
    struct target *target = fixture_target(model, "contoso.com", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    const struct directory *directory;
    struct kept_target kept;

    (void)state;
    add_contacts(model, target, "hostmaster@contoso.com");
    assert_true(through(target, 0, 0, &kept));
    directory = kept.contacts.directory;
    assert_int_equal(kept.contacts.type, EVENT_CONTACTS);
    assert_int_equal(directory->zone_status, DNS_OK);
    assert_string_equal(directory->zone, "contoso.com");
    assert_string_equal(directory->mailbox, "hostmaster@contoso.com");
    assert_int_equal(directory->report_status, DNS_SERVFAIL);
    assert_null(directory->record);
    assert_int_equal(directory->uris.count, 1);
    kept_target_release(&kept);
    for (size_t cut = 1; cut < 20; cut++) {
        assert_false(through(target, 0, cut, &kept));
        kept_target_release(&kept);
    }
    model_free(model);
}

static void the_form_before_has_none(void **state)
{
    struct model *model = fixture_model("tls1.2");
    struct target *target = fixture_target(model, "contoso.com", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    struct kept_target kept;

    (void)state;
    target->spec.due = 20800;
    assert_true(through(target, FORM_BEFORE_CONTACTS, 1, &kept));
    assert_null(kept.contacts.directory);
    assert_int_equal(kept.spec.due, 20800);
    kept_target_release(&kept);
    assert_true(through(target, 0, 0, &kept));
    assert_null(kept.contacts.directory);
    kept_target_release(&kept);
    model_free(model);
}

/* A file is believed no more than the network. */
static void what_is_no_address_is_damage(void **state)
{
    struct model *model = fixture_model("tls1.2");
    struct target *target = fixture_target(model, "contoso.com", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    struct kept_target kept;

    (void)state;
    add_contacts(model, target, "a@contoso.com\nBcc: b@contoso.com");
    assert_false(through(target, 0, 0, &kept));
    kept_target_release(&kept);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contacts_come_back),
        cmocka_unit_test(the_form_before_has_none),
        cmocka_unit_test(what_is_no_address_is_damage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
