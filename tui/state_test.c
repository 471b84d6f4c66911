/* What the footer says when several things are to be said. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tui/state.h"

#include "engine/base/mem.h"
#include "engine/model/fixture.h"

#include <stdlib.h>

static struct screen *start(void)
{
    static const struct screen_options options = {.generator = "test"};
    struct screen *screen = mem_alloc(sizeof *screen);

    state_start(screen, fixture_model("tls1.2"), NULL, &options);
    return screen;
}

static void finish(struct screen *screen)
{
    struct model *model = screen->model;

    state_finish(screen);
    model_free(model);
    free(screen);
}

/* What stands there behind the next frame; a key was pressed before. */
static const char *next(struct screen *screen)
{
    free(screen->message);
    screen->message = NULL;
    state_sync(screen);
    return screen->message;
}

static void test_trouble_waits_until_the_rest_is_read(void **unused)
{
    struct screen *screen = start();

    (void)unused;
    state_say(screen, STYLE_MESSAGE, "the filter of last time");
    state_trouble(screen, "no full name");
    state_trouble(screen, "no authorities");
    state_sync(screen);
    assert_string_equal(screen->message, "the filter of last time");
    assert_string_equal(next(screen), "no full name");
    assert_int_equal(screen->message_style, STYLE_ERROR);
    state_sync(screen);
    assert_string_equal(screen->message, "no full name");
    assert_string_equal(next(screen), "no authorities");
    assert_null(next(screen));
    finish(screen);
}

static void test_trouble_comes_at_once(void **unused)
{
    struct screen *screen = start();

    (void)unused;
    state_trouble(screen, "no full name");
    state_sync(screen);
    assert_string_equal(screen->message, "no full name");
    assert_null(next(screen));
    finish(screen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trouble_waits_until_the_rest_is_read),
        cmocka_unit_test(test_trouble_comes_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
