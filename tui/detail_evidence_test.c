/* What the detail page shows as evidence: versions, certificates, records, dialogue. */
#include "engine/base/mem.h"
#include "engine/model/fixture.h"
#include "tui/detail.h"
#include "tui/press.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#define WIDE 120
#define DAY  86400

struct scene {
    struct model *model;
    struct target *target; /* once it is settled */
    struct facts *facts;   /* until then; the model's after */
};

static void begin(struct scene *scene, const char *versions)
{
    scene->model = fixture_model("exchange-online");
    scene->facts = fixture_facts(versions);
}

static void settle(struct scene *scene, enum requirement requirement)
{
    scene->target =
        fixture_simple(scene->model, "a.example", CLASS_PARTNER, requirement, "192.0.2.1", scene->facts);
}

static char *page_of(const struct scene *scene, enum row_kind kind, int width)
{
    const struct host *host = scene->target->hosts[0].host;
    struct row row = {.kind = kind, .target = scene->target->id};
    struct page page;
    char *text;

    if (kind > ROW_TARGET)
        row.host = host->id;
    if (kind > ROW_HOST)
        row.endpoint = host->endpoints[0]->id;
    if (kind == ROW_VERSION)
        row.version = TLS_1_0;
    page_init(&page, width, false);
    detail_build(&page, scene->model, NULL, &row, FIXTURE_NOW);
    text = page_text(&page);
    page_release(&page);
    return text;
}

static void assert_shows(const struct scene *scene, enum row_kind kind, const char *part)
{
    char *text = page_of(scene, kind, WIDE);

    if (!strstr(text, part))
        fail_msg("\"%s\" is missing in:\n%s", part, text);
    free(text);
}

static void set_version(struct scene *scene, enum tls_version version, enum version_state state,
                        enum probe_error error, int alert)
{
    scene->facts->versions[version] = (struct version_facts){state, 0, error, alert};
}

static void every_version_has_its_line(void **state)
{
    struct scene scene;
    char *text;

    (void)state;
    begin(&scene, "rarra");
    set_version(&scene, TLS_1_2, VERSION_UNKNOWN, PROBE_IO_TIMEOUT, -1);
    set_version(&scene, TLS_1_1, VERSION_REFUSED, PROBE_OK, 70);
    set_version(&scene, TLS_1_0, VERSION_REFUSED, PROBE_OK, 199);
    set_version(&scene, TLS_SSL_3_0, VERSION_NOT_TESTED, PROBE_OK, -1);
    scene.facts->versions[TLS_1_3].suite = 0x1302;
    scene.facts->full = false;
    settle(&scene, REQUIREMENT_ENCRYPTION);
    assert_shows(&scene, ROW_ENDPOINT,
                 "TLS versions\n"
                 "TLS 1.3  ✓ accepted    TLS_AES_256_GCM_SHA384\n"
                 "TLS 1.2  ? unknown     no whole answer came in time\n"
                 "TLS 1.1  ✗ refused     protocol_version\n"
                 "TLS 1.0  ✗ refused     alert 199\n"
                 "SSL 3.0  · not tested  not asked so far; the verdict does not hang on it\n");
    text = page_of(&scene, ROW_ENDPOINT, 38);
    assert_non_null(strstr(text, "TLS 1.3  ✓ accepted\n  TLS_AES_256_GCM_SHA384\nTLS 1.2  ? unknown\n"));
    free(text);
    model_free(scene.model);
}

static struct certificate *give_certificate(struct scene *scene, const char *name)
{
    struct certificate *certificate = fixture_certificate(name, true, 300);

    scene->facts->certificate = certificate;
    return certificate;
}

static void the_chain_tells_the_days_of_each(void **state)
{
    struct scene scene;
    struct certificate *certificate;

    (void)state;
    begin(&scene, "rrraa");
    certificate = give_certificate(&scene, "mx.a.example");
    certificate->chain = mem_array(3, sizeof *certificate->chain);
    certificate->chain_length = 3;
    certificate->chain[0] = (struct chain_member){mem_string("CN=mx.a.example"), mem_string("CN=Middle"),
                                                  FIXTURE_NOW + 300 * DAY};
    certificate->chain[1] =
        (struct chain_member){mem_string("CN=Middle"), mem_string("CN=Top"), FIXTURE_NOW + 12 * DAY};
    certificate->chain[2] =
        (struct chain_member){mem_string("CN=Top"), mem_string("CN=Root"), FIXTURE_NOW - 5 * DAY};
    settle(&scene, REQUIREMENT_ENCRYPTION);
    assert_shows(&scene, ROW_ENDPOINT,
                 "Certificate chain as sent\n"
                 "1  300 days left   CN=mx.a.example\n"
                 "2  12 days left    CN=Middle\n"
                 "3  5 days over     CN=Top\n"
                 "   signed by       CN=Root\n");
    assert_shows(&scene, ROW_TARGET, "Tell them that a certificate ended 5 days ago;");
    model_free(scene.model);
}

/* Both answers are there whether they differ or not, and which of them decides. */
static void both_rules_answer(void **state)
{
    static const struct {
        const char *certificate, *tls_domain;
        enum name_rule rule;
        bool endpoint;
        const char *expected;
    } rows[] = {
        {"mx.a.example", NULL, NAME_RULE_EXCHANGE, false,
         "By Exchange   yes: for a.example or a name right below it (this decides)\n"
         "By RFC 6125   yes: for mx.a.example\n"},
        {"other.example", NULL, NAME_RULE_EXCHANGE, false,
         "By Exchange   no: not for a.example or a name right below it (this decides)\n"
         "By RFC 6125   no: not for mx.a.example\n"},
        {"*.b.example", "b.example", NAME_RULE_STRICT, false,
         "By Exchange   yes: for b.example\n"
         "By RFC 6125   no: not for b.example (this decides)\n"},
        {"b.example", "*.b.example", NAME_RULE_EXCHANGE, false,
         "By Exchange   yes: for *.b.example (this decides)\n"
         "By RFC 6125   no answer: *.b.example is a pattern\n"},
        {"mx.a.example", "hostname:.b.example", NAME_RULE_POSTFIX, false,
         "By Exchange   yes: for mx.a.example\n"
         "By RFC 6125   no answer: hostname:.b.example is a pattern\n"
         "By Postfix    yes: for hostname:.b.example (this decides)\n"},
        {"mx.a.example", NULL, NAME_RULE_EXCHANGE, true,
         "By Exchange   yes: for mx.a.example (this decides)\n"
         "By RFC 6125   yes: for mx.a.example\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct scene scene;

        begin(&scene, "rrraa");
        give_certificate(&scene, rows[i].certificate);
        settle(&scene, REQUIREMENT_NAME);
        scene.target->spec.tls_domain = mem_string(rows[i].tls_domain);
        scene.target->spec.name_rule = rows[i].rule;
        scene.target->spec.is_endpoint = rows[i].endpoint;
        assert_shows(&scene, ROW_ENDPOINT, rows[i].expected);
        model_free(scene.model);
    }
}

static void add_records(struct scene *scene)
{
    struct event route = {.type = EVENT_ROUTE, .target = scene->target->id, .route = ROUTE_MX};
    struct event addresses = {.type = EVENT_ADDRESSES};

    route.dns.status = addresses.dns.status = DNS_OK;
    addresses.dns.authenticated = true;
    route.hosts = mem_alloc(sizeof *route.hosts);
    route.host_count = 1;
    route.hosts[0] = (struct route_host){{mem_string("mx.a.example"), 25, PROTOCOL_SMTP}, 10};
    trail_add(&route.dns.trail, RECORD_CNAME, "a.example", "b.example", 60);
    trail_add(&route.dns.trail, RECORD_MX, "b.example", "10 mx.a.example", 3600);
    addresses.host = (struct host_key){mem_string("mx.a.example"), 25, PROTOCOL_SMTP};
    strings_add(&addresses.addresses, "192.0.2.1");
    trail_add(&addresses.dns.trail, RECORD_A, "mx.a.example", "192.0.2.1", 300);
    addresses.dns.trail.cut = true;
    model_apply(scene->model, &route);
    model_apply(scene->model, &addresses);
    event_release(&route);
    event_release(&addresses);
}

static void every_record_is_listed(void **state)
{
    static const char wide[] = "DNS records used\n"
                               "a.example                                  60 s CNAME b.example\n"
                               "b.example                                3600 s MX    10 mx.a.example\n"
                               "mx.a.example                              300 s A     192.0.2.1\n"
                               "more records are not shown\n";
    static const char narrow[] = "DNS records used\n"
                                 "a.example\n"
                                 "              60 s CNAME b.example\n";
    static const char narrowest[] = "DNS records used\n"
                                    "a.example\n"
                                    "  60 s CNAME b.example\n";
    struct scene scene;
    char *text;

    (void)state;
    begin(&scene, "rrraa");
    settle(&scene, REQUIREMENT_ENCRYPTION);
    add_records(&scene);
    assert_shows(&scene, ROW_TARGET, wide);
    assert_shows(&scene, ROW_TARGET, "DNS           answered, without DNSSEC\n");
    assert_shows(&scene, ROW_TARGET, "addresses DNSSEC-authenticated\n");
    assert_shows(&scene, ROW_HOST, "DNS           answered, DNSSEC-authenticated\n");
    assert_shows(&scene, ROW_HOST, "DNS records used\nmx.a.example   ");
    assert_shows(&scene, ROW_ENDPOINT, "DNS records used\nmx.a.example   ");
    text = page_of(&scene, ROW_TARGET, 50);
    assert_non_null(strstr(text, narrow));
    free(text);
    text = page_of(&scene, ROW_TARGET, 38);
    assert_non_null(strstr(text, narrowest));
    free(text);
    model_free(scene.model);
}

static void lines_are_said_with_their_times(void **state)
{
    static const struct {
        enum transcript_side side;
        int at_ms;
        const char *text;
    } lines[] = {{SAID_BY_SERVER, 0, "220 a"},
                 {SAID_BY_CLIENT, 7, "EHLO x"},
                 {NOTED, 9999, "TLS starts here"},
                 {SAID_BY_SERVER, 61049, "221 \033[2Jbye"},
                 {SAID_BY_SERVER, -1, "nobody knows when"}};
    struct scene scene;

    (void)state;
    begin(&scene, "rrraa");
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        scene.facts->transcript.now_ms = lines[i].at_ms;
        transcript_add(&scene.facts->transcript, lines[i].side, lines[i].text);
    }
    settle(&scene, REQUIREMENT_ENCRYPTION);
    assert_shows(&scene, ROW_ENDPOINT,
                 "Dialogue as sent and received\n"
                 "   +0 ms  S 220 a\n"
                 "   +7 ms  C EHLO x\n"
                 "+9999 ms    TLS starts here\n"
                 " +61.0 s  S 221 \\x1b[2Jbye\n"
                 "          S nobody knows when\n");
    model_free(scene.model);
}

/* The order in which a page is read: verdict, why, what follows for mail, what to do, then what it rests on.
 */
static void every_page_begins_alike(void **state)
{
    static const char *const parts[] = {"✗ not ready\n",     "accepts TLS 1.0 only",  "Mail          stops\n",
                                        "What to do next\n", "To tell the partner\n", "192.0.2.1"};
    struct scene scene;

    (void)state;
    begin(&scene, "rarrr");
    settle(&scene, REQUIREMENT_ENCRYPTION);
    for (int kind = ROW_TARGET; kind <= ROW_ENDPOINT; kind++) {
        char *text = page_of(&scene, (enum row_kind)kind, WIDE), *at = text;

        assert_memory_equal(text, parts[0], strlen(parts[0]));
        for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
            at = strstr(at, parts[i]);
            if (!at)
                fail_msg("\"%s\" is missing or out of order in:\n%s", parts[i], text);
        }
        free(text);
    }
    model_free(scene.model);
}

/* A version's page is its address's, with its own line above. */
static void a_version_comes_before_its_address(void **state)
{
    struct scene scene;
    char *text;

    (void)state;
    begin(&scene, "rarrr");
    settle(&scene, REQUIREMENT_ENCRYPTION);
    text = page_of(&scene, ROW_VERSION, WIDE);
    assert_memory_equal(text, "TLS 1.0  ✓ accepted", strlen("TLS 1.0  ✓ accepted"));
    assert_non_null(strstr(text, "\n\n✗ not ready\n"));
    free(text);
    model_free(scene.model);
}

/* A step names the key that does it, as it is bound; all begin in the same column. */
static void steps_name_their_keys(void **state)
{
    static const struct request requests[] = {{.name = "reprobe", .keys = {CONTROL('r')}},
                                              {.name = "copy-message"}};
    struct keymap keymap;
    struct scene scene;
    struct page page;
    struct row row;
    char *text;

    (void)state;
    keymap_init(&keymap, requests, 2);
    begin(&scene, "rarrr");
    settle(&scene, REQUIREMENT_ENCRYPTION);
    row = (struct row){.kind = ROW_TARGET, .target = scene.target->id};
    page_init(&page, WIDE, false);
    page.keymap = &keymap;
    detail_build(&page, scene.model, NULL, &row, FIXTURE_NOW);
    text = page_text(&page);
    assert_non_null(strstr(text, "\n C-r  Probe it again when they have acted.\n"));
    assert_non_null(strstr(text, "\n ·    Send the postmaster there the words below.\n"));
    free(text);
    page_release(&page);
    model_free(scene.model);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_version_has_its_line),
        cmocka_unit_test(the_chain_tells_the_days_of_each),
        cmocka_unit_test(both_rules_answer),
        cmocka_unit_test(every_record_is_listed),
        cmocka_unit_test(lines_are_said_with_their_times),
        cmocka_unit_test(every_page_begins_alike),
        cmocka_unit_test(a_version_comes_before_its_address),
        cmocka_unit_test(steps_name_their_keys),
    };

    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
