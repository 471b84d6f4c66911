#include "tui/detail_advice.h"

#include "engine/model/forward.h"
#include "tui/advice.h"
#include "tui/detail_connector.h"
#include "tui/painter.h"
#include "tui/press.h"
#include "tui/rows.h"

#include <stdlib.h>
#include <string.h>

/* What a page is about. */
struct scope {
    const struct model *model;
    const struct target *target;
    const struct host *host;         /* NULL: all of the target's */
    const struct endpoint *endpoint; /* NULL: all of the hosts' */
    int64_t now;
};

static void take_days(struct situation *s, const struct certificate *certificate, int64_t now)
{
    size_t count = certificate ? certificate->chain_length : 0;

    for (size_t i = 0; certificate && i <= count; i++) {
        struct certificate each = {.not_after =
                                       i ? certificate->chain[i - 1].not_after : certificate->not_after};
        int left = certificate_days_left(&each, now);

        if (!s->dated || left < s->days_left)
            s->days_left = left;
        s->dated = true;
    }
}

static void take_endpoint(struct situation *s, const struct scope *scope, const struct host *host,
                          const struct endpoint *endpoint)
{
    const struct facts *facts = endpoint->facts;
    enum verdict verdict = model_judge_endpoint(scope->model, scope->target, host, endpoint).verdict;

    s->unjudged += verdict == VERDICT_UNREACHABLE || verdict == VERDICT_UNKNOWN;
    if (!facts)
        return;
    take_days(s, facts->certificate, scope->now);
    s->masked |= facts->starttls == STARTTLS_MASKED;
    s->injectable |= facts->injection == INJECTION_YES;
}

static void take_host(struct situation *s, const struct scope *scope, const struct host *host)
{
    for (size_t i = 0; i < host->endpoint_count; i++)
        if (!scope->endpoint || scope->endpoint == host->endpoints[i])
            take_endpoint(s, scope, host, host->endpoints[i]);
}

static bool was_judged(enum verdict verdict)
{
    return verdict == VERDICT_READY || verdict == VERDICT_AT_RISK || verdict == VERDICT_NOT_READY ||
           verdict == VERDICT_PLAINTEXT;
}

static struct situation situation_of(const struct scope *scope, struct judgement judgement, bool message)
{
    const struct target_spec *spec = &scope->target->spec;
    struct situation s = {.judgement = judgement,
                          .requirement = spec->requirement,
                          .class = spec->class,
                          .connector = spec->connector,
                          .owner = spec->owner,
                          .contact = spec->contact,
                          .contact_state = spec->contact_state,
                          .message = message,
                          .never_tls = spec->never_tls};

    s.beside = scope->host && model_is_beside(scope->target, scope->host);
    if (scope->host)
        take_host(&s, scope, scope->host);
    for (size_t i = 0; !scope->host && i < scope->target->host_count; i++)
        take_host(&s, scope, scope->target->hosts[i].host);
    if (!was_judged(judgement.verdict))
        s.unjudged = 0;
    return s;
}

/* The key that does a step, or a dot; `scratch` has PRESS_NAME_SIZE bytes. */
static const char *key_of(const struct page *page, const struct step *step, char *scratch)
{
    bool works = step->request && page->keymap;
    const char *key = works ? keymap_name(page->keymap, step->request, scratch) : NULL;

    return key ? key : theme_glyph(GLYPH_DOT, page->ascii);
}

static void add_steps(struct page *page, const struct step *steps, size_t count)
{
    char scratch[PRESS_NAME_SIZE];
    int widest = 0;
    size_t i;

    for (i = 0; i < count; i++) {
        int width = painter_width(key_of(page, &steps[i], scratch), page->ascii);

        widest = width > widest ? width : widest;
    }
    if (count)
        page_heading(page, "What to do next");
    for (i = 0; i < count; i++) {
        page_put(page, 1, STYLE_KEY, key_of(page, &steps[i], scratch));
        page_wrap(page, widest + 3, STYLE_TEXT, steps[i].text);
    }
}

/* Without the word that stands before it: "stops", "goes in clear". */
static const char *consequence_words(enum consequence consequence)
{
    static const char mail[] = "mail ";
    const char *title = consequence_title(consequence);

    return strncmp(title, mail, sizeof mail - 1) == 0 ? title + sizeof mail - 1 : title;
}

/* The fault is on this side: nobody there can be asked to mend it. */
static bool is_ours(struct judgement judgement)
{
    return judgement.reason == REASON_DNS_UNTRUSTED ||
           (judgement.reason == REASON_PROBE_ERROR &&
            (judgement.error == PROBE_LOCAL_LIMIT || judgement.error == PROBE_NO_SOURCE ||
             judgement.error == PROBE_PORT_BLOCKED || judgement.error == PROBE_LEFT_OUT));
}

void detail_mail(struct page *page, const struct target *target, const struct host *host,
                 struct judgement judgement)
{
    const struct target_spec *spec = &target->spec;
    enum consequence consequence = spec->never_tls ? consequence_without_tls(judgement.verdict)
                                                   : consequence_of(spec->requirement, judgement.verdict);

    page_end(page);
    if (host && model_is_beside(target, host))
        page_wrap(page, 0, STYLE_DIM, "Information: mail does not take this way.");
    else
        page_field(page, "Mail",
                   consequence == CONSEQUENCE_ENCRYPTED ? STYLE_GOOD
                   : consequence == CONSEQUENCE_STOPS   ? STYLE_BAD
                                                        : STYLE_TEXT,
                   consequence_words(consequence));
}

void detail_advice(struct page *page, const struct model *model, const struct target *target,
                   const struct host *host, const struct endpoint *endpoint, struct judgement judgement,
                   int64_t now)
{
    const struct scope scope = {model, target, host, endpoint, now};
    char *message = model_forward(model, target);
    struct situation situation = situation_of(&scope, judgement, message && !is_ours(judgement));
    struct advice advice = {0};

    advice_make(&advice, &situation);
    add_steps(page, advice.steps, advice.count);
    advice_release(&advice);
    free(message);
    if (!situation.beside && !is_ours(judgement))
        detail_message(page, model, target);
}

void detail_advice_counts(struct page *page, const unsigned *counts)
{
    static const struct step steps[] = {
        {"next-problem", (char *)"Go through those that need a look; each says what can be done."},
        {"reprobe-inconclusive", (char *)"Probe again those that could not be judged."},
    };
    bool unjudged = counts[VERDICT_UNREACHABLE] || counts[VERDICT_UNKNOWN];
    unsigned problems = 0;

    for (int v = 0; v < verdict_count; v++)
        problems += rows_is_problem((enum verdict)v) ? counts[v] : 0;
    if (problems)
        add_steps(page, steps, unjudged ? 2 : 1);
}
