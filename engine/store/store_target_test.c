#include "engine/store/store_target.h"

#include "engine/base/mem.h"
#include "engine/model/fixture.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#define DOMAIN  "xn--bcher-kva.example"
#define UNICODE "b\u00fccher.example"
#define DUE     20800

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

/* Packs, cuts so many bytes off, and unpacks; true when all was read. */
static bool through(const struct target *target, size_t cut, struct kept_target *kept)
{
    struct vocabulary words;
    struct reader in;
    struct buf bytes;
    bool done;

    words_of(&words);
    buf_init(&bytes, 0);
    pack_target(&bytes, &words, target);
    in = reader_of(bytes.bytes, bytes.length - cut);
    unpack_target(&in, &words, target->spec.domain, kept);
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
    assert_true(through(target, 0, &kept));
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
        assert_false(through(target, cut, &kept));
        kept_target_release(&kept);
    }
    model_free(model);
}

/* What earlier programs wrote of one target, and the codes of their words. */
#define IN_UNICODE  "\20b\303\274cher.example"
#define HEAD        "\26" DOMAIN IN_UNICODE
#define MIDDLE      "\0\0\1\0\0\0\0\0\4Ann\0\0\1\0\0\0\13list.csv:4\0\0\0\0"
#define ROUTES      "\6\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define CONTACTS    "\1\1\0\0\2\0\0"
#define BYTES(text) text, sizeof(text) - 1
static const struct {
    const char *bytes;
    size_t length;
    uint8_t form;
} forms[] = {
    {BYTES("\1" HEAD MIDDLE ROUTES), 1},
    {BYTES("\2" HEAD MIDDLE "\300\242\1" ROUTES), 2},
    {BYTES("\3" HEAD MIDDLE "\300\242\1" ROUTES CONTACTS), 3},
    {BYTES("\4" IN_UNICODE MIDDLE "\300\242\1" ROUTES CONTACTS), 4},
};

static void words_then(struct vocabulary *words)
{
    static const struct {
        const char *kind, *name;
        int64_t code;
    } known[] = {
        {"target_class", "partner", 0},
        {"requirement", "encryption", 1},
        {"protocol", "smtp", 0},
        {"name_rule", "rfc6125", 0},
        {"contact_state", "to-contact", 1},
        {"connector_match", "none", 0},
        {"route", "unresolved", 0},
        {"route", "none", 6},
        {"dns_status", "not-queried", 0},
        {"dns_status", "ok", 1},
        {"dns_status", "nxdomain", 2},
    };

    vocabulary_init(words);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        assert_true(vocabulary_learn(words, known[i].kind, known[i].code, known[i].name));
}

static bool read_form(size_t i, size_t length, const char *name, struct kept_target *kept)
{
    struct reader in = reader_of(forms[i].bytes, length);
    struct vocabulary words;

    words_then(&words);
    unpack_target(&in, &words, name, kept);
    return reader_done(&in);
}

static void is_that_target(const struct kept_target *kept, uint8_t form)
{
    assert_string_equal(kept->spec.domain, DOMAIN);
    assert_string_equal(kept->spec.unicode, UNICODE);
    assert_string_equal(kept->spec.owner, "Ann");
    assert_string_equal(kept->spec.source, "list.csv:4");
    assert_int_equal(kept->spec.requirement, REQUIREMENT_ENCRYPTION);
    assert_int_equal(kept->spec.contact_state, CONTACT_TO_CONTACT);
    assert_int_equal(kept->route.route, ROUTE_NONE);
    assert_int_equal(kept->route.dns.status, DNS_NXDOMAIN);
    assert_int_equal(kept->spec.due, form < 2 ? 0 : DUE);
    if (form < 3)
        assert_null(kept->contacts.directory);
    else
        assert_int_equal(kept->contacts.directory->report_status, DNS_NXDOMAIN);
}

/* Those before the fourth say whose they are themselves. */
static void every_form_is_read(void **state)
{
    struct kept_target kept;

    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        assert_true(read_form(i, forms[i].length, forms[i].form < 4 ? "other.example" : DOMAIN, &kept));
        is_that_target(&kept, forms[i].form);
        kept_target_release(&kept);
        for (size_t length = 0; length < forms[i].length; length++) {
            assert_false(read_form(i, length, DOMAIN, &kept));
            kept_target_release(&kept);
        }
    }
}

static void no_other_form_is_read(void **state)
{
    static const uint8_t others[] = {0, 5, 255};
    struct kept_target kept;

    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct vocabulary words;
        char *bytes = mem_copy(forms[3].bytes, forms[3].length);
        struct reader in = reader_of(bytes, forms[3].length);

        words_then(&words);
        bytes[0] = (char)others[i];
        unpack_target(&in, &words, DOMAIN, &kept);
        assert_true(in.failed);
        kept_target_release(&kept);
        free(bytes);
    }
}

/* The row's name is looked at like all else. */
static void what_can_be_no_name_is_damage(void **state)
{
    static const char *const names[] = {"", "a b", "a\nb", "b\u00fccher.example"};
    struct kept_target kept;

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_false(read_form(3, forms[3].length, names[i], &kept));
        kept_target_release(&kept);
    }
}

static void a_name_for_people_is_there_again(void **state)
{
    struct model *model = fixture_model("tls1.2");
    struct target *target = fixture_target(model, DOMAIN, CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    struct kept_target kept;

    (void)state;
    assert_true(through(target, 0, &kept));
    assert_string_equal(kept.spec.unicode, DOMAIN);
    kept_target_release(&kept);
    target->spec.unicode = mem_string(UNICODE);
    assert_true(through(target, 0, &kept));
    assert_string_equal(kept.spec.domain, DOMAIN);
    assert_string_equal(kept.spec.unicode, UNICODE);
    kept_target_release(&kept);
    model_free(model);
}

#define PORT        "\316\326\1"
#define ANSWER      "\0\1\0\0\0\0\0\1\012192.0.2.1"
#define HOST_BEFORE "\1\11mx.a.com" PORT ANSWER
#define HOST        "\2" PORT ANSWER

/* False when the bytes are no host. */
static bool is_host(const char *bytes, size_t length, const char *name)
{
    struct reader in = reader_of(bytes, length);
    struct vocabulary words;
    struct event event;
    bool done;

    words_then(&words);
    unpack_host(&in, &words, name, &event);
    done = reader_done(&in);
    if (done) {
        assert_string_equal(event.host.name, "mx.a.com");
        assert_int_equal(event.host.port, 27470);
        assert_int_equal(event.addresses.count, 1);
        assert_string_equal(event.addresses.items[0], "192.0.2.1");
    }
    event_release(&event);
    return done;
}

static void hosts_of_both_forms_are_read(void **state)
{
    (void)state;
    assert_true(is_host(BYTES(HOST_BEFORE), "mx.other.com"));
    assert_true(is_host(BYTES(HOST), "mx.a.com"));
    assert_false(is_host(BYTES(HOST), ""));
    assert_false(is_host(BYTES(HOST), "mx a.com"));
    for (size_t i = 0; i < sizeof HOST - 1; i++)
        assert_false(is_host(HOST, i, "mx.a.com"));
}

static bool is_key(const char *bytes, size_t length, const char *name)
{
    struct reader in = reader_of(bytes, length);
    struct endpoint_key key = {0};
    struct vocabulary words;
    bool done;

    words_then(&words);
    unpack_endpoint_key(&in, &words, name, &key);
    done = reader_done(&in);
    if (done) {
        assert_string_equal(key.address, "192.0.2.1");
        assert_string_equal(key.server_name, "mx.a.com");
    }
    endpoint_key_release(&key);
    return done;
}

#define KEY_BEFORE "\012192.0.2.1\31\0\11mx.a.com"
#define KEY        "\0\31\0\11mx.a.com"

static void where_endpoints_are_is_read_of_both_forms(void **state)
{
    (void)state;
    assert_true(is_key(BYTES(KEY_BEFORE), "192.0.2.2"));
    assert_true(is_key(BYTES(KEY), "192.0.2.1"));
    assert_false(is_key(BYTES(KEY), "mx.a.com"));
    assert_false(is_key(BYTES(KEY), ""));
}

static void what_people_set_comes_back(void **state)
{
    struct model *model = fixture_model("tls1.2");
    struct target *target = fixture_target(model, "contoso.com", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    struct kept_target kept;

    (void)state;
    for (unsigned what = 0; what < hand_count; what++) {
        target->spec.by_hand = BY_HAND(what);
        assert_true(through(target, 0, &kept));
        assert_int_equal(kept.spec.by_hand, BY_HAND(what));
        kept_target_release(&kept);
    }
    target->spec.by_hand = BY_HAND(hand_count); /* nothing that this program knows */
    assert_false(through(target, 0, &kept));
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
    assert_false(through(target, 0, &kept));
    kept_target_release(&kept);
    model_free(model);
}

/* The target with so many smart hosts, and so many exchanges beside its way. */
static bool reads_hosts(size_t smart, size_t exchanges)
{
    struct model *model = fixture_model("tls1.2");
    struct target *target = fixture_target(model, "contoso.com", CLASS_PARTNER, REQUIREMENT_ENCRYPTION);
    char name[] = "mx.contoso.com";
    struct host host = {.key = {name, 25, PROTOCOL_SMTP}};
    struct target_host *hosts = mem_array(exchanges, sizeof *hosts);
    struct kept_target kept;
    bool done;

    for (size_t i = 0; i < smart; i++)
        target_spec_add_host(&target->spec, "gw.contoso.com", 0, false);
    for (size_t i = 0; i < exchanges; i++)
        hosts[i].host = &host;
    target->beside.hosts = hosts;
    target->beside.host_count = exchanges;
    done = through(target, 0, &kept);
    kept_target_release(&kept);
    target->beside.host_count = 0;
    model_free(model);
    return done;
}

/* Who finds one looks at all of them. */
static void more_hosts_than_any_target_has_are_damage(void **state)
{
    (void)state;
    assert_true(reads_hosts(TARGET_HOSTS_MOST, TARGET_HOSTS_MOST));
    assert_false(reads_hosts(TARGET_HOSTS_MOST + 1, 0));
    assert_false(reads_hosts(0, TARGET_HOSTS_MOST + 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contacts_come_back),
        cmocka_unit_test(every_form_is_read),
        cmocka_unit_test(no_other_form_is_read),
        cmocka_unit_test(what_can_be_no_name_is_damage),
        cmocka_unit_test(a_name_for_people_is_there_again),
        cmocka_unit_test(hosts_of_both_forms_are_read),
        cmocka_unit_test(where_endpoints_are_is_read_of_both_forms),
        cmocka_unit_test(what_people_set_comes_back),
        cmocka_unit_test(what_is_no_address_is_damage),
        cmocka_unit_test(more_hosts_than_any_target_has_are_damage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
