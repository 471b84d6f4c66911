/* The screen held against an earlier snapshot: by mxscope open --against, by D, and in lines. The snapshots
 * are made here; no network is asked. */
#include "engine/base/mem.h"
#include "engine/model/fixture.h"
#include "engine/store/writer.h"
#include "tests/tui/drive.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PROGRAM "tui/mxscope"

struct desk {
    char *folder, *old, *new;
};

static void add(struct model *model, const char *domain, unsigned number, const char *versions)
{
    char *address = mem_format("192.0.2.%u", number);
    struct facts *facts = fixture_facts(*versions == '!' ? "-----" : versions);

    if (*versions == '!') {
        facts->stage = STAGE_CONNECT;
        facts->error = PROBE_CONNECT_TIMEOUT;
    }
    facts->ended = true;
    facts->probed_at = FIXTURE_NOW;
    fixture_simple(model, domain, CLASS_PARTNER, REQUIREMENT_ENCRYPTION, address, facts);
    free(address);
}

static void save(const char *path, struct model *model)
{
    const struct store_session session = {.started_at = FIXTURE_NOW, .finished_at = FIXTURE_NOW + 1};
    char *error = NULL;
    struct store *store = store_open(path, STORE_WRITE, &error);
    struct store_writer *writer;

    assert_non_null(store);
    writer = store_writer_new(store, model, false, &session, &error);
    assert_non_null(writer);
    assert_true(store_writer_end(writer, model, &session, &error));
    model_free(model);
}

static int make(void **state)
{
    struct desk *desk = mem_alloc(sizeof *desk);
    struct model *model = fixture_model("tls1.2");

    desk->folder = drive_folder();
    desk->old = mem_format("%s/old.mxscope", desk->folder);
    desk->new = mem_format("%s/new.mxscope", desk->folder);
    add(model, "worse.example", 1, "rrraa");
    add(model, "better.example", 2, "rarrr");
    add(model, "lost.example", 3, "rarrr");
    add(model, "same.example", 4, "rrraa");
    add(model, "gone.example", 5, "rrraa");
    add(model, "moved.example", 7, "rrraa");
    save(desk->old, model);
    model = fixture_model("tls1.2");
    add(model, "worse.example", 1, "rarrr");
    add(model, "better.example", 2, "rrraa");
    add(model, "lost.example", 3, "!");
    add(model, "same.example", 4, "rrraa");
    add(model, "come.example", 6, "rrraa");
    add(model, "moved.example", 8, "rrraa");
    save(desk->new, model);
    *state = desk;
    return 0;
}

static void remove_in(const char *folder, const char *name)
{
    char *path = mem_format("%s/%s", folder, name);

    unlink(path);
    free(path);
}

static int clear(void **state)
{
    struct desk *desk = *state;

    unlink(desk->old);
    unlink(desk->new);
    remove_in(desk->folder, "out.txt");
    remove_in(desk->folder, "diff.txt");
    free(desk->old);
    free(desk->new);
    free(desk->folder);
    free(desk);
    return 0;
}

static struct harness *start(const struct desk *desk, const char *against, const char *lines)
{
    const char *argv[] = {PROGRAM, "open", desk->new, lines ? lines : against ? "--against" : NULL,
                          against, NULL};

    return drive_program(argv, 40, 120, desk->folder);
}

/* The tree is grouped by change; what is there no more has a row. */
static void sees_changes(struct harness *harness)
{
    assert_true(harness_wait(harness, "since 2026-11-18, old.mxscope: "));
    assert_true(harness_wait(harness, "TARGET BY CHANGE"));
    assert_true(harness_wait(
        harness, "\xe2\x86\x93 1  \xe2\x89\x88 1  \xe2\x86\x91 1  + 1  \xe2\x88\x92 1  \xe2\x89\xa0 1  = 1"));
    assert_true(harness_wait(harness, "1 target, 1 server of others"));
    assert_true(harness_wait(harness, "mx.moved.example 192.0.2.7"));
    assert_true(harness_find(harness, "gone.example") > harness_find(harness, "Gone"));
}

static void walks_changes(struct harness *harness)
{
    harness_send(harness, "gc");
    assert_true(harness_wait(harness, "Since 2026-11-18 (old.mxscope)"));
    assert_true(
        harness_wait(harness, "It was ready and is not ready: mx.worse.example (192.0.2.1) accepts TLS 1.0"));
    assert_true(harness_wait(harness, "- the best version was TLS 1.3 and is TLS 1.0"));
    harness_send(harness, "cccc");
    assert_true(harness_wait(harness, "It is not there any more, and only shown."));
    assert_true(harness_key(harness, "Space"));
    assert_true(harness_wait(harness, "it is there no more, and only shown"));
    harness_send(harness, "C");
    assert_true(harness_wait(harness, "It is new and ready"));
}

static void filters_changes(struct harness *harness)
{
    harness_send(harness, "fchange:regressed\r");
    assert_true(harness_wait(harness, "1 of 6"));
    assert_true(harness_wait(harness, "worse.example"));
    harness_send(harness, "f\025change:gone\r");
    assert_true(harness_wait_gone(harness, "worse.example"));
    assert_true(harness_wait(harness, "gone.example"));
    assert_true(harness_wait(harness, "0 of 6, 2 gone"));
    harness_send(harness, "\033");
    assert_true(harness_wait(harness, "same.example"));
}

static void opened_against(void **state)
{
    const struct desk *desk = *state;
    struct harness *harness = start(desk, desk->old, NULL);

    sees_changes(harness);
    walks_changes(harness);
    filters_changes(harness);
    drive_quit(harness);
}

/* What speaks against a path is said in the prompt, which stays; what is wrong with a file, when it was read.
 */
static void asked_for(void **state)
{
    const struct desk *desk = *state;
    struct harness *harness = start(desk, NULL, NULL);

    assert_true(harness_wait(harness, "same.example"));
    assert_true(harness_wait(harness, "offline"));
    harness_send(harness, "c");
    assert_true(harness_wait(harness, "nothing is compared; D compares"));
    harness_send(harness, "D");
    assert_true(harness_wait(harness, "compare with:"));
    harness_send(harness, desk->folder);
    harness_send(harness, "/none\r");
    assert_true(harness_wait(harness, "there is no such file"));
    harness_send(harness, "\025/dev/null\r");
    assert_true(harness_wait_gone(harness, "compare with:"));
    assert_true(harness_wait(harness, "/dev/null: "));
    harness_send(harness, "D\025");
    harness_send(harness, desk->old);
    harness_send(harness, "\r");
    sees_changes(harness);
    harness_send(harness, "o");
    assert_true(harness_wait(harness, "grouped by class"));
    harness_send(harness, "O");
    assert_true(harness_wait(harness, "grouped by change"));
    harness_send(harness, "D\025\r");
    assert_true(harness_wait(harness, "compared with nothing any more"));
    assert_true(harness_wait_gone(harness, "old.mxscope"));
    drive_quit(harness);
}

/* The prompt for reports takes it, too, under a name of its own. */
static void written_from_the_other_prompt(const struct desk *desk, struct harness *harness)
{
    remove_in(desk->folder, "out.txt");
    harness_send(harness, "x");
    assert_true(harness_wait(harness, "export all 6 to: mxscope-"));
    harness_send(harness, "\017");
    assert_true(harness_wait(harness, "export what changed to: changes-"));
    harness_send(harness, "\017");
    assert_true(harness_wait(harness, "export all 6 to: mxscope-"));
    harness_send(harness, "\017\025");
    harness_send(harness, desk->folder);
    harness_send(harness, "/out.txt\r");
    assert_true(harness_wait_gone(harness, "export what changed to"));
    assert_true(harness_wait(harness, "exported what changed to"));
}

/* As mxscope diff writes it. */
static void is_written(void **state)
{
    const struct desk *desk = *state;
    struct harness *harness = start(desk, desk->old, NULL);
    char *command = mem_format(PROGRAM " diff %s %s > %s/diff.txt; cmp %s/diff.txt %s/out.txt", desk->old,
                               desk->new, desk->folder, desk->folder, desk->folder);

    sees_changes(harness);
    harness_send(harness, "X\025");
    harness_send(harness, desk->folder);
    harness_send(harness, "/out.html\r");
    assert_true(harness_wait(harness, "its name must end in .txt, .json, .csv or .md"));
    for (int i = 0; i < 4; i++)
        harness_send(harness, "\177");
    harness_send(harness, "txt\r");
    assert_true(harness_wait(harness, "exported what changed to"));
    assert_int_equal(system(command), 0);
    written_from_the_other_prompt(desk, harness);
    assert_int_equal(system(command), 0);
    free(command);
    drive_quit(harness);
}

static void no_snapshot(void **state)
{
    const struct desk *desk = *state;
    struct harness *harness = start(desk, "/dev/null", NULL);

    assert_true(harness_wait(harness, "mxscope: /dev/null"));
    assert_int_equal(harness_wait_exit(harness), 2);
    harness_free(harness);
}

static void in_lines(void **state)
{
    const struct desk *desk = *state;
    char *command =
        mem_format("printf 'compare %s\\nlist\\nnext\\ndetail\\nquit\\n' | " PROGRAM " open %s --plain",
                   desk->old, desk->new);
    char text[16384];
    FILE *out = popen(command, "r");
    size_t length;

    assert_non_null(out);
    length = fread(text, 1, sizeof text - 1, out);
    text[length] = 0;
    assert_int_equal(pclose(out), 0);
    free(command);
    if (!strstr(text, "Targets: Newly unknown (1)") ||
        !strstr(text, "Compared with old.mxscope of 2026-11-18") || !strstr(text, "Gone: 2 gone") ||
        !strstr(text, "Since 2026-11-18 (old.mxscope)"))
        fail_msg("%s", text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opened_against), cmocka_unit_test(asked_for), cmocka_unit_test(is_written),
        cmocka_unit_test(no_snapshot),    cmocka_unit_test(in_lines),
    };

    return cmocka_run_group_tests(tests, make, clear);
}
