#include "tui/form.h"

#include "tui/press.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

static void type(struct form *form, const char *text)
{
    for (; *text; text++)
        assert_int_equal(form_key(form, (uint8_t)*text), FORM_STAYS);
}

static void fills_in_fields(void **state)
{
    struct form form;

    (void)state;
    form_open(&form, &(struct target_notes){.note = "old"});
    assert_string_equal(form.texts[FORM_NOTE].text, "old");
    type(&form, "er");
    form_key(&form, PRESS_TAB);
    type(&form, "Ann");
    form_key(&form, PRESS_DOWN);
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

static void days_are_read(void **state)
{
    struct form form;
    int32_t day;

    (void)state;
    form_open(&form, &(struct target_notes){.due = 20783});
    assert_string_equal(form.texts[FORM_DUE].text, "2026-11-26");
    assert_true(form_due(&form, 20783, &day));
    assert_int_equal(day, 20783);
    prompt_set(&form.texts[FORM_DUE], "+14d");
    assert_true(form_due(&form, 20783, &day));
    assert_int_equal(day, 20797);
    prompt_set(&form.texts[FORM_DUE], " ");
    assert_true(form_due(&form, 20783, &day));
    assert_int_equal(day, 0);
    prompt_set(&form.texts[FORM_DUE], "2026-02-30");
    assert_false(form_due(&form, 20783, &day));
    assert_int_equal(form.at, FORM_DUE);
}

static void states_go_round(void **state)
{
    struct form form;

    (void)state;
    form_open(&form, &(struct target_notes){0});
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
    form_open(&form, &(struct target_notes){0});
    assert_int_equal(form_key(&form, PRESS_BACKSPACE), FORM_STAYS);
    assert_int_equal(form_key(&form, PRESS_ESC), FORM_LEFT);
    form_key(&form, PRESS_UP);
    assert_int_equal(form_key(&form, PRESS_ESC), FORM_LEFT);
}

/* What is longer than a field is never cut: it stays as it is. */
static void leaves_long_texts_alone(void **state)
{
    char text[PROMPT_SIZE + 100];
    struct form form;

    (void)state;
    memset(text, 'x', sizeof text);
    memcpy(text + PROMPT_SIZE - 2, "\xc3\xa4", 2);
    text[sizeof text - 1] = 0;
    form_open(&form, &(struct target_notes){.note = text, .owner = "Ann"});
    assert_int_equal(form.texts[FORM_NOTE].length, PROMPT_SIZE - 2); /* no half a character */
    assert_int_equal(form_key(&form, PRESS_BACKSPACE), FORM_STAYS);
    assert_false(form_paste(&form, (const uint8_t *)"y", 1));
    assert_false(form.changed[FORM_NOTE]);
    form_key(&form, PRESS_TAB);
    assert_true(form_paste(&form, (const uint8_t *)"a", 1));
    assert_true(form.changed[FORM_OWNER]);
    form_key(&form, PRESS_UP);
    assert_int_equal(form_key(&form, PRESS_ESC), FORM_LEFT);
}

/* What is known is a key away, and stands in nobody's way. */
static void offers_contacts(void **state)
{
    struct directory directory = {.mailbox = (char *)"hostmaster@contoso.com"};
    struct target target = {.spec.domain = (char *)"contoso.com", .directory = &directory};
    struct form form;

    (void)state;
    form_open(&form, &(struct target_notes){0});
    form_suggest(&form, &target);
    assert_string_equal(form_suggestion(&form), "postmaster@contoso.com");
    form_key(&form, PRESS_RIGHT); /* of the note */
    assert_string_equal(form.texts[FORM_CONTACT].text, "");
    form_key(&form, PRESS_TAB);
    form_key(&form, PRESS_TAB);
    assert_int_equal(form.at, FORM_CONTACT);
    form_key(&form, PRESS_RIGHT);
    assert_string_equal(form.texts[FORM_CONTACT].text, "postmaster@contoso.com");
    assert_true(form.changed[FORM_CONTACT]);
    form_key(&form, PRESS_RIGHT);
    assert_string_equal(form.texts[FORM_CONTACT].text, "hostmaster@contoso.com");
    form_key(&form, PRESS_LEFT);
    form_key(&form, PRESS_RIGHT); /* back to the end */
    assert_string_equal(form.texts[FORM_CONTACT].text, "hostmaster@contoso.com");
    type(&form, "x");
    assert_null(form_suggestion(&form));
    form_key(&form, PRESS_RIGHT);
    assert_string_equal(form.texts[FORM_CONTACT].text, "hostmaster@contoso.comx");
    form_suggest(&form, NULL);
    prompt_set(&form.texts[FORM_CONTACT], "");
    assert_null(form_suggestion(&form));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fills_in_fields),         cmocka_unit_test(days_are_read),
        cmocka_unit_test(states_go_round),         cmocka_unit_test(leaves_by_esc_only),
        cmocka_unit_test(leaves_long_texts_alone), cmocka_unit_test(offers_contacts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
