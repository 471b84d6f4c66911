/* How the screen looks: header and footer in every mode, themes, states that tell what to do, odd sizes. */
#include "engine/base/mem.h"
#include "tests/tui/drive.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#define FIXTURE "tests/tui/screen_fixture"

static void test_footer_in_every_mode(void **state)
{
    struct harness *harness = drive_fixture(24, 80, "--preflight", NULL, NULL);

    (void)state;
    drive_until_footer(harness, " ? help  q quit  Enter open  / find");
    drive_keys(harness, "Tab");
    drive_until_footer(harness, " j k scroll  g G ends  Esc back  ? help");
    drive_keys(harness, "Esc /");
    drive_until_footer(harness, "Enter stays there  Esc goes back");
    drive_keys(harness, "Esc f");
    drive_until_footer(harness, "Tab lists terms  Enter keeps it  Esc goes back");
    drive_keys(harness, "Esc a");
    drive_until_footer(harness, "Enter adds  Esc leaves");
    drive_keys(harness, "Esc j j t");
    drive_until_footer(harness, "Tab next field  Enter keeps  Esc leaves");
    drive_keys(harness, "Esc ?");
    drive_until_footer(harness, " / narrows  Down Up choose  Enter runs it  Esc closes");
    drive_keys(harness, "/");
    drive_until_footer(harness, " Down Up choose  Enter runs it  Esc closes");
    harness_send(harness, "nothing-is-called-so");
    drive_until_footer(harness, " Down Up choose  Esc closes");
    drive_keys(harness, "Esc !");
    drive_until_footer(harness, " j k scroll  g G ends  Esc closes");
    drive_keys(harness, "Esc");
    drive_until_footer(harness, " ? help  q quit  Enter open");
    drive_quit(harness);
}

static int cells(const char *line, const char *glyph)
{
    int count = 0;

    while ((line = strstr(line, glyph))) {
        count++;
        line += strlen(glyph);
    }
    return count;
}

/* Each verdict of the sample has its glyph in the bar, as often as it should, colour or not. */
static void assert_bar(struct harness *harness, const char *bad, const char *good, int width)
{
    char *line;
    int bads, goods;

    assert_true(harness_wait(harness, "? help"));
    line = harness_line(harness, 2);
    bads = cells(line, bad);
    goods = cells(line, good);
    assert_true(bads >= width / 8 && goods >= width / 8 && bads + goods <= width);
    assert_int_equal(line[0], ' ');
    assert_int_not_equal(line[1], ' ');
    free(line);
    drive_quit(harness);
}

static void test_verdict_bar(void **state)
{
    struct harness *harness;
    char *line;

    (void)state;
    assert_bar(drive_fixture(30, 80, NULL, NULL, NULL), "✗", "✓", 78);
    assert_bar(drive_fixture(30, 80, "--ascii", NULL, NULL), "x", "+", 78);
    assert_bar(drive_fixture(100, 300, "--theme", "mono", NULL), "✗", "✓", 120);
    harness = drive_fixture(24, 150, NULL, NULL, NULL);
    assert_true(harness_wait(harness, "✗✗✗✗"));
    assert_true(harness_wait(harness, "? help"));
    line = harness_line(harness, 1);
    assert_non_null(strstr(line, "✓✓✓✓"));
    assert_non_null(strstr(line, "8 targets"));
    free(line);
    drive_quit(harness);
    harness = drive_fixture(24, 80, NULL, NULL, NULL);
    assert_true(harness_wait(harness, "? help"));
    assert_int_equal(harness_find(harness, "✗✗✗"), -1);
    drive_quit(harness);
}

/* What is shown of all never goes: neither at any width, nor while the filter is typed, nor without a line
 * for the counts. */
static void test_filter_stays_in_sight(void **state)
{
    static const struct {
        int lines, columns;
        const char *number;
    } sizes[] = {{10, 40, "2/8: ver"},
                 {5, 40, "2/8: ver"},
                 {24, 30, "2/8: ver"},
                 {24, 80, "2 of 8: verdict:not-ready "},
                 {50, 200, "2 of 8: verdict:not-ready "}};
    static const char filter[] = "verdict:not-ready !some-very-long-name !another-very-long-name.example";
    size_t i;

    (void)state;
    for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct harness *harness = drive_fixture(sizes[i].lines, sizes[i].columns, NULL, NULL, NULL);

        drive_keys(harness, "f");
        harness_send(harness, filter);
        assert_true(harness_wait(harness, sizes[i].number));
        drive_keys(harness, "Enter");
        assert_true(harness_wait(harness, " Esc shows all  "));
        assert_int_not_equal(harness_find(harness, sizes[i].number), -1);
        assert_true(sizes[i].lines < 9 || sizes[i].columns < 40 || harness_find(harness, "✗ 2") == 1);
        assert_true(i || harness_find(harness, "… 2/8: ver") == 1);
        assert_true((sizes[i].columns < 200) == (harness_find(harness, filter) == -1));
        drive_keys(harness, "Esc");
        assert_true(harness_wait_gone(harness, "2/8"));
        drive_quit(harness);
    }
}

static void test_number_of_tagged_stays(void **state)
{
    struct harness *harness = drive_fixture(10, 40, NULL, NULL, NULL);

    (void)state;
    drive_keys(harness, "j Space");
    assert_true(harness_wait(harness, "1/8 tagged"));
    drive_keys(harness, "f");
    harness_send(harness, "fabrikam\r");
    assert_true(harness_wait(harness, "1/8, 1 tagged"));
    drive_quit(harness);
}

/* Words beside the counts are a matter of the width, not of what is counted. */
static void test_words_of_counts(void **state)
{
    static const char *const few[] = {FIXTURE, "--many", "3", NULL};
    struct harness *harness = harness_start(few, 24, 120, NULL);

    (void)state;
    assert_true(harness_wait(harness, "· 3"));
    assert_int_equal(harness_find(harness, "3 pending"), -1);
    harness_resize(harness, 24, 140);
    assert_true(harness_wait(harness, "· 3 pending"));
    drive_quit(harness);
}

/* What nobody asked for takes one line, and leaves the keys beside it. */
static void test_notices_leave_room(void **state)
{
    static const char *const argv[] = {FIXTURE, "--empty", "--live", "--trouble", "--preflight", NULL};
    static const int sizes[][2] = {{10, 40}, {24, 80}};
    size_t i;

    (void)state;
    for (i = 0; i < 2; i++) {
        struct harness *harness = harness_start(argv, sizes[i][0], sizes[i][1], NULL);

        assert_true(harness_wait(harness, "EHLO name: mail"));
        assert_true(harness_wait(harness, "? help  q quit"));
        assert_int_equal(harness_find(harness, "EHLO name: mail"), sizes[i][0] - 1);
        assert_int_equal(harness_find(harness, "? help  q quit"), sizes[i][0] - 1);
        assert_int_not_equal(harness_find(harness, "a     add a domain"), -1);
        drive_keys(harness, "q");
        assert_true(harness_wait(harness, "Quit? y n"));
        drive_keys(harness, "y");
        assert_int_equal(harness_wait_exit(harness), 0);
        harness_free(harness);
    }
}

/* Nobody misses one for another: the second comes when a key says that the first was read. */
static void test_warnings_wait_in_line(void **state)
{
    static const char *const argv[] = {FIXTURE, "--live", "--trouble", "--warned", NULL};
    struct harness *harness = harness_start(argv, 24, 80, NULL);

    (void)state;
    drive_until_footer(harness, "this session is kept nowhere");
    drive_keys(harness, "j");
    drive_until_footer(harness, "EHLO name: mail");
    drive_keys(harness, "j");
    drive_until_footer(harness, " ? help  q quit  Enter open");
    harness_free(harness);
}

/* Each sign with its word, in sight as help opens, wherever that is. */
static void test_legend_of_signs(void **state)
{
    static const char *const signs[] = {"✗ not ready", "○ plaintext", "▲ at risk",           "⊘ unreachable",
                                        "? unknown",   "✓ ready",     "– no mail",           "· pending",
                                        "● tagged",    "↑ better",    "↓ worse than before", NULL};
    static const char *const ascii[] = {"x not ready", "o plaintext", "! at risk",           "/ unreachable",
                                        "? unknown",   "+ ready",     "- no mail",           ". pending",
                                        "* tagged",    "^ better",    "v worse than before", NULL};
    static const int sizes[][2] = {{10, 40}, {24, 80}, {60, 200}};

    (void)state;
    for (size_t i = 0; i < 6; i++) {
        const int *size = sizes[i / 2];
        struct harness *harness = drive_fixture(size[0], size[1], i % 2 ? "--ascii" : NULL, NULL, NULL);

        drive_keys(harness, "?");
        for (const char *const *sign = i % 2 ? ascii : signs; *sign; sign++)
            assert_true(harness_wait(harness, *sign));
        assert_true(harness_wait(harness, "next row"));
        assert_true(size[0] < 24 || harness_find(harness, " Signs") >= 0);
        drive_keys(harness, "G");
        assert_true(harness_wait_gone(harness, "worse than before"));
        drive_keys(harness, "g");
        assert_true(harness_wait(harness, "worse than before"));
        drive_keys(harness, "/");
        assert_true(harness_wait_gone(harness, "worse than before"));
        assert_true(harness_wait(harness, "next row"));
        drive_keys(harness, "Esc");
        drive_quit(harness);
    }
}

/* Groups tell how many of theirs a filter shows, and a folded domain how many addresses it hides. */
static void test_what_stands_behind_names(void **state)
{
    struct harness *harness = drive_fixture(24, 80, NULL, NULL, NULL);

    (void)state;
    assert_true(harness_wait(harness, "contoso.example +2 "));
    drive_keys(harness, "f");
    harness_send(harness, "verdict:not-ready\r");
    assert_true(harness_wait(harness, "Partners 1 of 3 "));
    assert_true(harness_wait(harness, "Opportunistic 1 of 5 "));
    harness_resize(harness, 10, 40);
    assert_true(harness_wait(harness, "Opportunistic 1 of 5 "));
    drive_keys(harness, "Esc");
    assert_true(harness_wait_gone(harness, "of 5"));
    harness_resize(harness, 30, 130);
    assert_true(harness_wait(harness, "contoso.example 2 addresses "));
    drive_quit(harness);
}

/* What does not fit beside each other is not cut in the middle of a word. */
static void test_form_and_prompts_are_narrow(void **state)
{
    struct harness *harness = drive_fixture(10, 40, "--ascii", NULL, NULL);

    (void)state;
    drive_keys(harness, "a");
    assert_true(harness_wait(harness, "Esc leaves"));
    drive_keys(harness, "Esc f");
    assert_true(harness_wait(harness, "Esc goes back"));
    drive_keys(harness, "Esc j t Up Space Space");
    assert_true(harness_wait(harness, "< contacted >"));
    harness_resize(harness, 24, 80);
    assert_true(harness_wait(harness, " to contact [contacted] promised "));
    drive_keys(harness, "Esc");
    drive_quit(harness);
    harness = drive_fixture(10, 40, NULL, NULL, NULL);
    drive_keys(harness, "j t");
    assert_true(harness_wait(harness, "◂ - ▸"));
    drive_keys(harness, "Esc");
    drive_quit(harness);
}

static void test_floor_and_dates(void **state)
{
    struct harness *harness = drive_fixture(24, 120, NULL, NULL, NULL);

    (void)state;
    assert_true(harness_wait(harness, "exchange-online, TLS 1.2 or better since 2020-10-15, judged 20"));
    assert_int_equal(harness_find(harness, "since 2020-10-15, judged 20"), 0);
    harness_resize(harness, 24, 76);
    assert_true(harness_wait_gone(harness, "judged"));
    assert_true(harness_wait(harness, "or better since 2020-10-15"));
    harness_resize(harness, 24, 56);
    assert_true(harness_wait_gone(harness, "2020-10-15"));
    assert_true(harness_wait(harness, "or better"));
    drive_quit(harness);
}

static bool coloured(struct harness *harness, void *context)
{
    int line = harness_find(harness, "fabrikam.example");

    return line > 0 && harness_look(harness, line, 39).color == *(int *)context;
}

static void test_themes_live(void **state)
{
    static const struct {
        const char *says;
        int color;
    } steps[] = {{"theme dark: ", 203},         {"theme light: ", 124},        {"theme high-contrast: ", 9},
                 {"theme colour-blind: ", 130}, {"theme mono: no colour", -1}, {"theme default: ", 1}};
    struct harness *harness = drive_fixture(24, 80, NULL, NULL, NULL);
    size_t i;

    (void)state;
    assert_true(harness_wait(harness, "? help"));
    for (i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        int color = steps[i].color;

        drive_keys(harness, "C-t");
        assert_true(harness_wait(harness, steps[i].says));
        assert_true(harness_wait_for(harness, coloured, &color));
    }
    drive_quit(harness);
    harness = drive_fixture(24, 80, "--color", "never", NULL);
    assert_true(harness_wait(harness, "? help"));
    drive_keys(harness, "C-t");
    assert_true(harness_wait(harness, "there are no colours here"));
    drive_quit(harness);
}

/* With eight colours, or sixteen, the theme falls back to what there is. */
static void test_fewer_colours(void **state)
{
    static const char *const argv[] = {FIXTURE, "--theme", "dark", NULL};
    static const char *const eight[] = {"TERM=xterm", NULL}, *const sixteen[] = {"TERM=xterm-16color", NULL};
    struct harness *harness = harness_start(argv, 24, 80, eight);
    int red = 1, bright = 9;

    (void)state;
    assert_true(harness_wait(harness, "? help"));
    assert_true(coloured(harness, &red) || coloured(harness, &bright)); /* libvterm brightens what is bold */
    drive_quit(harness);
    harness = harness_start(argv, 24, 80, sixteen);
    assert_true(harness_wait(harness, "? help"));
    assert_true(coloured(harness, &bright));
    drive_quit(harness);
}

static void test_first_steps(void **state)
{
    static const int sizes[][2] = {{10, 40}, {24, 80}, {60, 200}};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct harness *harness = drive_fixture(sizes[i][0], sizes[i][1], "--empty", NULL, NULL);

        assert_true(harness_wait(harness, "No targets yet."));
        assert_true(harness_wait(harness, "a     add a domain"));
        assert_true(harness_wait(harness, "paste a list"));
        if (sizes[i][0] > 20) {
            assert_true(harness_wait(harness, "mail stops"));
            assert_true(harness_wait(harness, "mxscope --demo"));
        }
        drive_quit(harness);
    }
}

/* A snapshot is only looked at until more is asked for, and said yes to. */
static void test_offline(void **state)
{
    struct harness *harness = drive_fixture(24, 80, "--offline", NULL, NULL);

    (void)state;
    assert_true(harness_wait(harness, "offline: r probes again"));
    drive_keys(harness, "P");
    drive_until_footer(harness, "nothing is probed in this session");
    drive_keys(harness, "a");
    harness_send(harness, "late.example\r");
    drive_until_footer(harness, "added late.example; offline: r probes it");
    harness_resize(harness, 10, 40);
    assert_true(harness_wait_gone(harness, "probes again"));
    assert_true(harness_wait(harness, "offline"));
    harness_resize(harness, 24, 80);
    drive_keys(harness, "r");
    drive_until_footer(harness, "Offline so far. Probe from this machine? y n");
    drive_keys(harness, "Enter");
    assert_true(harness_wait(harness, "offline: r probes again"));
    drive_keys(harness, "r y");
    assert_true(harness_wait_gone(harness, "offline"));
    drive_until_footer(harness, "probed again: not ready now");
    assert_true(harness_find(harness, "not probed") > 0); /* whom nobody asked about */
    drive_keys(harness, "q");
    drive_until_footer(harness, "Probing still runs. Quit? y n");
    drive_quit(harness);
}

/* What a beginner needs comes before what can wait. */
static void test_order_of_hints(void **state)
{
    struct harness *harness = drive_fixture(24, 80, "--live", NULL, NULL);

    (void)state;
    drive_keys(harness, "e");
    drive_until_footer(harness,
                       " ? help  q quit  Enter open  / find  a add  e next  f filter  p class  x export");
    drive_keys(harness, "q");
    assert_true(harness_wait(harness, "Quit? y n"));
    drive_keys(harness, "y");
    assert_int_equal(harness_wait_exit(harness), 0);
    harness_free(harness);
}

static void test_done_says_what_is_next(void **state)
{
    struct harness *harness = drive_fixture(24, 80, "--live", NULL, NULL);

    (void)state;
    assert_true(harness_wait(harness, "readiness 0/4, 1 running"));
    assert_int_equal(harness_find(harness, "done: "), -1);
    harness_signal(harness, SIGUSR1);
    assert_true(harness_wait(harness, "done, 4 addresses"));
    assert_true(harness_wait(harness, "problems, e walks them, x exports   ? help  q quit"));
    harness_resize(harness, 10, 40);
    assert_true(harness_wait(harness, "? help  q quit"));
    harness_resize(harness, 24, 80);
    drive_keys(harness, "j");
    assert_true(harness_wait_gone(harness, "walks them"));
    drive_quit(harness);
}

static char *write_config(const char *text)
{
    char *path = mem_format("%s/looks_test_%d.config", getenv("TEST_TMPDIR") ? getenv("TEST_TMPDIR") : "/tmp",
                            getpid());
    FILE *file = fopen(path, "w");

    fputs(text, file);
    fclose(file);
    return path;
}

/* The user's keys work and are shown wherever keys are: footer, help, palette, pages, first steps. */
static void test_bound_keys(void **state)
{
    char *path = write_config("key C-n down\nkey j none\nkey z add\nkey a none\nkey , help\nkey ? none\n"
                              "detail none\nmouse yes\nascii yes\ntheme mono\n");
    const char *argv[] = {FIXTURE, "--empty", "--config", path, NULL};
    struct harness *harness = harness_start(argv, 24, 80, NULL);
    char on[] = "\033[?1000h\033[?1006h";

    (void)state;
    assert_true(harness_wait(harness, "z     add a domain"));
    drive_until_footer(harness, ", help  q quit");
    drive_until_footer(harness, "z add");
    drive_until_sent(harness, on);
    drive_keys(harness, "a");
    assert_true(harness_wait(harness, "a does nothing here; , lists keys"));
    drive_keys(harness, "z");
    harness_send(harness, "pending.invalid\r");
    assert_true(harness_wait(harness, "v Opportunistic"));
    assert_true(harness_wait(harness, "pending.invalid"));
    drive_keys(harness, ",");
    drive_until_footer(harness, "/ narrows");
    assert_true(harness_wait(harness, "C-n Down"));
    drive_keys(harness, "C-n j");
    drive_until_selected(harness, "row before"); /* one line down, and j did nothing */
    drive_keys(harness, "/");
    harness_send(harness, "add a domain");
    assert_true(harness_wait(harness, "z        add"));
    drive_keys(harness, "Esc");
    drive_until_footer(harness, ", help  q quit");
    drive_quit(harness);
    unlink(path);
    free(path);
}

/* The character that begins in this column, 0 when none does; *width is the line's. */
static wchar_t at_column(const char *line, int column, int *width)
{
    wchar_t wide, found = 0;
    int size;

    *width = 0;
    for (; *line && (size = mbtowc(&wide, line, strlen(line))) > 0; line += size) {
        if (*width == column && wcwidth(wide) > 0)
            found = wide;
        *width += wcwidth(wide) > 0 ? wcwidth(wide) : 0;
    }
    return found;
}

/* All rows have their verdict's glyph in one column, two before the heading's word, whatever their names
 * hold. */
static int count_aligned(struct harness *harness, int columns, const wchar_t *glyphs)
{
    int heading = harness_find(harness, "VERDICT"), line, width, aligned = 0, column;
    char *text = harness_line(harness, heading);

    column = (int)(strstr(text, "VERDICT") - text) - 2;
    free(text);
    for (line = heading + 1;; line++, aligned++) {
        wchar_t glyph;

        text = harness_line(harness, line);
        glyph = at_column(text, column, &width);
        assert_true(width <= columns);
        if (text[0] != ' ' || width < column + 2 || !glyph || !wcschr(glyphs, glyph)) {
            free(text);
            return aligned;
        }
        free(text);
    }
}

static void test_columns_at_every_size(void **state)
{
    static const struct {
        int lines, columns, least; /* rows that must be seen */
    } sizes[] = {{10, 40, 5},   {12, 50, 8},   {24, 80, 11},  {30, 100, 14},
                 {40, 139, 20}, {50, 200, 35}, {100, 300, 35}};
    static const char *const plain[] = {FIXTURE, "--hostile", NULL}, *const ascii[] = {FIXTURE, "--hostile",
                                                                                       "--ascii", NULL};
    size_t i, j;

    (void)state;
    for (i = 0; i < 2; i++)
        for (j = 0; j < sizeof sizes / sizeof sizes[0]; j++) {
            struct harness *harness =
                harness_start(i ? ascii : plain, sizes[j].lines, sizes[j].columns, NULL);
            int aligned;

            assert_true(harness_wait(harness, "? help"));
            drive_keys(harness, "4");
            assert_true(harness_wait(harness, "2001:db8::10"));
            drive_keys(harness, "y"); /* said in a frame behind that of the rows */
            assert_true(harness_wait(harness, "copied"));
            aligned = count_aligned(harness, sizes[j].columns, i ? L".-+?/!ox" : L"·–✓?⊘▲○✗");
            assert_true(aligned >= sizes[j].least);
            drive_quit(harness);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_footer_in_every_mode),
        cmocka_unit_test(test_verdict_bar),
        cmocka_unit_test(test_filter_stays_in_sight),
        cmocka_unit_test(test_number_of_tagged_stays),
        cmocka_unit_test(test_words_of_counts),
        cmocka_unit_test(test_notices_leave_room),
        cmocka_unit_test(test_warnings_wait_in_line),
        cmocka_unit_test(test_legend_of_signs),
        cmocka_unit_test(test_what_stands_behind_names),
        cmocka_unit_test(test_form_and_prompts_are_narrow),
        cmocka_unit_test(test_floor_and_dates),
        cmocka_unit_test(test_themes_live),
        cmocka_unit_test(test_fewer_colours),
        cmocka_unit_test(test_first_steps),
        cmocka_unit_test(test_offline),
        cmocka_unit_test(test_order_of_hints),
        cmocka_unit_test(test_done_says_what_is_next),
        cmocka_unit_test(test_bound_keys),
        cmocka_unit_test(test_columns_at_every_size),
    };

    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
