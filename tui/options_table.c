#include "tui/options_private.h"

#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/input/input.h"
#include "engine/smtp/dialogue.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

static const char *set_input(struct options *o, const char *argument)
{
    strings_add(&o->inputs, argument);
    return NULL;
}

static const char *set_partner(struct options *o, const char *argument)
{
    strings_add(&o->partners, argument);
    return NULL;
}

static const char *set_lenient(struct options *o, const char *argument)
{
    (void)argument;
    o->lenient = true;
    return NULL;
}

static const char *set_baseline(struct options *o, const char *argument)
{
    o->baseline = argument;
    return NULL;
}

static const char *set_depth(struct options *o, const char *argument)
{
    if (strcmp(argument, "readiness") == 0)
        o->audit.depth = DEPTH_READINESS;
    else if (strcmp(argument, "full") == 0)
        o->audit.depth = DEPTH_FULL;
    else
        return "readiness or full";
    return NULL;
}

static const char *set_dns_server(struct options *o, const char *argument)
{
    strings_add(&o->dns_servers, argument);
    return NULL;
}

static const char *number(const char *argument, unsigned long least, unsigned long most, unsigned *value)
{
    unsigned long parsed;

    if (!text_number(argument, least, most, &parsed))
        return "a whole number in its range (see --help)";
    *value = (unsigned)parsed;
    return NULL;
}

static const char *seconds(const char *argument, double *value)
{
    return text_seconds(argument, 86400, value) ? NULL : "seconds from 0 to 86400, such as 10 or 0.5";
}

static const char *positive_seconds(const char *argument, double *value)
{
    if (!text_seconds(argument, 86400, value) || *value < 0.001)
        return "seconds from 0.001 to 86400, such as 10 or 0.5";
    return NULL;
}

static const char *set_smtp_port(struct options *o, const char *argument)
{
    return number(argument, 1, 65535, &o->audit.smtp_port);
}

static const char *set_helo_name(struct options *o, const char *argument)
{
    if (!dialogue_helo_name_valid(argument))
        return "a full host name such as probe.contoso.com, or an address literal such as [192.0.2.1]";
    o->audit.helo_name = argument;
    return NULL;
}

static const char *set_trust_store(struct options *o, const char *argument)
{
    o->audit.trust_store = argument;
    return NULL;
}

static const char *set_source_address(struct options *o, const char *argument)
{
    unsigned char bytes[16];

    if (inet_pton(AF_INET, argument, bytes) != 1 && inet_pton(AF_INET6, argument, bytes) != 1)
        return "an IPv4 or IPv6 address of this machine";
    o->audit.source_address = argument;
    return NULL;
}

static const char *set_ipv4(struct options *o, const char *argument)
{
    (void)argument;
    o->audit.no_ipv6 = true;
    return o->audit.no_ipv4 ? "one of -4 and -6, not both" : NULL;
}

static const char *set_ipv6(struct options *o, const char *argument)
{
    (void)argument;
    o->audit.no_ipv4 = true;
    return o->audit.no_ipv6 ? "one of -4 and -6, not both" : NULL;
}

static const char *set_concurrency(struct options *o, const char *argument)
{
    return number(argument, 1, 100000, &o->audit.concurrency);
}

static const char *set_threads(struct options *o, const char *argument)
{
    return number(argument, 0, AUDIT_THREADS_MOST, &o->audit.threads);
}

static const char *set_per_host(struct options *o, const char *argument)
{
    return number(argument, 1, 1000, &o->audit.per_host);
}

static const char *set_per_host_gap(struct options *o, const char *argument)
{
    return seconds(argument, &o->audit.per_host_gap);
}

static const char *set_connect_timeout(struct options *o, const char *argument)
{
    return positive_seconds(argument, &o->audit.connect_timeout);
}

static const char *set_banner_timeout(struct options *o, const char *argument)
{
    return positive_seconds(argument, &o->audit.banner_timeout);
}

static const char *set_io_timeout(struct options *o, const char *argument)
{
    return positive_seconds(argument, &o->audit.io_timeout);
}

static const char *set_dns_timeout(struct options *o, const char *argument)
{
    return positive_seconds(argument, &o->audit.dns_timeout);
}

static const char *set_retries(struct options *o, const char *argument)
{
    return number(argument, 0, 100, &o->audit.retries);
}

static const char *set_per_operator(struct options *o, const char *argument)
{
    return number(argument, 0, 100000, &o->audit.per_operator);
}

static const char *set_per_operator_gap(struct options *o, const char *argument)
{
    return seconds(argument, &o->audit.per_operator_gap);
}

static const char *set_retry_later(struct options *o, const char *argument)
{
    return seconds(argument, &o->audit.retry_later);
}

static const char *set_local_wait(struct options *o, const char *argument)
{
    return seconds(argument, &o->audit.local_wait);
}

static const char *set_check_injection(struct options *o, const char *argument)
{
    (void)argument;
    o->audit.check_injection = true;
    return NULL;
}

/* "192.0.2.1", "2001:db8::1", "[2001:db8::1]"; false for all else. */
static bool add_literal(struct strings *controls, const char *text)
{
    bool bracket = *text == '[';
    size_t length = strlen(text);
    char *bare = mem_string_n(text + bracket, length - bracket);
    unsigned char bytes[16];
    bool is = false;

    if (!bracket || text[length - 1] == ']') {
        bare[strlen(bare) - bracket] = 0;
        is = inet_pton(AF_INET, bare, bytes) == 1 || inet_pton(AF_INET6, bare, bytes) == 1;
    }
    if (is)
        strings_add(controls, bare);
    free(bare);
    return is;
}

static const char *set_control(struct options *o, const char *argument)
{
    static const char expected[] = "a domain such as contoso.com, or an address such as 192.0.2.1";
    struct target_spec spec;
    char *error = NULL;

    if (add_literal(&o->controls, argument))
        return NULL;
    if (!*argument || strstr(argument, "://") ||
        !input_target(argument, CLASS_OPPORTUNISTIC, "--control", &spec, &error)) {
        free(error);
        return expected;
    }
    strings_add(&o->controls, spec.domain);
    target_spec_release(&spec);
    return NULL;
}

static const char *set_explain_pacing(struct options *o, const char *argument)
{
    (void)argument;
    o->explain_pacing = true;
    return NULL;
}

static const char *set_shard(struct options *o, const char *argument)
{
    static const char expected[] = "I/N, such as 1/4, with I from 1 to N";
    char *first = mem_string(argument), *slash = strchr(first, '/');
    unsigned shard = 0, shards = 0;
    bool ok = false;

    if (slash) {
        *slash = 0;
        ok = !number(slash + 1, 1, 1000000, &shards) && !number(first, 1, shards, &shard);
    }
    free(first);
    if (!ok)
        return expected;
    o->shard = shard;
    o->shards = shards;
    return NULL;
}

static const char *set_diff_format(struct options *o, const char *argument)
{
    static const char *const names[] = {
        [DIFF_TEXT] = "text", [DIFF_JSON] = "json", [DIFF_CSV] = "csv", [DIFF_MARKDOWN] = "markdown"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(argument, names[i]) == 0) {
            o->diff_format = (enum diff_format)i;
            return NULL;
        }
    return "text, json, csv or markdown";
}

static const char *set_format(struct options *o, const char *argument)
{
    o->letters = strcmp(argument, "letters") == 0;
    if (o->letters)
        return NULL;
    if (o->command == COMMAND_DIFF)
        return set_diff_format(o, argument);
    o->format = report_format_named(argument);
    return o->format ? NULL : REPORT_FORMATS;
}

static const char *set_snapshot(struct options *o, const char *argument)
{
    o->snapshot = argument;
    return *argument ? NULL : "a file";
}

static const char *set_again(struct options *o, const char *argument)
{
    (void)argument;
    o->again = true;
    return NULL;
}

static const char *set_against(struct options *o, const char *argument)
{
    o->against = argument;
    return *argument ? NULL : "a file";
}

static const char *set_output(struct options *o, const char *argument)
{
    o->output = argument;
    return NULL;
}

static const char *set_if_changed(struct options *o, const char *argument)
{
    (void)argument;
    o->if_changed = true;
    return o->command == COMMAND_DIFF ? NULL : "mxscope diff";
}

static const char *set_filter(struct options *o, const char *argument)
{
    o->filter = argument;
    return *argument ? NULL : "terms as after f on the screen, such as class:partner";
}

static const char *set_letter(struct options *o, const char *argument)
{
    o->letter = argument;
    return *argument ? NULL : "a file";
}

static const char *set_fail_on(struct options *o, const char *argument)
{
    if (strcmp(argument, "not-ready") == 0)
        o->fail_on = FAIL_NOT_READY;
    else if (strcmp(argument, "at-risk") == 0)
        o->fail_on = FAIL_AT_RISK;
    else if (strcmp(argument, "never") == 0)
        o->fail_on = FAIL_NEVER;
    else
        return "not-ready, at-risk or never";
    return NULL;
}

static const char *set_script(struct options *o, const char *argument)
{
    o->script = argument;
    return NULL;
}

static const char *set_plain(struct options *o, const char *argument)
{
    (void)argument;
    o->plain = true;
    return NULL;
}

static const char *set_color(struct options *o, const char *argument)
{
    if (strcmp(argument, "auto") == 0)
        o->color = COLOR_AUTO;
    else if (strcmp(argument, "always") == 0)
        o->color = COLOR_ALWAYS;
    else if (strcmp(argument, "never") == 0)
        o->color = COLOR_NEVER;
    else
        return "auto, always or never";
    return NULL;
}

static const char *set_theme(struct options *o, const char *argument)
{
    o->theme = argument;
    return theme_find(argument) ? NULL : THEME_NAMES;
}

static const char *set_mouse(struct options *o, const char *argument)
{
    (void)argument;
    o->mouse = true;
    return NULL;
}

static const char *set_config(struct options *o, const char *argument)
{
    o->config = argument;
    return NULL;
}

static const char *set_ascii(struct options *o, const char *argument)
{
    (void)argument;
    o->ascii = true;
    return NULL;
}

static const char *set_demo(struct options *o, const char *argument)
{
    (void)argument;
    o->demo = true;
    return NULL;
}

static const char *set_port_base(struct options *o, const char *argument)
{
    return number(argument, 1024, 65000, &o->port_base);
}

static const char *set_help(struct options *o, const char *argument)
{
    (void)argument;
    o->command = COMMAND_HELP;
    return NULL;
}

static const char *set_version(struct options *o, const char *argument)
{
    (void)argument;
    o->command = COMMAND_VERSION;
    return NULL;
}

static const struct option_row table[] = {
    {"input", 'i', "FILE",
     "a list, a CSV, exports of Exchange's connectors, Postfix maps (repeatable; -: stdin)", set_input},
    {"partner", 'p', "DOMAIN", "a partner domain (repeatable)", set_partner},
    {"lenient", 0, NULL, "report bad lines or connectors of an input and go on with the rest", set_lenient},
    {"baseline", 0, "NAME|FILE", "exchange-online (default), tls1.2, tls1.3, or a file", set_baseline},
    {"depth", 0, "DEPTH", "readiness, or full (default): readiness first for all, then the rest", set_depth},
    {"dns-server", 0, "ADDR[:PORT]", "resolver (repeatable; default: the system's)", set_dns_server},
    {"smtp-port", 0, "N", "port for MX and smart hosts without one (25)", set_smtp_port},
    {"helo-name", 0, "NAME", "EHLO name (this machine's full name)", set_helo_name},
    {"trust-store", 0, "FILE", "CA bundle, PEM (the system's)", set_trust_store},
    {"source-address", 0, "ADDR", "where probes leave from", set_source_address},
    {"ipv4", '4', NULL, "IPv4 only", set_ipv4},
    {"ipv6", '6', NULL, "IPv6 only", set_ipv6},
    {"concurrency", 0, "N", "connections at once in all (256; fewer where few files may be open)",
     set_concurrency},
    {"threads", 0, "N", "threads that make connections, to 16 (0: as many as help)", set_threads},
    {"per-host", 0, "N", "connections at once to one address (1)", set_per_host},
    {"per-host-gap", 0, "SECS", "pause between connections to one address (1.0)", set_per_host_gap},
    {"connect-timeout", 0, "SECS", "wait for a server to take a connection (10)", set_connect_timeout},
    {"banner-timeout", 0, "SECS", "wait for its greeting; some let strangers wait (60)", set_banner_timeout},
    {"io-timeout", 0, "SECS", "wait for each answer after that (30)", set_io_timeout},
    {"dns-timeout", 0, "SECS", "wait for the resolver, repetitions included (10)", set_dns_timeout},
    {"retries", 0, "N", "further tries after an inconclusive result (1)", set_retries},
    {"retry-later", 0, "SECS", "when those who put us off are asked once more (60; 0: never)",
     set_retry_later},
    {"per-operator", 0, "N",
     "connections at once to one operator: a registrable domain, or a network (8; 0: no limit)",
     set_per_operator},
    {"per-operator-gap", 0, "SECS", "pause between the starts of two connections to one operator (0.1)",
     set_per_operator_gap},
    {"local-wait", 0, "SECS",
     "wait for a local port or file where this machine has none left, then give the endpoint up (75)",
     set_local_wait},
    {"check-injection", 0, NULL,
     "also send a command in clear behind STARTTLS, one more connection each (CVE-2011-0411)",
     set_check_injection},
    {"control", 0, "DOMAIN",
     "takes mail with STARTTLS for sure: tells trouble here from trouble there (repeatable)", set_control},
    {"explain-pacing", 0, NULL,
     "say what would be sent to whom and how long it would take; contact no server", set_explain_pacing},
    {"shard", 0, "I/N",
     "only part I of N of the domains, the same ones each time; merge joins them (data/recipes)", set_shard},
    {"snapshot", 's', "FILE", "keep the session in this file: made, or resumed when it is there",
     set_snapshot},
    {"again", 0, NULL, "ask everyone in the snapshot anew; notes, people and histories stay", set_again},
    {"against", 0, "FILE", "for open: show what changed since this earlier snapshot", set_against},
    {"if-changed", 0, NULL, "for diff: write nothing when nothing changed (for cron)", set_if_changed},
    {"format", 0, "F",
     REPORT_FORMATS
     ", for audit and export (json), letters for export; for diff: text (default), json, csv, markdown",
     set_format},
    {"output", 'o', "FILE",
     "where audit, export and diff write (stdout); the file that merge makes, the folder of letters",
     set_output},
    {"filter", 0, "TERMS", "for audit and export: only what these terms keep, as after f on the screen",
     set_filter},
    {"template", 0, "FILE", "the text of letters (built in; see data/letters)", set_letter},
    {"fail-on", 0, "VERDICT", "exit 1 at not-ready or plaintext (not-ready, default), also at-risk, or never",
     set_fail_on},
    {"plain", 0, NULL, "lines and commands instead of the screen, for screen readers and pipes", set_plain},
    {"script", 0, "FILE", "drive the screen from a key script", set_script},
    {"color", 0, "WHEN", "auto, always or never; NO_COLOR is honoured", set_color},
    {"theme", 0, "NAME", THEME_NAMES, set_theme},
    {"ascii", 0, NULL, "no glyphs beyond ASCII", set_ascii},
    {"mouse", 0, NULL, "clicks select and fold, the wheel scrolls", set_mouse},
    {"config", 0, "FILE", "themes and keys ($XDG_CONFIG_HOME/mxscope/config, else in ~/.config)", set_config},
    {"demo", 0, NULL, "run against the built-in lab on loopback", set_demo},
    {"port-base", 0, "N", "first of the lab's nine ports (any free ones)", set_port_base},
    {"help", 'h', NULL, "this text", set_help},
    {"version", 'V', NULL, "version, and those of the libraries in use", set_version},
};

_Static_assert(sizeof table / sizeof table[0] == OPTION_ROWS, "OPTION_ROWS counts the table");

const struct option_row *option_rows(void)
{
    return table;
}
