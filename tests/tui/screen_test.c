/* Drives the screen in a terminal: the made-up session of screen_fixture.c, real keys, a real
 * pseudo-terminal. */
#include "tests/tui/drive.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define FIXTURE "tests/tui/screen_fixture"

struct selection {
    const char *text;
    int line;
};

static bool is_selected(struct harness *harness, void *context)
{
    const struct selection *wanted = context;
    int line, column;
    char *text;
    bool met;

    harness_cursor(harness, &line, &column);
    text = harness_line(harness, line);
    met = strstr(text, wanted->text) && harness_look(harness, line, 0).reverse && wanted->line == line;
    free(text);
    return met;
}

static int cursor_line(struct harness *harness)
{
    int line, column;

    harness_cursor(harness, &line, &column);
    return line;
}

static void test_tree_at_once(void **state)
{
    struct harness *harness = drive_fixture(24, 80, NULL, NULL, NULL);

    (void)state;
    assert_true(harness_wait(harness, "? help"));
    assert_true(harness_alternate(harness));
    assert_true(harness_wait(harness, "▾ Partners"));
    assert_true(harness_wait(harness, "✗ 2"));
    assert_true(harness_find(harness, "exchange-online, TLS 1.2 or better") == 0);
    assert_true(harness_find(harness, "mail stops") > 0);
    drive_until_selected(harness, "Partners");
    drive_quit(harness);
}

static void test_verdicts_have_colours(void **state)
{
    struct harness *harness = drive_fixture(24, 80, NULL, NULL, NULL);
    int line;

    (void)state;
    assert_true(harness_wait(harness, "? help"));
    line = harness_find(harness, "fabrikam.example");
    assert_int_equal(harness_look(harness, line, 39).color % 8, 1);
    assert_true(harness_look(harness, line, 39).bold);
    line = harness_find(harness, "contoso.example");
    assert_int_equal(harness_look(harness, line, 39).color, 2);
    drive_quit(harness);
}

/* What is beside the route has its verdict in words, dim as the rest of its row; the target's own is good. */
static void test_beside_the_route(void **state)
{
    struct harness *harness = drive_fixture(24, 80, "--beside", NULL, NULL);
    int line, column;
    char *text;

    (void)state;
    assert_true(harness_wait(harness, "? help"));
    drive_keys(harness, "4");
    assert_true(harness_wait(harness, "not the route"));
    assert_true(harness_wait(harness, "192.0.2.77"));
    line = harness_find(harness, "mx.contoso.example");
    assert_true(line > harness_find(harness, "2001:db8::10"));
    assert_true(line < harness_find(harness, "192.0.2.77"));
    assert_int_equal(harness_find(harness, "not the route"), line);
    text = harness_line(harness, line);
    assert_non_null(strstr(text, "plaintext"));
    free(text);
    for (column = 0; column < 80; column++)
        assert_int_equal(harness_look(harness, line, column).color, -1);
    drive_keys(harness, "e");
    drive_until_selected(harness, "fabrikam.example");
    drive_quit(harness);
    harness = drive_fixture(24, 240, "--beside", NULL, NULL);
    assert_true(harness_key(harness, "4"));
    assert_true(harness_wait(harness, "MX 10, not the route"));
    drive_quit(harness);
}

static void assert_no_colour(struct harness *harness)
{
    int line, column;

    assert_true(harness_wait(harness, "? help"));
    for (line = 0; line < 24; line++)
        for (column = 0; column < 80; column++)
            assert_int_equal(harness_look(harness, line, column).color, -1);
    drive_quit(harness);
}

static void test_no_colour(void **state)
{
    static const char *const argv[] = {FIXTURE, NULL};
    static const char *const environment[] = {"NO_COLOR=1", NULL};

    (void)state;
    assert_no_colour(drive_fixture(24, 80, "--color", "never", NULL));
    assert_no_colour(drive_fixture(24, 80, "--theme", "mono", NULL));
    assert_no_colour(harness_start(argv, 24, 80, environment));
}

static void assert_ascii(struct harness *harness)
{
    char *text, *c;

    assert_true(harness_wait(harness, "x not ready"));
    assert_true(harness_wait(harness, "v Partners"));
    text = harness_text(harness);
    for (c = text; *c; c++)
        assert_true((unsigned char)*c < 0x80);
    free(text);
    drive_quit(harness);
}

static void test_ascii(void **state)
{
    static const char *const argv[] = {FIXTURE, NULL};
    static const char *const environment[] = {"LC_ALL=C", NULL};

    (void)state;
    assert_ascii(drive_fixture(24, 80, "--ascii", NULL, NULL));
    assert_ascii(harness_start(argv, 24, 80, environment));
}

static void test_moving_and_folding(void **state)
{
    struct harness *harness = drive_fixture(30, 80, NULL, NULL, NULL);

    (void)state;
    drive_until_selected(harness, "Partners");
    drive_keys(harness, "j");
    drive_until_selected(harness, "contoso.example");
    drive_keys(harness, "l l");
    drive_until_selected(harness, "mail.contoso.example");
    drive_keys(harness, "l");
    drive_until_selected(harness, "192.0.2.10");
    drive_keys(harness, "h h h h");
    drive_until_selected(harness, "contoso.example +2");
    assert_true(harness_wait_gone(harness, "192.0.2.10 "));
    drive_keys(harness, "G");
    drive_until_selected(harness, "proseware.example");
    drive_keys(harness, "g 1");
    assert_true(harness_wait_gone(harness, "fabrikam.example"));
    drive_keys(harness, "4");
    assert_true(harness_wait(harness, "2001:db8::10"));
    drive_keys(harness, "2 e");
    drive_until_selected(harness, "fabrikam.example");
    drive_keys(harness, "e"); /* what happens to mail: it stops, goes in clear, … is not known */
    drive_until_selected(harness, "adatum.example");
    drive_keys(harness, "E E");
    drive_until_selected(harness, "wingtip.example");
    drive_quit(harness);
}

static void test_search(void **state)
{
    struct harness *harness = drive_fixture(30, 80, NULL, NULL, NULL);

    (void)state;
    drive_until_selected(harness, "Partners");
    drive_keys(harness, "j j /");
    harness_send(harness, "2.21");
    assert_true(harness_wait(harness, "192.0.2.21"));
    harness_send(harness, "zz");
    assert_true(harness_wait(harness, "no match"));
    assert_int_equal(harness_look(harness, 29, 1).color % 8, 1);
    drive_keys(harness, "Esc");
    drive_until_selected(harness, "fabrikam.example");
    assert_true(harness_wait_gone(harness, "192.0.2.21"));
    drive_keys(harness, "/");
    harness_send(harness, "mx.\r");
    drive_until_selected(harness, "mx.tailspin.example");
    drive_keys(harness, "n");
    drive_until_selected(harness, "mx.adatum.example");
    drive_keys(harness, "N");
    drive_until_selected(harness, "mx.tailspin.example");
    drive_quit(harness);
}

static void test_filter(void **state)
{
    struct harness *harness = drive_fixture(24, 80, NULL, NULL, NULL);

    (void)state;
    drive_until_selected(harness, "Partners");
    drive_keys(harness, "f");
    harness_send(harness, "verdict:not-ready");
    assert_true(harness_wait(harness, "2 of 8"));
    assert_true(harness_wait_gone(harness, "contoso.example"));
    harness_send(harness, "\r");
    assert_true(harness_wait(harness, "? help"));
    drive_keys(harness, "Esc");
    assert_true(harness_wait(harness, "contoso.example"));
    drive_keys(harness, "f");
    harness_send(harness, "verdict:what");
    assert_true(harness_wait(harness, "verdict: takes pending"));
    drive_keys(harness, "C-u");
    harness_send(harness, "nothing-like-it");
    assert_true(harness_wait(harness, "Nothing matches"));
    drive_keys(harness, "Esc");
    assert_true(harness_wait(harness, "contoso.example"));
    drive_quit(harness);
}

/* A half typed term hides everything for a moment; the selected row is back with the whole term. */
static void test_filter_keeps_selection(void **state)
{
    struct harness *harness = drive_fixture(24, 80, NULL, NULL, NULL);

    (void)state;
    drive_until_selected(harness, "Partners");
    drive_keys(harness, "j j");
    drive_until_selected(harness, "fabrikam.example");
    drive_keys(harness, "f");
    harness_send(harness, "q");
    assert_true(harness_wait(harness, "Nothing matches"));
    drive_keys(harness, "BSpace");
    harness_send(harness, "class:partner\r");
    assert_true(harness_wait(harness, "3 of 8"));
    drive_until_selected(harness, "fabrikam.example");
    drive_keys(harness, "f C-u");
    harness_send(harness, "nothing-like-it\r");
    assert_true(harness_wait(harness, "Nothing matches"));
    drive_keys(harness, "j");
    assert_true(harness_wait(harness, "the filter hides everything; Esc clears it"));
    drive_keys(harness, "Esc");
    assert_true(harness_wait(harness, "proseware.example"));
    drive_quit(harness);
}

/* An error that does not fit beside the prompt stands above it, whole. */
static void test_long_errors_are_whole(void **state)
{
    struct harness *harness = drive_fixture(24, 80, "--empty", NULL, NULL);
    int line;

    (void)state;
    assert_true(harness_wait(harness, "No targets yet."));
    drive_keys(harness, "a");
    harness_send(harness, "http://x\r");
    assert_true(harness_wait(harness, "the scheme is not known"));
    assert_true(harness_wait(harness, "pop3s"));
    assert_true(harness_wait(harness, "add: http://x"));
    line = harness_find(harness, "the scheme is not known");
    assert_true(line > 0 && line < 23);
    assert_int_equal(harness_find(harness, "add: http://x"), 23);
    assert_int_equal(harness_find(harness, "added here"), -1);
    drive_keys(harness, "Esc");
    assert_true(harness_wait_gone(harness, "the scheme is not known"));
    drive_quit(harness);
}

static void test_add_and_reclass(void **state)
{
    struct harness *harness = drive_fixture(24, 80, "--empty", NULL, NULL);

    (void)state;
    assert_true(harness_wait(harness, "No targets yet."));
    drive_keys(harness, "a");
    harness_send(harness, "not..good\r");
    assert_true(harness_wait(harness, "add: not..good"));
    drive_keys(harness, "C-u");
    harness_send(harness, "adventure.example\r");
    drive_until_selected(harness, "adventure.example");
    assert_true(harness_wait(harness, "Opportunistic"));
    assert_true(harness_wait(harness, "p makes it a partner"));
    drive_keys(harness, "p");
    assert_true(harness_wait(harness, "▾ Partners"));
    drive_until_selected(harness, "adventure.example");
    drive_keys(harness, "p");
    assert_true(harness_wait(harness, "▾ Opportunistic"));
    drive_keys(harness, "a");
    harness_send(harness, "adventure.example\r");
    assert_true(harness_wait(harness, "is here already"));
    drive_quit(harness);
}

/* Several at once, with a class and a mail address; taken back as one. */
static void test_add_several(void **state)
{
    struct harness *harness = drive_fixture(24, 80, "--empty", NULL, NULL);

    (void)state;
    assert_true(harness_wait(harness, "No targets yet."));
    drive_keys(harness, "a");
    harness_send(harness, "adventure.example, wrong..example\r");
    assert_true(harness_wait(harness, "'wrong..example': "));
    drive_keys(harness, "C-u");
    harness_send(harness, "adventure.example, wingtip.example partner\r");
    assert_true(harness_wait(harness, "added 2 targets; u undoes it"));
    assert_true(harness_wait(harness, "▾ Partners"));
    drive_until_selected(harness, "adventure.example");
    drive_keys(harness, "a");
    harness_send(harness, "wingtip.example partner, tailspin.example\r");
    assert_true(harness_wait(harness, "added 1 target, 1 is here already"));
    drive_keys(harness, "u");
    assert_true(harness_wait_gone(harness, "tailspin.example"));
    drive_keys(harness, "u");
    assert_true(harness_wait(harness, "No targets yet."));
    drive_keys(harness, "a");
    harness_send(harness, "Bob@adventure.example\r");
    assert_true(harness_wait(harness, "added adventure.example, the domain of Bob@adventure.example"));
    drive_quit(harness);
}

static void test_note(void **state)
{
    struct harness *harness = drive_fixture(24, 80, NULL, NULL, NULL);

    (void)state;
    drive_until_selected(harness, "Partners");
    drive_keys(harness, "t");
    assert_true(harness_wait(harness, "that works on a domain"));
    drive_keys(harness, "j j l l t");
    assert_true(harness_wait(harness, " Note"));
    harness_send(harness, "asked Kim\r");
    assert_true(harness_wait(harness, "noted on fabrikam.example"));
    drive_keys(harness, "h h v");
    assert_true(harness_wait(harness, "Note          asked Kim"));
    drive_keys(harness, "f");
    harness_send(harness, "note:kim\r");
    assert_true(harness_wait(harness, "1 of 8"));
    drive_keys(harness, "Esc t C-u Enter");
    assert_true(harness_wait_gone(harness, "asked Kim"));
    drive_quit(harness);
}

static bool copied(struct harness *harness, void *context)
{
    return strcmp(harness_command(harness), context) == 0;
}

static void test_copy(void **state)
{
    static const char *const argv[] = {FIXTURE, NULL};
    static const char *const plain[] = {"TERM=vt100", NULL};
    char target[] = "52;c;ZmFicmlrYW0uZXhhbXBsZQ==", host[] = "52;c;Z3cuZmFicmlrYW0uZXhhbXBsZQ==",
         address[] = "52;c;MTkyLjAuMi4xNA==",
         row[] = "52;c;ZmFicmlrYW0uZXhhbXBsZQlub3QtcmVhZHkJMS4wCXN0b3BzCXNtYXJ0LWhvc3QJdmVyc2lvbi1iZWxvd"
                 "y1mbG9vcg==",
         message[] = "52;c;"
                     "VG86IHBvc3RtYXN0ZXJAZmFicmlrYW0uZXhhbXBsZQoKWW91ciBnYXRld2F5IGd3LmZhYnJpa2FtLmV4YW1wbG"
                     "Ugb2ZmZXJzIFRMUyAxLjAgb25seTsgb25jZSB0aGUgcnVsZXMgb2YgRXhjaGFuZ2UgT25saW5lIChPZmZpY2Ug"
                     "MzY1KSwgaW4gZm9yY2Ugc2luY2UgMjAyMC0xMC0xNSwgaG9sZCBmb3Igb3VyIG1haWwsIG91ciBtYWlsIHNlcn"
                     "ZlciB3aWxsIHF1ZXVlIG1haWwgYW5kIHRoZW4gcmV0dXJuIGl0LiBQbGVhc2UgZW5hYmxlIFRMUyAxLjIgb3Ig"
                     "bmV3ZXIu";
    struct harness *harness = drive_fixture(24, 80, NULL, NULL, NULL);

    (void)state;
    drive_until_selected(harness, "Partners");
    drive_keys(harness, "j j y");
    assert_true(harness_wait(harness, "copied fabrikam.example"));
    assert_true(harness_wait_for(harness, copied, target));
    drive_keys(harness, "C-y");
    assert_true(harness_wait(harness, "copied the row"));
    assert_true(harness_wait_for(harness, copied, row));
    drive_keys(harness, "Y");
    assert_true(harness_wait(harness, "copied what to tell fabrikam.example"));
    assert_true(harness_wait_for(harness, copied, message));
    drive_keys(harness, "l l y");
    assert_true(harness_wait_for(harness, copied, host));
    drive_keys(harness, "l y");
    assert_true(harness_wait_for(harness, copied, address));
    drive_quit(harness);
    harness = harness_start(argv, 24, 80, plain);
    assert_true(harness_wait(harness, "? help"));
    drive_keys(harness, "y");
    assert_true(harness_wait(harness, "knows no clipboard"));
    drive_keys(harness, "q");
    assert_int_equal(harness_wait_exit(harness), 0);
    assert_string_equal(harness_command(harness), "");
    harness_free(harness);
}

static void test_detail_pane(void **state)
{
    struct harness *harness = drive_fixture(24, 80, NULL, NULL, NULL);

    (void)state;
    drive_until_selected(harness, "Partners");
    drive_keys(harness, "j j");
    assert_true(harness_wait(harness, "accepts TLS 1.0 only"));
    assert_true(harness_wait(harness, "Mail          stops"));
    drive_keys(harness, "J J");
    assert_true(harness_wait(harness, "What to do next"));
    assert_true(harness_wait(harness, "Y  Send the postmaster there"));
    drive_keys(harness, "Tab PgDn PgDn PgDn PgDn");
    assert_true(harness_wait(harness, "TLS 1.0  ✓ accepted"));
    drive_keys(harness, "v PgDn");
    assert_true(harness_wait(harness, "Certificate chain as sent"));
    drive_keys(harness, "Tab");
    drive_keys(harness, "Tab G");
    assert_true(harness_wait(harness, "Probed at"));
    drive_keys(harness, "Esc v");
    assert_true(harness_wait_gone(harness, "Probed at"));
    drive_keys(harness, "J");
    assert_true(harness_wait(harness, "the detail pane is closed; v opens it"));
    drive_quit(harness);
}

static void test_help_and_palette(void **state)
{
    struct harness *harness = drive_fixture(24, 80, NULL, NULL, NULL);

    (void)state;
    drive_until_selected(harness, "Partners");
    drive_keys(harness, "Z");
    assert_true(harness_wait(harness, "Z does nothing here; ? lists keys"));
    drive_keys(harness, "?");
    assert_true(harness_wait(harness, "Keys and commands"));
    drive_keys(harness, "/");
    harness_send(harness, "depth-4");
    assert_true(harness_wait_gone(harness, "fold-all"));
    drive_keys(harness, "Enter");
    assert_true(harness_wait(harness, "2001:db8::10"));
    drive_keys(harness, ":");
    harness_send(harness, "depth-1\r");
    assert_true(harness_wait_gone(harness, "2001:db8::10"));
    drive_keys(harness, "? q");
    assert_true(harness_wait_gone(harness, "Keys and commands"));
    drive_keys(harness, "r");
    assert_true(harness_wait(harness, "nothing is probed in this session"));
    drive_quit(harness);
}

/* Rows that arrive above leave the selected one on its line. */
static void test_anchor_while_rows_arrive(void **state)
{
    struct harness *harness = drive_fixture(24, 80, "--live", NULL, NULL);
    struct selection wanted = {"litware.example", 0};

    (void)state;
    drive_until_selected(harness, "Partners");
    drive_keys(harness, "v v 4 /");
    harness_send(harness, "litware\r");
    drive_until_selected(harness, "litware.example");
    wanted.line = cursor_line(harness);
    harness_signal(harness, SIGUSR1);
    assert_true(harness_wait(harness, "done, 4 addresses"));
    assert_true(harness_wait_for(harness, is_selected, &wanted));
    drive_keys(harness, "g");
    assert_true(harness_wait(harness, "late"));
    drive_keys(harness, "a");
    harness_send(harness, "new.example\r");
    drive_until_selected(harness, "new.example");
    assert_true(harness_wait(harness, "198.51.100."));
    harness_free(harness);
}

static void test_pause(void **state)
{
    struct harness *harness = drive_fixture(24, 80, "--live", NULL, NULL);

    (void)state;
    assert_true(harness_wait(harness, "readiness 0/4"));
    drive_keys(harness, "P");
    assert_true(harness_wait(harness, "paused: readiness 0/4"));
    assert_true(harness_wait(harness, "no new connections until P"));
    drive_keys(harness, "j r");
    assert_true(harness_wait(harness, "queued; paused until P"));
    drive_keys(harness, "P");
    assert_true(harness_wait(harness, "readiness 0/4"));
    harness_free(harness);
}

/* What came of it replaces that it is probed again, but nothing that was said since. */
static void test_what_came_of_it(void **state)
{
    struct harness *harness = drive_fixture(24, 80, "--live", NULL, NULL);

    (void)state;
    assert_true(harness_wait(harness, "? help"));
    drive_keys(harness, "j r");
    assert_true(harness_wait(harness, "probed again: not ready now   ? help  q quit"));
    drive_keys(harness, "j");
    assert_true(harness_wait_gone(harness, "probed again"));
    drive_keys(harness, "r");
    assert_true(harness_wait(harness, "probed again: still not ready"));
    drive_keys(harness, "k k p");
    assert_true(harness_wait(harness, "; Space tags all of this group"));
    drive_keys(harness, "t");
    assert_true(harness_wait(harness, "; Space tags all of this group"));
    harness_free(harness);
}

/* Where the verdict's column begins, and not a column before. */
static void assert_green_at(struct harness *harness, int line, int column)
{
    assert_true(line > 0);
    assert_int_equal(harness_look(harness, line, column).color, 2);
    assert_int_not_equal(harness_look(harness, line, column - 1).color, 2);
}

static void test_hostile_text(void **state)
{
    struct harness *harness = drive_fixture(30, 80, "--hostile", NULL, NULL);

    (void)state;
    assert_true(harness_wait(harness, "evil\\x1b]0;owned\\x07.example"));
    assert_true(harness_wait(harness, "? help"));
    assert_green_at(harness, harness_find(harness, "evil\\x1b]0;owned"), 39);
    assert_green_at(harness, harness_find(harness, "日本語日本語"), 39);
    assert_green_at(harness, harness_find(harness, "te\xcc\x81.example"), 39);
    drive_keys(harness, "4 /");
    harness_send(harness, "evil\r");
    assert_true(harness_wait(harness, "evil.example"));
    assert_true(harness_wait(harness, "\\u{202e}right"));
    assert_false(harness_title_was_set(harness));
    assert_int_equal(harness_find(harness, " mxscope"), 0);
    drive_quit(harness);
}

static void test_preflight_in_the_header(void **state)
{
    struct harness *harness = drive_fixture(24, 80, "--preflight", NULL, NULL);
    int line;
    char *text;

    (void)state;
    assert_true(harness_wait(harness, "! The mail port (25) is blocked from here"));
    assert_true(harness_wait(harness, "TARGET")); /* the frame may arrive in pieces */
    assert_true(harness_wait(harness, "? help"));
    line = harness_find(harness, "is blocked from here");
    assert_int_equal(line, 2);
    text = harness_line(harness, line);
    assert_non_null(strstr(text, "(+1)"));
    free(text);
    assert_true(harness_find(harness, "exchange-online, TLS 1.2 or better") == 0);
    assert_true(harness_find(harness, "✗ 2") == 1);
    assert_true(harness_find(harness, "TARGET") == 3);
    harness_resize(harness, 10, 40);
    assert_true(harness_wait(harness, "(+1)"));
    assert_true(harness_wait(harness, "! The mail port (25) is blocked"));
    drive_quit(harness);
}

/* Every check with its state, whole: by scrolling where the screen is small. */
static void test_preflight_page(void **state)
{
    static const int sizes[][2] = {{10, 40}, {24, 80}, {50, 200}};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct harness *harness = drive_fixture(sizes[i][0], sizes[i][1], "--preflight", NULL, NULL);

        assert_true(harness_wait(harness, "? help"));
        drive_keys(harness, "!");
        assert_true(harness_wait(harness, "✓ the resolver answers: yes"));
        assert_true(harness_wait(harness, "? the resolver validates DNSSEC: not"));
        assert_true(harness_wait_gone(harness, "Partners"));
        drive_keys(harness, "G");
        assert_true(harness_wait(harness, "the resolver keeps up"));
        if (i == 0)
            assert_true(harness_wait_gone(harness, "the resolver answers"));
        drive_keys(harness, "Home");
        assert_true(harness_wait(harness, "✓ the resolver answers: yes"));
        drive_keys(harness, "Esc");
        assert_true(harness_wait(harness, "Partners"));
        drive_quit(harness);
    }
}

static void test_preflight_of_an_empty_session(void **state)
{
    static const char *const argv[] = {FIXTURE, "--empty", "--preflight", NULL};
    struct harness *harness = harness_start(argv, 24, 80, NULL);

    (void)state;
    assert_true(harness_wait(harness, "No targets yet."));
    assert_true(harness_wait(harness, "✓ the resolver answers: yes"));
    assert_true(harness_wait(harness, "✗ the mail port is open from here: no"));
    drive_quit(harness);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tree_at_once),
        cmocka_unit_test(test_verdicts_have_colours),
        cmocka_unit_test(test_beside_the_route),
        cmocka_unit_test(test_no_colour),
        cmocka_unit_test(test_ascii),
        cmocka_unit_test(test_moving_and_folding),
        cmocka_unit_test(test_search),
        cmocka_unit_test(test_filter),
        cmocka_unit_test(test_filter_keeps_selection),
        cmocka_unit_test(test_long_errors_are_whole),
        cmocka_unit_test(test_add_and_reclass),
        cmocka_unit_test(test_add_several),
        cmocka_unit_test(test_note),
        cmocka_unit_test(test_copy),
        cmocka_unit_test(test_detail_pane),
        cmocka_unit_test(test_help_and_palette),
        cmocka_unit_test(test_anchor_while_rows_arrive),
        cmocka_unit_test(test_pause),
        cmocka_unit_test(test_what_came_of_it),
        cmocka_unit_test(test_hostile_text),
        cmocka_unit_test(test_preflight_in_the_header),
        cmocka_unit_test(test_preflight_page),
        cmocka_unit_test(test_preflight_of_an_empty_session),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
