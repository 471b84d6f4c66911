/* The linear mode over the made-up session of screen_fixture.c: commands through a pipe, lines out of
 * another; once in a terminal. */
#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "tests/tui/harness.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define FIXTURE "tests/tui/screen_fixture"

struct talk {
    pid_t process;
    int in, out; /* this side's ends */
    struct buf said;
};

/* `options` end with NULL; may be NULL. */
static void begin(struct talk *talk, const char *const *options)
{
    const char *argv[8] = {FIXTURE, "--plain"};
    size_t i;
    int in[2], out[2];

    for (i = 0; options && options[i] && i < 5; i++)
        argv[i + 2] = options[i];
    assert_int_equal(pipe(in), 0);
    assert_int_equal(pipe(out), 0);
    talk->process = fork();
    if (!talk->process) {
        dup2(in[0], STDIN_FILENO);
        dup2(out[1], STDOUT_FILENO);
        close(in[1]);
        close(out[0]);
        setenv("LC_ALL", "C.UTF-8", 1);
        execv(argv[0], (char *const *)argv);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    talk->in = in[1];
    talk->out = out[0];
    buf_init(&talk->said, 0);
}

static void tell(struct talk *talk, const char *text)
{
    assert_int_equal(write(talk->in, text, strlen(text)), strlen(text));
}

/* False at the end of what is said. */
static bool listen(struct talk *talk)
{
    struct pollfd wait = {talk->out, POLLIN, 0};
    char bytes[4096];
    ssize_t got;

    assert_int_equal(poll(&wait, 1, HARNESS_PATIENCE * 1000), 1);
    got = read(talk->out, bytes, sizeof bytes);
    if (got > 0)
        buf_add(&talk->said, bytes, (size_t)got);
    return got > 0;
}

static void listen_for(struct talk *talk, const char *text)
{
    while (!strstr(buf_string(&talk->said), text))
        assert_true(listen(talk));
}

/* Ends stdin, and gives what was said; the caller frees. */
static char *end(struct talk *talk, int code)
{
    int status;

    close(talk->in);
    while (listen(talk))
        ;
    close(talk->out);
    assert_int_equal(waitpid(talk->process, &status, 0), talk->process);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), code);
    return buf_take_string(&talk->said);
}

static char *said(const char *const *options, const char *commands)
{
    struct talk talk;

    begin(&talk, options);
    tell(&talk, commands);
    return end(&talk, 0);
}

static void assert_said(const char *commands, const char *expected)
{
    static const char greeting[] =
        "mxscope: 8 targets: 2 not ready, 1 plaintext, 1 at risk, 1 unreachable, 2 ready, "
        "1 pending\n";
    char *text = said(NULL, commands), *wanted = mem_format("%s%s", greeting, expected);

    assert_string_equal(text, wanted);
    free(wanted);
    free(text);
}

#define FABRIKAM                                                                                             \
    "fabrikam.example, partner: not ready (version-below-floor), mail stops, TLS 1.0, 1 host, folded\n"
#define PARTNERS "Partners: 3 targets: 1 not ready, 1 at risk, 1 ready\n"
#define CONTOSO  "contoso.example, partner: ready, encrypted, TLS 1.3, 1 host, folded\n"

static void test_moving(void **state)
{
    (void)state;
    assert_said("here\nnext\nnext\nprevious\nprevious\nprevious\n",
                PARTNERS CONTOSO FABRIKAM CONTOSO PARTNERS "this is the first row\n" PARTNERS);
    assert_said("next 2\nopen\nup\n", FABRIKAM
                "gw.fabrikam.example: not ready (version-below-floor), TLS 1.0, 1 address\n"
                "fabrikam.example, partner: not ready (version-below-floor), mail stops, TLS 1.0, 1 host\n");
    assert_said("list 3\n", PARTNERS CONTOSO FABRIKAM "7 more\n");
}

static void test_finding(void **state)
{
    (void)state;
    assert_said("problems 1\n", FABRIKAM "1 of 5 problems; next-problem goes to the worst\n");
    assert_said("search fabrik\n", FABRIKAM);
    assert_said("search zzz\n", "nothing holds \"zzz\"\n");
    assert_said("next-problem\n", FABRIKAM);
    assert_said("next\nfilter verdict:plain\ncounts\n", CONTOSO
                "adatum.example, opportunistic: plaintext (no-starttls), goes in clear, TLS none, 1 host, "
                "folded\nall: 8 targets: 2 not ready, 1 plaintext, 1 at risk, 1 unreachable, 2 ready, "
                "1 pending\nthe filter \"verdict:plain\" shows 1 of 8\n");
}

static void test_doing(void **state)
{
    char *text =
        said(NULL, "next\nnote called\nowner\nowner Alice\nnote\npartner\nundo\nadd new.example\nadd -bad-\n"
                   "add\nother.example\n");

    (void)state;
    assert_non_null(strstr(text, "noted on contoso.example\nnote: called\nowner: -\n"));
    assert_non_null(strstr(text, "note: called\nowner: Alice\n"));
    assert_non_null(strstr(text, "contoso.example is opportunistic now"));
    assert_non_null(strstr(text, "undone"));
    assert_non_null(strstr(text, "added new.example"));
    assert_non_null(strstr(text, "-bad-"));
    assert_non_null(strstr(text, "added other.example"));
    free(text);
}

static void test_words(void **state)
{
    char *line = mem_alloc(5002), *text;

    (void)state;
    assert_said("nonsense\n", "\"nonsense\" is no command; help lists them\n");
    assert_said("previou\npre 1\n",
                "this is the first row\n" PARTNERS "several words begin with \"pre\"; help pre lists them\n");
    assert_said("help next-hit\n", "next-hit: next row that holds the searched text\n");
    assert_said("\n", PARTNERS);
    assert_said("next", CONTOSO); /* without a line's end */
    assert_said("quit\nnext\n", "");
    memset(line, 'x', 5000);
    line[5000] = '\n';
    text = said(NULL, line);
    assert_non_null(strstr(text, "that line is too long\n"));
    free(text);
    free(line);
}

/* What is not understood, or does not fit, leaves all as it was. */
static void test_fields_keep_what_they_have(void **state)
{
    char *line = mem_alloc(1200), *text;

    (void)state;
    text = said(NULL, "next\nstate waived\nstate done\nnote\nstate to\nnote\nstate -\nnote\n");
    assert_non_null(strstr(text, "no state is called so; expected to-contact, contacted"));
    assert_non_null(strstr(text, "state: waived\n"));
    assert_non_null(strstr(text, "state: to contact\n"));
    assert_non_null(strstr(text, "state: -\n"));
    free(text);
    memcpy(line, "next\nowner Alice\nowner ", 23);
    memset(line + 23, 'x', 1100);
    memcpy(line + 1123, "\nowner\n", 8);
    text = said(NULL, line);
    assert_non_null(strstr(text, "that is too long; nothing is changed\n"));
    assert_non_null(strstr(text, "owner: Alice\n"));
    assert_null(strstr(text, "xxx"));
    free(text);
    free(line);
}

/* What is named is a command here. */
static void test_no_keys_are_named(void **state)
{
    char *text = said(NULL, "next-hit\nadd new.example\nadd a.example, b.example partner\nremove\n"
                            "filter zzz\nnext-hit\nback\nhelp filter\n");

    (void)state;
    assert_non_null(strstr(text, "nothing was searched for yet; search searches\n"));
    assert_non_null(strstr(text, "added new.example; partner makes it a partner\n"));
    assert_non_null(strstr(text, "added 2 targets; undo undoes it\n"));
    assert_non_null(strstr(text, "; undo brings it back\n"));
    assert_non_null(strstr(text, "everything is shown\n"));
    assert_non_null(strstr(text, "\nfilter: show only what matches TEXT"));
    assert_null(strstr(text, "Tab"));
    assert_null(strchr(text, '{'));
    free(text);
}

static void test_tags(void **state)
{
    (void)state;
    assert_said("next\ntag\nprevious\ntag\n",
                CONTOSO "tagged 1 target, 1 tagged now\n" FABRIKAM
                        "contoso.example, partner: ready, encrypted, TLS 1.3, 1 host, tagged, folded\n"
                        "untagged 1 target, 0 tagged now\n" FABRIKAM);
}

/* The path of a file in the test's folder, and how many records it has: commands that name it follow. */
static size_t records_of(const char *path)
{
    FILE *file = fopen(path, "r");
    size_t lines = 0;
    int c;

    assert_non_null(file);
    while ((c = fgetc(file)) != EOF)
        lines += c == '\n';
    fclose(file);
    unlink(path);
    return lines;
}

static void test_exports(void **state)
{
    const char *folder = getenv("TEST_TMPDIR");
    char *shown = mem_format("%s/shown.jsonl", folder), *all = mem_format("%s/all.jsonl", folder);
    char *tagged = mem_format("%s/tagged.jsonl", folder), *text, *commands;

    (void)state;
    commands = mem_format("export shown %s\nexport tagged %s\nexport changes c.txt\nnext\ntag\nfilter "
                          "verdict:not-ready\nexport shown %s\nexport %s\nexport\ntagged %s\nexport shown\n",
                          shown, tagged, shown, all, tagged);
    text = said(NULL, commands);
    assert_non_null(strstr(text, "there is no filter that shows any target (filter)\n"));
    assert_non_null(strstr(text, "nothing is tagged (tag)\n"));
    assert_non_null(strstr(text, "nothing is compared with (compare)\n"));
    assert_non_null(strstr(text, "exported the 2 shown of 8 targets to "));
    assert_non_null(strstr(text, "exported all 8 targets (the filter shows 2) to "));
    assert_non_null(strstr(text, "exporting the 1 tagged of 8 targets to "));
    assert_non_null(strstr(text, "its name must end in")); /* a file that is named so */
    assert_int_equal(records_of(shown), 2);
    assert_int_equal(records_of(all), 8);
    assert_int_equal(records_of(tagged), 1);
    free(commands);
    free(text);
    free(tagged);
    free(all);
    free(shown);
}

static void test_detail(void **state)
{
    char *text = said(NULL, "search fabrikam\ndetail\nsearch 192.0.2.14\ndetail\n");

    (void)state;
    assert_non_null(strstr(text, "accepts TLS 1.0 only"));
    assert_non_null(strstr(text, "STARTTLS"));
    free(text);
}

static void assert_harmless(const char *text, bool ascii)
{
    for (; *text; text++) {
        assert_true((unsigned char)*text >= 0x20 || *text == '\n');
        assert_true(*text != 0x7f && (!ascii || (unsigned char)*text < 0x80));
    }
}

static void test_nothing_acts_on_a_terminal(void **state)
{
    static const char *const hostile[] = {"--hostile", NULL}, *const ascii[] = {"--hostile", "--ascii", NULL};
    static const char commands[] =
        "depth-4\nlist 100\nsearch evil\ndetail\nhelp\nproblems\ncopy\nnote \033[2J\n"
        "note\nfilter \033]0;x\a\n\001\033[A\n";
    char *text = said(hostile, commands);

    (void)state;
    assert_non_null(strstr(text, "evil\\x1b]0;owned"));
    assert_non_null(strstr(text, "\xe6\x97\xa5\xe6\x9c\xac"));
    assert_harmless(text, false);
    free(text);
    text = said(ascii, commands);
    assert_harmless(text, true);
    free(text);
}

static void test_empty(void **state)
{
    static const char *const empty[] = {"--empty", NULL};
    char *text = said(empty, "here\nnext\nopen\nup\ndetail\nlist\nproblems\nwait\n");

    (void)state;
    assert_non_null(strstr(text, "no targets yet; add DOMAIN adds one"));
    free(text);
}

static unsigned count_told(const char *text)
{
    unsigned told = 0, more;
    char *copy = mem_string(text), *rest = copy, *line;

    while ((line = strsep(&rest, "\n"))) {
        if (sscanf(line, "%u more verdict", &more) == 1)
            told += more;
        else if (strstr(line, "domain0") == line && strstr(line, ": not ready, mail stops"))
            told++;
    }
    free(copy);
    return told;
}

/* Each verdict is told of once, by its name or by number, before what waited for them goes on. */
static void test_verdicts_are_told_of(void **state)
{
    static const char *const live[] = {"--live", "--many", "200", NULL};
    struct talk talk;
    char *text;

    (void)state;
    begin(&talk, live);
    listen_for(&talk, "200 targets");
    kill(talk.process, SIGUSR1);
    tell(&talk, "wait\ncounts\n");
    listen_for(&talk, "all: ");
    text = end(&talk, 0);
    assert_int_equal(count_told(text), 20);
    assert_true(strstr(text, "more verdict") < strstr(text, "all: "));
    free(text);
}

static void test_a_signal_ends_it(void **state)
{
    struct talk talk;
    int status;

    (void)state;
    begin(&talk, NULL);
    listen_for(&talk, "pending\n");
    kill(talk.process, SIGTERM);
    while (listen(&talk))
        ;
    assert_int_equal(waitpid(talk.process, &status, 0), talk.process);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 3);
    close(talk.in);
    close(talk.out);
    buf_release(&talk.said);
}

static void test_in_a_terminal(void **state)
{
    static const char *const argv[] = {FIXTURE, "--plain", NULL};
    struct harness *harness = harness_start(argv, 24, 100, NULL);

    (void)state;
    assert_true(harness_wait(harness, "help lists the commands"));
    assert_true(harness_wait(harness, ">"));
    harness_send(harness, "next 2\r");
    assert_true(harness_wait(harness, "fabrikam.example, partner: not ready"));
    harness_send(harness, "add\r");
    assert_true(harness_wait(harness, "add:"));
    harness_send(harness, "new.example\r");
    assert_true(harness_wait(harness, "added new.example"));
    assert_false(harness_alternate(harness));
    assert_true(harness_cursor_visible(harness));
    harness_send(harness, "\004");
    assert_int_equal(harness_wait_exit(harness), 0);
    assert_true(harness_modes_restored(harness));
    harness_free(harness);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_moving),
        cmocka_unit_test(test_finding),
        cmocka_unit_test(test_doing),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_fields_keep_what_they_have),
        cmocka_unit_test(test_no_keys_are_named),
        cmocka_unit_test(test_tags),
        cmocka_unit_test(test_exports),
        cmocka_unit_test(test_detail),
        cmocka_unit_test(test_nothing_acts_on_a_terminal),
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_verdicts_are_told_of),
        cmocka_unit_test(test_a_signal_ends_it),
        cmocka_unit_test(test_in_a_terminal),
    };

    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
