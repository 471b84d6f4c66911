#include "tui/advice.h"

#include "tui/request.h"
#include "tui/requests.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <ctype.h>
#include <string.h>

#define TEXT_MOST 220 /* bytes of a step: three lines of a narrow pane */

static struct situation situation_of(enum verdict verdict, enum reason reason, enum requirement requirement)
{
    return (struct situation){.judgement = {verdict, reason, PROBE_OK},
                              .requirement = requirement,
                              .class = requirement == REQUIREMENT_NONE ? CLASS_OPPORTUNISTIC : CLASS_PARTNER,
                              .message = true};
}

static bool is_request(const char *name)
{
    const struct request *table;
    size_t count, i;

    table = requests_table(&count);
    for (i = 0; i < count; i++)
        if (strcmp(table[i].name, name) == 0)
            return true;
    return false;
}

/* Sentences, of bearable length, about keys that exist, none said twice. */
static void assert_sensible(const struct advice *advice)
{
    for (size_t i = 0; i < advice->count; i++) {
        const char *text = advice->steps[i].text;
        size_t length = strlen(text);

        assert_true(length > 10 && length <= TEXT_MOST);
        assert_true(isupper((unsigned char)text[0]));
        assert_int_equal(text[length - 1], '.');
        assert_null(strchr(text, '%'));
        assert_null(strstr(text, "(null)"));
        if (advice->steps[i].request && !is_request(advice->steps[i].request))
            fail_msg("no request is called \"%s\"", advice->steps[i].request);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(text, advice->steps[j].text);
    }
}

static bool nothing_to_do(enum verdict verdict, enum reason reason, enum requirement requirement)
{
    if (verdict == VERDICT_NO_MAIL)
        return reason == REASON_NULL_MX && requirement == REQUIREMENT_NONE;
    return verdict == VERDICT_PENDING || verdict == VERDICT_READY;
}

static bool goes_with(enum verdict verdict, enum reason reason)
{
    bool of_names = reason == REASON_NULL_MX || reason == REASON_NXDOMAIN || reason == REASON_NO_ADDRESS;

    return (verdict == VERDICT_NO_MAIL) == of_names;
}

static void check_one(const struct situation *situation, const char *what)
{
    struct advice advice = {0};
    bool none =
        nothing_to_do(situation->judgement.verdict, situation->judgement.reason, situation->requirement);

    advice_make(&advice, situation);
    if (none != !advice.count)
        fail_msg("%s, %s, %s: %zu steps", verdict_name(situation->judgement.verdict), what,
                 requirement_name(situation->requirement), advice.count);
    assert_sensible(&advice);
    advice_release(&advice);
    assert_int_equal(advice.count, 0);
}

static void every_verdict_and_reason_has_its_steps(void **state)
{
    (void)state;
    for (int v = 0; v < verdict_count; v++)
        for (int r = 0; r < reason_count; r++)
            for (int q = 0; q < requirement_count; q++) {
                struct situation situation =
                    situation_of((enum verdict)v, (enum reason)r, (enum requirement)q);

                if (goes_with((enum verdict)v, (enum reason)r))
                    check_one(&situation, reason_name((enum reason)r));
            }
}

static void every_error_has_its_steps(void **state)
{
    (void)state;
    for (int e = 0; e < probe_error_count; e++)
        for (int q = 0; q < requirement_count; q++)
            for (int class = 0; class < target_class_count; class ++) {
                struct situation situation =
                    situation_of(VERDICT_UNREACHABLE, REASON_PROBE_ERROR, (enum requirement)q);

                situation.judgement.error = (enum probe_error)e;
                situation.class = (enum target_class) class;
                check_one(&situation, probe_error_name((enum probe_error)e));
                situation.judgement.verdict = VERDICT_UNKNOWN;
                check_one(&situation, probe_error_name((enum probe_error)e));
            }
}

struct row {
    struct situation situation;
    const char *request; /* of the step that says it; NULL: of none */
    const char *says;
    const char *silent_on; /* what no step says; NULL */
};

static const struct step *find_step(const struct advice *advice, const char *says)
{
    for (size_t i = 0; i < advice->count; i++)
        if (strstr(advice->steps[i].text, says))
            return &advice->steps[i];
    return NULL;
}

static void check_row(const struct row *row)
{
    struct advice advice = {0};
    const struct step *step;

    advice_make(&advice, &row->situation);
    assert_sensible(&advice);
    step = find_step(&advice, row->says);
    if (!step)
        fail_msg("no step says \"%s\" of %s, %s", row->says, verdict_name(row->situation.judgement.verdict),
                 reason_name(row->situation.judgement.reason));
    if (row->request)
        assert_string_equal(step->request, row->request);
    else
        assert_null(step->request);
    if (row->silent_on && find_step(&advice, row->silent_on))
        fail_msg("\"%s\" is said of %s, %s", row->silent_on, verdict_name(row->situation.judgement.verdict),
                 reason_name(row->situation.judgement.reason));
    advice_release(&advice);
}

#define BELOW                                                                                                \
    {                                                                                                        \
        VERDICT_NOT_READY, REASON_VERSION_BELOW_FLOOR, PROBE_OK                                              \
    }
#define CLEAR                                                                                                \
    {                                                                                                        \
        VERDICT_PLAINTEXT, REASON_NO_STARTTLS, PROBE_OK                                                      \
    }
#define MISMATCH                                                                                             \
    {                                                                                                        \
        VERDICT_NOT_READY, REASON_CERTIFICATE_NAME_MISMATCH, PROBE_OK                                        \
    }
#define READY                                                                                                \
    {                                                                                                        \
        VERDICT_READY, REASON_ALL_READY, PROBE_OK                                                            \
    }
#define FAILED(error)                                                                                        \
    {                                                                                                        \
        VERDICT_UNREACHABLE, REASON_PROBE_ERROR, error                                                       \
    }

static const struct row situations[] = {
    {{.judgement = BELOW, .class = CLASS_PARTNER, .requirement = REQUIREMENT_ENCRYPTION, .message = true},
     "copy-message",
     "Send the postmaster there the words below.",
     "in clear, make it a partner"},
    {{.judgement = BELOW,
      .class = CLASS_PARTNER,
      .requirement = REQUIREMENT_ENCRYPTION,
      .message = true,
      .owner = "Kim"},
     "copy-message",
     "here Kim looks after it",
     NULL},
    {{.judgement = BELOW, .class = CLASS_PARTNER, .message = true, .contact = "tls@fabrikam.example"},
     "copy-message",
     "Send tls@fabrikam.example the words below.",
     "postmaster"},
    {{.judgement = BELOW, .message = true, .contact_state = CONTACT_CONTACTED},
     "note",
     "ask the postmaster there how far they are",
     "Send"},
    {{.judgement = BELOW, .message = true, .contact_state = CONTACT_PROMISED},
     "note",
     "remind the postmaster there",
     "Send"},
    {{.judgement = BELOW, .message = true, .contact_state = CONTACT_FIXED},
     "reprobe",
     "They say that it is set right",
     "when they have acted"},
    {{.judgement = BELOW, .class = CLASS_PARTNER, .message = true, .contact_state = CONTACT_WAIVED},
     "reprobe",
     "Probe it again",
     "postmaster"},
    {{.judgement = BELOW,
      .class = CLASS_PARTNER,
      .requirement = REQUIREMENT_ENCRYPTION,
      .connector = "To Fabrikam"},
     NULL,
     "let the connector To Fabrikam use TLS only where it is offered",
     "Send"},
    {{.judgement = CLEAR, .class = CLASS_OPPORTUNISTIC, .message = true},
     "partner",
     "make it a partner",
     "comes back"},
    {{.judgement = CLEAR, .class = CLASS_OPPORTUNISTIC, .never_tls = true},
     NULL,
     "by your own choice",
     "partner"},
    {{.judgement = MISMATCH, .class = CLASS_PARTNER, .requirement = REQUIREMENT_NAME, .connector = "C"},
     NULL,
     "let the connector C expect that name",
     "in clear"},
    {{.judgement = MISMATCH, .class = CLASS_PARTNER, .requirement = REQUIREMENT_NAME, .connector = "C"},
     NULL,
     "let the connector C demand encryption alone",
     NULL},
    {{.judgement = BELOW, .class = CLASS_RELAY, .requirement = REQUIREMENT_ENCRYPTION, .message = true},
     "copy-message",
     "Send who runs the server",
     "postmaster"},
    {{.judgement = BELOW, .class = CLASS_SERVICE, .requirement = REQUIREMENT_ENCRYPTION},
     NULL,
     "point its users",
     "connector"},
    {{.judgement = {VERDICT_AT_RISK, REASON_NO_SHARED_SUITE, PROBE_OK},
      .class = CLASS_PARTNER,
      .requirement = REQUIREMENT_ENCRYPTION},
     NULL,
     "some mail waits",
     NULL},
    {{.judgement = FAILED(PROBE_CONNECT_TIMEOUT), .message = true}, "preflight", "mail port is open", NULL},
    {{.judgement = FAILED(PROBE_PORT_BLOCKED), .message = true},
     NULL,
     "from a machine that may send mail",
     "Send the postmaster"},
    {{.judgement = FAILED(PROBE_GREYLISTED)}, "reprobe", "in some minutes", NULL},
    {{.judgement = READY,
      .requirement = REQUIREMENT_CHAIN,
      .class = CLASS_PARTNER,
      .dated = true,
      .days_left = 12},
     "note",
     "in 12 days it ends, and mail stops",
     NULL},
    {{.judgement = READY, .dated = true, .days_left = 1}, NULL, "ends in 1 day;", "mail stops"},
    {{.judgement = READY, .dated = true, .days_left = -3}, NULL, "ended 3 days ago", "mail stops"},
    {{.judgement = {VERDICT_UNKNOWN, REASON_TLS_INCONCLUSIVE, PROBE_OK}, .masked = true},
     "preflight",
     "rewrites STARTTLS for others too",
     "another time of day"},
    {{.judgement = READY, .unjudged = 2}, "reprobe", "2 of its addresses", NULL},
    {{.judgement = READY, .injectable = true}, NULL, "update the server", NULL},
    {{.judgement = READY, .never_tls = true}, NULL, "let your mail server use TLS", NULL},
    {{.judgement = {VERDICT_NO_MAIL, REASON_NULL_MX, PROBE_OK},
      .requirement = REQUIREMENT_ENCRYPTION,
      .connector = "C"},
     NULL,
     "whether its connector is still needed",
     NULL},
};

static void steps_fit_the_situation(void **state)
{

    (void)state;
    for (size_t i = 0; i < sizeof situations / sizeof *situations; i++)
        check_row(&situations[i]);
}

static void where_nothing_is_to_do_nothing_is_said(void **state)
{
    static const struct situation rows[] = {
        {.judgement = BELOW, .message = true, .beside = true, .dated = true, .days_left = 3},
        {.judgement = READY, .dated = true, .days_left = 31},
        {.judgement = {VERDICT_PENDING, REASON_PENDING, PROBE_OK}, .dated = true, .days_left = 3},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct advice advice = {0};

        advice_make(&advice, &rows[i]);
        assert_int_equal(advice.count, 0);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_verdict_and_reason_has_its_steps),
        cmocka_unit_test(every_error_has_its_steps),
        cmocka_unit_test(steps_fit_the_situation),
        cmocka_unit_test(where_nothing_is_to_do_nothing_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
