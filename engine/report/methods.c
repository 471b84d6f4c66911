#include "engine/report/methods.h"

#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/model/preflight.h"

#include <stdlib.h>

char *report_title(const struct model *model)
{
    const struct baseline *baseline = model_baseline(model);

    return mem_format("Who is ready for %s%s?", tls_version_title(baseline->minimum),
                      baseline->minimum + 1 < TLS_VERSIONS ? " or better" : "");
}

char *report_floor(const struct model *model)
{
    const struct baseline *baseline = model_baseline(model);
    struct buf out;

    buf_init(&out, 0);
    buf_add_string(&out, baseline->name);
    if (baseline->title)
        buf_printf(&out, ", %s", baseline->title);
    buf_printf(&out, ": at least %s", tls_version_title(baseline->minimum));
    if (baseline->suites)
        buf_printf(&out, " and one of its %zu cipher suites", baseline->suite_count);
    if (baseline->since)
        buf_printf(&out, ", in force since %s", baseline->since);
    return buf_take_string(&out);
}

static void add_time(int64_t when, struct buf *out)
{
    char text[TEXT_TIME_SIZE];

    text_time(text, when);
    buf_printf(out, "%.10s %.5s", text, text + 11);
}

char *report_period(const struct report_options *options)
{
    struct buf out;

    if (!options->started_at && !options->finished_at)
        return mem_string("not noted");
    buf_init(&out, 0);
    if (options->started_at)
        add_time(options->started_at, &out);
    buf_add_string(&out, options->started_at ? " to " : "until ");
    if (options->finished_at) {
        add_time(options->finished_at, &out);
        buf_add_string(&out, " UTC");
    } else {
        buf_add_string(&out, options->started_at ? "(not finished), UTC" : "(not finished)");
    }
    return buf_take_string(&out);
}

char *report_selection(const struct model *model, const struct report_options *options)
{
    struct model_counts counts;

    if (!options->selection)
        return NULL;
    model_counts(model, &counts);
    return mem_format("%u of %u %s: %s", counts.targets, options->selected_of,
                      options->selected_of == 1 ? "target" : "targets", options->selection);
}

static const char *const fixed_methods[] = {
    "Mail was followed as a sender would: by MX records, or to the smart host of the connector that carries "
    "the domain, to "
    "every address behind them. An address that several domains share was probed once.",
    "Each address was asked for STARTTLS on its mail port. A real handshake tells version, cipher suite and "
    "certificate; "
    "hellos that offer less and less tell which other versions it accepts.",
    "Accepted means that the server chose that version. Refused means that the server said so at the TLS "
    "layer. All else "
    "is unknown, with its reason: a timeout is never a no.",
    "What counts against a server (no STARTTLS, no version at the floor) was asked for twice before it was "
    "believed.",
    "Where TLS is required, a server below the floor makes mail stop; where it is used when offered, mail "
    "goes in clear. "
    "Certificates count only where the requirement asks for a trusted one.",
    "Whom to write to is what was noted, every mail domain's postmaster, the mailbox in the SOA of its zone "
    "(below the public suffix) and where it wants TLS reports (RFC 8460). Whether anybody reads there was "
    "not "
    "tried.",
};

void report_methods(const struct model *model, const struct report_options *options, struct strings *out)
{
    char *floor = report_floor(model), *period = report_period(options);

    strings_addf(out, "%s looked from %s, %s.", options->generator ? options->generator : "mxscope",
                 options->vantage ? options->vantage : "a host that was not noted", period);
    strings_addf(out, "All is judged by the baseline %s.", floor);
    for (size_t i = 0; i < sizeof fixed_methods / sizeof *fixed_methods; i++)
        strings_add(out, fixed_methods[i]);
    free(floor);
    free(period);
}

static void limit_of_preflight(const struct preflight *preflight, struct strings *out)
{
    for (unsigned i = 0; i < check_count; i++) {
        const struct preflight_check *check = &preflight->checks[i];

        if (check->state != CHECK_TROUBLE)
            continue;
        if (check->detail)
            strings_addf(out, "Trouble where this was looked from: %s", check->detail);
        else
            strings_addf(out, "Trouble where this was looked from: it is not so that %s.",
                         check_title((enum check)i));
    }
}

static unsigned count_short(const struct model *model)
{
    unsigned count = 0;

    for (size_t i = 0; i < model_endpoint_count(model); i++) {
        const struct facts *facts = model_endpoint_at(model, i)->facts;

        count += facts && facts->tls && !facts->full;
    }
    return count;
}

static void limits_of_run(const struct model *model, const struct report_options *options,
                          const struct report_summary *summary, struct strings *out)
{
    unsigned dark = summary->verdicts[VERDICT_UNREACHABLE] + summary->verdicts[VERDICT_UNKNOWN];
    unsigned pending = summary->verdicts[VERDICT_PENDING], brief = count_short(model);

    if (options->selection)
        strings_addf(
            out,
            "This is a selection (%s): %u of the session's %u targets. All numbers are of these alone, "
            "and so is the number of targets that share an address.",
            options->selection, summary->counts.targets, options->selected_of);
    if (!options->complete)
        strings_add(
            out, "The run was not finished: what is missing is pending or unknown, and may be ready or not.");
    if (pending)
        strings_addf(out, "%u %s not probed yet.", pending, pending == 1 ? "target is" : "targets are");
    if (dark)
        strings_addf(out,
                     "%u %s unreachable or unknown: nothing is claimed about %s TLS, neither good nor bad.",
                     dark, dark == 1 ? "target is" : "targets are", dark == 1 ? "its" : "their");
    if (brief)
        strings_addf(out,
                     "At %u %s only what decides readiness was asked: other versions read \"not tested\".",
                     brief, brief == 1 ? "address" : "addresses");
    limit_of_preflight(model_preflight(model), out);
}

static const char *const fixed_limits[] = {
    "This is one place at one time. Servers may answer other senders otherwise, and change any day.",
    "Only the outbound direction was probed: with what version partners send to you can't be seen from "
    "outside.",
    "Policies that domains publish (MTA-STS, DANE) were not looked at.",
    "What becomes of mail follows from what connectors and lists say you require; your mail system may hold "
    "further rules "
    "that were not among the inputs.",
};

void report_limits(const struct model *model, const struct report_options *options,
                   const struct report_summary *summary, struct strings *out)
{
    limits_of_run(model, options, summary, out);
    for (size_t i = 0; i < sizeof fixed_limits / sizeof *fixed_limits; i++)
        strings_add(out, fixed_limits[i]);
}
