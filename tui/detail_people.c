#include "tui/detail_people.h"

#include "engine/base/buf.h"
#include "engine/base/day.h"
#include "engine/base/text.h"
#include "engine/model/contact.h"
#include "engine/policy/mailbox.h"
#include "engine/report/campaign.h"

#include <stdlib.h>

#define HISTORY_MOST 10
#define DATE_LENGTH  10 /* of RFC 3339 */

static void add_contact(struct page *page, const struct target *target)
{
    const struct target_spec *spec = &target->spec;
    const char *state = contact_state_title(spec->contact_state);
    char *fallback = NULL;

    if (!spec->contact && verdict_falls_short(target->judgement.verdict))
        fallback = contact_fallback(spec);
    if (fallback)
        page_fieldf(page, "Contact", STYLE_TEXT, "%s (none is noted)", fallback);
    if (spec->contact)
        page_fieldf(page, "Contact", STYLE_TEXT, "%s%s%s", spec->contact, *state ? ", " : "", state);
    else
        page_field(page, "State", STYLE_TEXT, state);
    page_field(page, "", STYLE_CAUTION, campaign_contradiction(target));
    free(fallback);
}

/* What a lookup without an address says; false when there is one. */
static bool add_silence(struct page *page, const char *label, enum dns_status status, const char *none)
{
    if (!directory_told(status))
        page_fieldf(page, label, STYLE_DIM, "not known: %s", dns_status_title(status));
    else if (none)
        page_field(page, label, STYLE_DIM, none);
    return none || !directory_told(status);
}

static void add_zone(struct page *page, const struct directory *directory)
{
    const char *none = !directory->zone      ? "none that speaks for the domain"
                       : !directory->mailbox ? "its SOA names no address"
                                             : NULL;

    if (!add_silence(page, "DNS zone", directory->zone_status, none))
        page_fieldf(page, "DNS zone", STYLE_TEXT, "%s (SOA of %s)", directory->mailbox, directory->zone);
}

/* Addresses as they are written to, the rest as it stands. */
static void add_reports(struct page *page, const struct directory *directory)
{
    const struct strings *uris = &directory->uris;
    struct buf text;

    if (add_silence(page, "TLS reports", directory->report_status, uris->count ? NULL : "none asked for"))
        return;
    buf_init(&text, 0);
    for (size_t i = 0; i < uris->count; i++) {
        char *mailbox = mailbox_of_uri(uris->items[i]);

        buf_printf(&text, "%s%s", i ? ", " : "", mailbox ? mailbox : uris->items[i]);
        free(mailbox);
    }
    page_fieldf(page, "TLS reports", STYLE_TEXT, "%s (TLS-RPT)", buf_string(&text));
    buf_release(&text);
}

static void add_directory(struct page *page, const struct directory *directory)
{
    if (directory && directory->zone_status != DNS_NOT_QUERIED)
        add_zone(page, directory);
    if (directory && directory->report_status != DNS_NOT_QUERIED)
        add_reports(page, directory);
}

/* Late are those who have something to do yet. */
static void add_due(struct page *page, const struct target *target, int64_t now)
{
    const struct target_spec *spec = &target->spec;
    bool done = spec->contact_state == CONTACT_FIXED || !campaign_is_open(target);
    int32_t left = spec->due - day_of(now);
    char day[DAY_TEXT_SIZE];

    if (!spec->due)
        return;
    day_text(day, spec->due);
    if (done)
        page_field(page, "Due", STYLE_TEXT, day);
    else if (left < 0)
        page_fieldf(page, "Due", STYLE_ERROR, "%s, overdue by %d day%s", day, -left, left == -1 ? "" : "s");
    else if (left == 0)
        page_fieldf(page, "Due", STYLE_STRONG, "%s, today", day);
    else
        page_fieldf(page, "Due", STYLE_TEXT, "%s, in %d day%s", day, left, left == 1 ? "" : "s");
}

void detail_people(struct page *page, const struct target *target, int64_t now)
{
    page_field(page, "Owner", STYLE_TEXT, target->spec.owner);
    add_contact(page, target);
    add_directory(page, target->directory);
    add_due(page, target, now);
    page_field(page, "Note", STYLE_TEXT, target->spec.note);
}

static void add_past(struct page *page, const struct past *past)
{
    const char *reason = judgement_reason(&past->judgement);
    char when[TEXT_TIME_SIZE];

    text_time(when, past->when);
    when[DATE_LENGTH] = '\0';
    if (past->judgement.reason == REASON_PROBE_ERROR)
        reason = probe_error_title(past->judgement.error);
    else if (reason)
        reason = reason_title(past->judgement.reason);
    page_fieldf(page, when, STYLE_TEXT, "%s%s%s", verdict_title(past->judgement.verdict), reason ? ": " : "",
                reason ? reason : "");
}

void detail_history(struct page *page, const struct target *target)
{
    size_t count = target->past_count, shown = count < HISTORY_MOST ? count : HISTORY_MOST;

    if (!count)
        return;
    page_heading(page, "History");
    for (size_t i = 0; i < shown; i++)
        add_past(page, &target->past[count - 1 - i]);
    if (shown < count)
        page_fieldf(page, "before that", STYLE_DIM, "%zu more", count - shown);
}
