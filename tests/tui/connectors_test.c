/* An export of connectors in the real program: the tree and the report of the same file say the same. */
#include "tests/tui/drive.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/mem.h"
#include "engine/base/words.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROGRAM "tui/mxscope"
#define SAMPLE  "data/samples/outbound-connectors.json"

static json_t *report(void)
{
    FILE *pipe = popen(PROGRAM " audit --demo -i " SAMPLE " 2>/dev/null", "r");
    json_error_t error;
    json_t *json;

    assert_non_null(pipe);
    json = json_loadf(pipe, 0, &error);
    pclose(pipe);
    assert_non_null(json);
    return json;
}

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text ? text : "";
}

/* The line of a domain below its connector's; NULL when there is none. The caller frees. */
static char *line_of(struct harness *harness, const char *connector, const char *domain)
{
    char *head = mem_format("   ▾ %s ", connector), *row = mem_format(" ▸ %s ", domain), *found = NULL;
    bool below = false;
    int i;

    for (i = 0; i < 50 && !found; i++) {
        char *line = harness_line(harness, i);

        if (strstr(line, "   ▾ "))
            below = strstr(line, head) != NULL;
        else if (below && strstr(line, row))
            found = mem_string(line);
        free(line);
    }
    free(head);
    free(row);
    return found;
}

static void tree_and_report_agree(void **state)
{
    static const char *const argv[] = {PROGRAM, "--demo", SAMPLE, NULL};
    struct harness *harness = harness_start(argv, 50, 200, NULL);
    json_t *json = report(), *domain;
    size_t i, partners = 0;

    (void)state;
    assert_true(harness_wait(harness, "done, "));
    json_array_foreach(json_object_get(json, "domains"), i, domain)
    {
        char *line = line_of(harness, text_of(domain, "connector"), text_of(domain, "domain"));
        enum verdict verdict;
        enum consequence consequence;

        assert_string_equal(text_of(domain, "class"), "partner");
        assert_true(verdict_parse(text_of(domain, "verdict"), &verdict));
        assert_true(consequence_parse(text_of(domain, "consequence"), &consequence));
        if (!line || !strstr(line, verdict_title(verdict)))
            fail_msg("%s: %s", text_of(domain, "domain"), line ? line : "no line");
        if (consequence == CONSEQUENCE_STOPS)
            assert_non_null(strstr(line, "mail stops"));
        free(line);
        partners++;
    }
    assert_int_equal(partners, 8);
    assert_true(json_array_size(json_object_get(json, "input_notes")) > 4);
    json_decref(json);
    drive_quit(harness);
}

/* On a connector: what it demands, by which way, and its domains. */
static void a_connector_has_a_page(void **state)
{
    static const char *const argv[] = {PROGRAM, "--demo", SAMPLE, NULL};
    struct harness *harness = harness_start(argv, 50, 200, NULL);

    (void)state;
    assert_true(harness_wait(harness, "done, "));
    drive_keys(harness, "j");
    assert_true(harness_wait(harness, "gw.fabrikam.example, as Exchange matches"));
    assert_true(harness_wait(harness, "smart host gw.fabrikam.example"));
    assert_true(harness_wait(harness, SAMPLE ":2, connector 1"));
    drive_keys(harness, "j j j j");
    assert_true(harness_wait(harness, "the domains' MX")); /* To Litware, with two domains */
    drive_keys(harness, "Space R");
    assert_true(harness_wait(harness, "probing 2 tagged targets again"));
    assert_true(harness_wait(harness, "done, "));
    drive_keys(harness, "g j h");
    assert_true(harness_wait(harness, "▸ To Fabrikam"));
    drive_keys(harness, "l");
    assert_true(harness_wait(harness, "▾ To Fabrikam"));
    drive_keys(harness, "r");
    assert_true(harness_wait(harness, "probing 1 target again"));
    assert_true(harness_wait(harness, "done, "));
    drive_keys(harness, "j");
    assert_true(harness_wait(harness, "To tell the partner"));
    assert_true(harness_wait(harness, "Your gateway gw.fabrikam.example offers TLS 1.0 only"));
    drive_quit(harness);
}

static void assert_route(struct harness *harness, const char *connector, const char *word)
{
    char *head = mem_format("   ▾ %s ", connector),
         *line = harness_line(harness, harness_find(harness, head));

    if (!strstr(line, word))
        fail_msg("%s: no \"%s\" in: %s", connector, word, line);
    free(line);
    free(head);
}

/* Which way mail goes, then what is demanded. */
static void a_connector_row_tells_the_route(void **state)
{
    static const char *const argv[] = {PROGRAM, "--demo", SAMPLE, NULL};
    struct harness *harness = harness_start(argv, 50, 320, NULL);

    (void)state;
    assert_true(harness_wait(harness, "done, "));
    assert_route(harness, "To Fabrikam", "smart host, TLS with name");
    assert_route(harness, "To Contoso", "MX, TLS with name");
    assert_route(harness, "To Wingtip Toys", "MX, TLS when offered");
    assert_route(harness, "To A. Datum", "smart host, TLS with chain");
    drive_quit(harness);
}

/* What the filter hides is not tagged, as it is not probed again. */
static void a_tag_keeps_to_the_filter(void **state)
{
    static const char *const argv[] = {PROGRAM, "--demo", SAMPLE, NULL};
    struct harness *harness = harness_start(argv, 50, 200, NULL);

    (void)state;
    assert_true(harness_wait(harness, "done, "));
    harness_send(harness, "fcpandl\r");
    assert_true(harness_wait_gone(harness, "To Fabrikam"));
    drive_keys(harness, "g j Space R");
    assert_true(harness_wait(harness, "probing 1 tagged target again"));
    assert_true(harness_wait(harness, "done, "));
    drive_quit(harness);
}

static void small_screens_show_connectors(void **state)
{
    static const char *const argv[] = {PROGRAM, "--demo", SAMPLE, NULL};
    static const struct {
        int lines, columns;
    } sizes[] = {{24, 80}, {10, 40}};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct harness *harness = harness_start(argv, sizes[i].lines, sizes[i].columns, NULL);

        assert_true(harness_wait(harness, "done"));
        assert_true(harness_wait(harness, "   ▾ To Fabrikam "));
        assert_true(harness_wait(harness, "     ▸ fabrikam.example "));
        assert_true(harness_wait(harness, "   ▾ To Contoso "));
        drive_quit(harness);
    }
}

/* A list, then an export, as a terminal pastes them: asked first, then added and probed. */
static void what_is_pasted_is_added(void **state)
{
    static const char *const argv[] = {PROGRAM, "--demo", "wingtiptoys.example", NULL};
    struct harness *harness = harness_start(argv, 50, 200, NULL);

    (void)state;
    assert_true(harness_wait(harness, "done, "));
    harness_send(harness, "\033[200~litware.example\rnot a domain here\rcontoso.example partner\r\033[201~");
    assert_true(harness_wait(harness, "Add 2 targets (1 line not understood)?"));
    assert_true(harness_wait(harness, "pasted:2: "));
    harness_send(harness, "y");
    assert_true(harness_wait(harness, "2 added"));
    assert_true(harness_wait(harness, "▸ contoso.example"));
    harness_send(
        harness,
        "\033[200~[{\"Name\":\"Pasted one\",\"Enabled\":true,\"TestMode\":false,\"UseMXRecord\":true,"
        "\"TlsSettings\":\"EncryptionOnly\",\"RecipientDomains\":[\"cpandl.example\",\"*.x.example\"]}]"
        "\033[201~");
    assert_true(harness_wait(harness, "Add 1 target (1 note)?"));
    harness_send(harness, "y");
    assert_true(harness_wait(harness, "▾ Pasted one"));
    assert_true(harness_wait(harness, "▸ cpandl.example"));
    assert_true(harness_wait(harness, "done, "));
    drive_keys(harness, "i");
    assert_true(harness_wait(harness, "*.x.example is a wildcard"));
    drive_keys(harness, "Esc");
    drive_quit(harness);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tree_and_report_agree),           cmocka_unit_test(a_connector_has_a_page),
        cmocka_unit_test(a_connector_row_tells_the_route), cmocka_unit_test(a_tag_keeps_to_the_filter),
        cmocka_unit_test(small_screens_show_connectors),   cmocka_unit_test(what_is_pasted_is_added),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
