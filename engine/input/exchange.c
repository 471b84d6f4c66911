#include "engine/input/exchange.h"

#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/input/exchange_private.h"
#include "engine/input/records.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct kind {
    const char *word;    /* what a record is called */
    const char *command; /* exports it well */
    char *(*read)(struct exchange *x);
};

#define TO_FILE(name) " -Depth 4 | Out-File -Encoding utf8 " name

static const struct kind kinds[] = {
    [EXPORT_NONE] = {"record", NULL, NULL},
    [EXPORT_OUTBOUND] = {"connector",
                         "$c = @(Get-OutboundConnector -ResultSize Unlimited) + "
                         "@(Get-OutboundConnector -IncludeTestModeConnectors $true) + "
                         "@(Get-OutboundConnector -IsTransportRuleScoped $true); "
                         "ConvertTo-Json -InputObject $c" TO_FILE("outbound.json"),
                         exchange_read_connector},
    [EXPORT_INBOUND] = {"inbound connector",
                        "ConvertTo-Json -InputObject @(Get-InboundConnector -ResultSize Unlimited)" TO_FILE(
                            "inbound.json"),
                        exchange_read_inbound},
    [EXPORT_SEND] = {"send connector", "Get-SendConnector | Export-Clixml send.xml", exchange_read_connector},
    [EXPORT_RECEIVE] = {"receive connector", NULL, NULL},
    [EXPORT_ACCEPTED] = {"accepted domain",
                         "ConvertTo-Json -InputObject @(Get-AcceptedDomain)" TO_FILE("accepted.json"),
                         exchange_read_accepted},
    [EXPORT_RULE] = {"transport rule",
                     "ConvertTo-Json -InputObject @(Get-TransportRule -ResultSize Unlimited | Where-Object "
                     "RouteMessageOutboundConnector)" TO_FILE("rules.json"),
                     exchange_read_rule},
    [EXPORT_TRANSPORT] = {"transport config", "Get-TransportConfig | Export-Clixml transport.xml",
                          exchange_read_transport},
};

char *exchange_place(const struct exchange *x)
{
    return mem_format("%s:%u: %s \"%s\"", x->source, x->record->line, kinds[x->kind].word,
                      x->name ? x->name : "");
}

char *exchange_source(const struct exchange *x)
{
    return mem_format("%s:%u, %s %zu", x->source, x->record->line, kinds[x->kind].word, x->record->number);
}

void exchange_note(struct exchange *x, const char *format, ...)
{
    char *text = NULL, *place = exchange_place(x);
    va_list arguments;

    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0)
        abort();
    va_end(arguments);
    strings_addf(&x->out->notes, "%s: %s", place, text);
    free(place);
    free(text);
}

/* True when the export itself kept too little of the record. */
static bool is_lossy(const struct record *record)
{
    size_t i;

    for (i = 0; i < record->count; i++)
        if (record->fields[i].kind == FIELD_LOST || record->fields[i].kind == FIELD_CUT)
            return true;
    return false;
}

/* Says how to export well, once a kind; "" when that was said. The caller frees. */
static char *advice(struct exchange *x, enum export_kind kind, const char *before)
{
    unsigned bit = 1u << kind;

    if (!kinds[kind].command)
        return mem_string("");
    if (x->commands_said & bit)
        return mem_format("; %s the command above", before);
    x->commands_said |= bit;
    return mem_format("; %s: %s", before, kinds[kind].command);
}

void exchange_problem(struct exchange *x, const char *why)
{
    const struct record *record = x->record;
    char *quoted = x->name ? mem_format(" \"%s\"", x->name) : mem_string("");
    char *how = is_lossy(record) ? advice(x, x->kind, "export again with") : mem_string("");

    input_problem(x->out, record->line,
                  mem_format("%s:%u: %s %zu%s: %s%s", x->source, record->line, kinds[x->kind].word,
                             record->number, quoted, why, how));
    free(quoted);
    free(how);
}

/* A record that no reader takes. */
static char *refuse(struct exchange *x)
{
    char *how, *why;

    if (x->kind == EXPORT_RECEIVE) {
        exchange_note(x, "it says how mail comes in, which can't be probed from here, so left out");
        return NULL;
    }
    how = advice(x, EXPORT_OUTBOUND, "expected the output of");
    why = mem_format("this is no connector, accepted domain or transport rule%s", how);
    free(how);
    return why;
}

static void take(void *context, const struct record *record)
{
    struct exchange *x = context;
    char *name, *message;

    if (!input_goes_on(x->out, record->line))
        return;
    name = fields_name(record);
    x->record = record;
    x->kind = export_kind(record);
    x->name = name;
    message = kinds[x->kind].read ? kinds[x->kind].read(x) : refuse(x);
    if (message)
        exchange_problem(x, message);
    free(message);
    free(name);
    x->name = NULL;
}

static void wrong(void *context, unsigned line, size_t number, const char *why)
{
    struct exchange *x = context;
    char *how = number ? mem_string("") : advice(x, EXPORT_OUTBOUND, "export again with");
    char *which = number ? mem_format(" record %zu:", number) : mem_string("");

    input_problem(x->out, line, mem_format("%s:%u:%s %s%s", x->source, line, which, why, how));
    free(how);
    free(which);
}

void exchange_read(const char *source, const char *text,
                   void (*read)(const char *text, const struct record_sink *sink), struct input *out)
{
    struct exchange x = {.source = source, .out = out, .gathered = gathered_of(out)};
    struct record_sink sink = {.context = &x, .take = take, .wrong = wrong};

    read(text, &sink);
}

void exchange_refuse_table(const char *source, struct input *out)
{
    input_problem(
        out, 1,
        mem_format("%s:1: this is a table as Format-Table prints it, which cuts lists short and leaves "
                   "properties out; expected the output of: %s",
                   source, kinds[EXPORT_OUTBOUND].command));
}
