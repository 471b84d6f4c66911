#include "tui/demand_words.h"

#include "engine/base/buf.h"
#include "engine/base/day.h"
#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

static void add(struct buf *out, const char *what, const char *now, const char *before)
{
    buf_printf(out, "%s%s%s instead of %s", out->length ? ", " : "", what, now, before);
}

static void add_text(struct buf *out, const char *what, const char *now, const char *before)
{
    now = now ? now : "none";
    before = before ? before : "none";
    if (strcmp(now, before) != 0)
        add(out, what, now, before);
}

static void add_flag(struct buf *out, bool now, bool before, const char *yes, const char *no)
{
    if (now != before)
        buf_printf(out, "%s%s", out->length ? ", " : "", now ? yes : no);
}

/* "smart host gw.example port 587", "MX"; the caller frees. */
static char *way_of(const struct target_spec *spec)
{
    struct buf text;

    buf_init(&text, 0);
    buf_add_string(&text, spec->host_count ? "smart host " : "MX");
    for (size_t i = 0; i < spec->host_count; i++) {
        buf_printf(&text, "%s%s", i ? " " : "", spec->hosts[i].host);
        if (spec->hosts[i].port)
            buf_printf(&text, " port %u", spec->hosts[i].port);
    }
    return buf_take_string(&text);
}

static void add_way(struct buf *out, const struct target_spec *now, const struct target_spec *before)
{
    char *way = way_of(now), *former = way_of(before);

    add_text(out, "", way, former);
    free(former);
    free(way);
}

/* A class that somebody set is no connector's. */
static void add_connector(struct buf *out, const struct target_spec *now, const struct target_spec *before)
{
    buf_printf(out, "carried by %s", now->connector);
    if (before->by_hand & BY_HAND(HAND_CLASS))
        return;
    if (now->class != before->class)
        add(out, "", target_class_name(now->class), target_class_name(before->class));
    if (now->class != before->class && now->requirement != before->requirement)
        add(out, "", requirement_name(now->requirement), requirement_name(before->requirement));
}

static void add_demand(struct buf *out, const struct target_spec *now, const struct target_spec *before)
{
    if (now->connector && !before->connector)
        add_connector(out, now, before);
    if (now->class == before->class && now->requirement != before->requirement)
        add(out, "", requirement_name(now->requirement), requirement_name(before->requirement));
    add_text(out, "TLS name ", now->tls_domain, before->tls_domain);
    if (now->floor != before->floor)
        add(out, "own floor ", tls_version_title(now->floor), tls_version_title(before->floor));
    add_flag(out, now->never_tls, before->never_tls, "no TLS is used", "TLS is used");
    add_flag(out, now->domain_secure, before->domain_secure, "Domain Security", "no Domain Security");
}

static void add_word(struct buf *out, const char *what, const char *word)
{
    buf_printf(out, "%s%s %s", out->length ? ", " : "", what, word);
}

/* What people have not got comes from the list. */
static void add_words(struct buf *out, const struct target_spec *now, const struct target_spec *before)
{
    char day[DAY_TEXT_SIZE];

    if (now->owner && !before->owner)
        add_word(out, "owner", now->owner);
    if (now->contact && !before->contact)
        add_word(out, "contact", now->contact);
    if (now->note && !before->note)
        add_word(out, "note", now->note);
    if (now->contact_state && !before->contact_state)
        add_word(out, "state", contact_state_title(now->contact_state));
    if (now->due && !before->due) {
        day_text(day, now->due);
        add_word(out, "due", day);
    }
}

static bool open_to(const struct target_spec *spec, enum hand what)
{
    return !(spec->by_hand & BY_HAND(what));
}

/* The list's words that people left room for; borrowed. */
static struct target_spec words_for(const struct target_spec *own, const struct target_spec *spec)
{
    struct target_spec words = *spec;

    words.owner = open_to(own, HAND_OWNER) ? spec->owner : NULL;
    words.contact = open_to(own, HAND_CONTACT) ? spec->contact : NULL;
    words.note = open_to(own, HAND_NOTE) ? spec->note : NULL;
    words.contact_state = open_to(own, HAND_STATE) ? spec->contact_state : CONTACT_NONE;
    words.due = open_to(own, HAND_DUE) ? spec->due : 0;
    return words;
}

char *demand_words(const struct target *target, const struct target_spec *spec)
{
    const struct target_spec words = words_for(&target->spec, spec);
    struct buf out;

    buf_init(&out, 0);
    if (model_would_respecify(target, spec) == RESPECIFIED_NOT)
        return buf_take_string(&out);
    if (spec->connector || !target->spec.connector) {
        add_demand(&out, spec, &target->spec);
        add_way(&out, spec, &target->spec);
    }
    add_words(&out, &words, &target->spec);
    if (!out.length)
        buf_add_string(&out, "what else is said of it");
    return buf_take_string(&out);
}
