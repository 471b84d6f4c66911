#include "tui/form.h"

#include "tui/press.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

static void type(struct form *form, const char *text)
{
    for (; *text; text++)
        assert_int_equal(form_key(form, (uint8_t)*text), FORM_STAYS);
}

static void fills_in_fields(void **state)
{
    struct form form;

    (void)state;
    form_open(&form, "old", NULL, NULL, CONTACT_NONE);
    assert_string_equal(form.texts[FORM_NOTE].text, "old");
    type(&form, "er");
    form_key(&form, PRESS_TAB);
    type(&form, "Ann");
    form_key(&form, PRESS_DOWN);
    form_key(&form, PRESS_DOWN);
    assert_int_equal(form.at, FORM_STATE);
    form_key(&form, PRESS_SPACE);
    form_key(&form, PRESS_RIGHT);
    assert_int_equal(form.state, CONTACT_CONTACTED);
    assert_int_equal(form_key(&form, PRESS_ENTER), FORM_KEPT);
    assert_string_equal(form.texts[FORM_NOTE].text, "older");
    assert_string_equal(form.texts[FORM_OWNER].text, "Ann");
    assert_true(form.changed[FORM_NOTE] && form.changed[FORM_OWNER] && form.changed[FORM_STATE]);
    assert_false(form.changed[FORM_CONTACT]);
}

static void states_go_round(void **state)
{
    struct form form;

    (void)state;
    form_open(&form, NULL, NULL, NULL, CONTACT_NONE);
    form_key(&form, PRESS_UP);
    assert_int_equal(form.at, FORM_STATE);
    form_key(&form, PRESS_LEFT);
    assert_int_equal(form.state, CONTACT_WAIVED);
    form_key(&form, PRESS_RIGHT);
    assert_int_equal(form.state, CONTACT_NONE);
    form_key(&form, 'p');
    assert_int_equal(form.state, CONTACT_PROMISED);
    form_key(&form, 'f');
    assert_int_equal(form.state, CONTACT_FIXED);
    form_key(&form, 'z');
    assert_int_equal(form.state, CONTACT_FIXED);
    form_key(&form, PRESS_BACKSPACE);
    assert_int_equal(form.state, CONTACT_NONE);
    form_key(&form, PRESS_TAB);
    assert_int_equal(form.at, FORM_NOTE);
}

/* Backspace in an empty field leaves a prompt, not a form. */
static void leaves_by_esc_only(void **state)
{
    struct form form;

    (void)state;
    form_open(&form, NULL, NULL, NULL, CONTACT_NONE);
    assert_int_equal(form_key(&form, PRESS_BACKSPACE), FORM_STAYS);
    assert_int_equal(form_key(&form, PRESS_ESC), FORM_LEFT);
    form_key(&form, PRESS_UP);
    assert_int_equal(form_key(&form, PRESS_ESC), FORM_LEFT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fills_in_fields),
        cmocka_unit_test(states_go_round),
        cmocka_unit_test(leaves_by_esc_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
