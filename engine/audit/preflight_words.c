#include "engine/audit/preflight_parts.h"
#include "engine/base/mem.h"

#include <stdlib.h>

/* "gmail.com and outlook.com", those of which `fits` says so; NULL for none. The caller frees. */
static char *controls_that(const struct preflight_run *run, bool (*fits)(struct control_word word))
{
    char *names = NULL;

    for (size_t i = 0; i < run->control_count; i++) {
        char *before = names;

        if (!fits(control_word(run->controls[i])))
            continue;
        names =
            mem_format("%s%s%s", before ? before : "", before ? " and " : "", control_name(run->controls[i]));
        free(before);
    }
    return names;
}

static bool fails(struct control_word word)
{
    return port_sign_fails(word.sign);
}

static bool lacks_starttls(struct control_word word)
{
    return word.starttls == STARTTLS_MASKED || word.starttls == STARTTLS_NOT_OFFERED;
}

static char *blocked_text(const struct preflight_run *run)
{
    enum port_sign alike = evidence_alike(&run->evidence);
    const struct sightings *seen = &run->evidence.signs[alike];
    unsigned long tried = evidence_tried(&run->evidence);
    char *names = controls_that(run, fails), *text;
    char *most = tried > seen->endpoints ? mem_format("%u of", seen->endpoints) : mem_string("all");

    text = mem_format(
        "The mail port (%u) is blocked from here: %s %lu servers tried, in %zu networks, failed alike "
        "(%s)%s%s%s; probe from a network that lets mail out.",
        run->audit->options.smtp_port, most, tried, seen->networks.count, port_sign_title(alike),
        names ? ", and so did " : "", names ? names : "", names ? ", known to take mail" : "");
    free(names);
    free(most);
    return text;
}

static char *rewritten_text(const struct preflight_run *run)
{
    size_t masked = run->evidence.masked.networks.count, absent = run->evidence.absent.networks.count;
    char *names = controls_that(run, lacks_starttls), *seen, *text;

    seen = masked || absent ? mem_format("it is masked in %zu network%s and missing in %zu", masked,
                                         masked == 1 ? "" : "s", absent)
                            : mem_string("it does not show");
    text =
        mem_format("STARTTLS is rewritten on the way out of here: %s%s%s%s; servers that seem to lack it may "
                   "well offer it.",
                   seen, names ? ", even at " : "", names ? names : "", names ? ", known to have it" : "");
    free(seen);
    free(names);
    return text;
}

/* Adds which controls told nothing, once that is known; takes `text` over and may return NULL. */
static char *with_silent_controls(const struct preflight_run *run, char *text)
{
    for (size_t i = 0; !run->controls_open && i < run->control_count; i++) {
        char *before = text, *silence = control_silence(run->controls[i]);

        if (silence)
            text = mem_format("%s%sThe control %s told nothing: %s.", before ? before : "", before ? " " : "",
                              control_name(run->controls[i]), silence);
        if (silence)
            free(before);
        free(silence);
    }
    return text;
}

char *preflight_port_text(const struct preflight_run *run, enum check_state state)
{
    char *text = NULL;

    if (state == CHECK_TROUBLE)
        return blocked_text(run);
    if (state == CHECK_OK && !run->evidence.signs[SIGN_OPEN].endpoints)
        text = mem_string("A server that is known to take mail answers there.");
    return with_silent_controls(run, text);
}

char *preflight_path_text(const struct preflight_run *run, enum check_state state)
{
    size_t masked = run->evidence.masked.networks.count;
    char *text = NULL;

    if (state == CHECK_TROUBLE)
        return rewritten_text(run);
    if (state == CHECK_UNKNOWN && masked)
        text = mem_format("STARTTLS is masked in %zu network%s, which may well be the servers' own matter.",
                          masked, masked == 1 ? "" : "s");
    return with_silent_controls(run, text);
}
