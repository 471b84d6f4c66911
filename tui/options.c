#include "tui/options_private.h"

#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/input/input.h"
#include "engine/smtp/dialogue.h"
#include "tui/output_check.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#define HELP_WIDTH  80
#define HELP_COLUMN 31  /* of what an option does */
#define USE_COLUMN  10  /* of what a command does, below it */
#define WORD_MOST   200 /* bytes of a word of the command line that are kept */

/* Words from column `column` on, where the line stands, to the width of a terminal; ends the line. */
static void put_words(FILE *out, int column, const char *text)
{
    int at = column;

    while (*text) {
        int length = (int)strcspn(text, " ");

        if (at > column && at + 1 + length > HELP_WIDTH) {
            fprintf(out, "\n%*s", column, "");
            at = column;
        }
        at += fprintf(out, "%s%.*s", at > column ? " " : "", length, text);
        text += length;
        text += strspn(text, " ");
    }
    fputc('\n', out);
}

static void put_uses(FILE *out)
{
    static const struct {
        const char *use, *does;
    } uses[] = {
        {"[OPTIONS] [TARGET...]", "the interactive screen; probing starts at once"},
        {"audit [OPTIONS] [TARGET...]", "the same work without a screen, result on stdout"},
        {"open SNAPSHOT [--against OLD]", "the screen on a session that was kept; nothing is probed"},
        {"export SNAPSHOT [--format F] [--filter TERMS] [-o FILE]", "its report"},
        {"diff OLD NEW [--format F] [-o FILE]", "what changed between two snapshots"},
        {"merge -o OUT SNAPSHOT...", "one snapshot of several: shards, places to probe from"},
        {"lab [--port-base N]", "a mail internet on loopback, in the foreground"},
        {"--demo", "the screen against that lab"},
    };
    size_t i;

    for (i = 0; i < sizeof uses / sizeof *uses; i++) {
        fprintf(out, "%s mxscope %s\n%*s", i ? "      " : "usage:", uses[i].use, USE_COLUMN, "");
        put_words(out, USE_COLUMN, uses[i].does);
    }
}

static void put_option(FILE *out, const struct option_row *row)
{
    char letter[] = {'-', row->letter, ',', 0};
    char *left = mem_format("%-3s --%s%s%s", row->letter ? letter : "", row->name, row->argument ? " " : "",
                            row->argument ? row->argument : "");

    fprintf(out, "  %-*s ", HELP_COLUMN - 3, left);
    put_words(out, HELP_COLUMN, row->help);
    free(left);
}

void cli_help(FILE *out)
{
    const struct option_row *rows = option_rows();
    size_t i;

    put_words(out, 0, "mxscope: who is ready for the TLS floor, and what happens to mail otherwise");
    fputc('\n', out);
    put_uses(out);
    fputc('\n', out);
    put_words(out, 0,
              "TARGET is a domain (contoso.com), a file as for --input (outbound.json), or an endpoint: "
              "smtp://HOST[:PORT], submission://, smtps://, https://, imap://, imaps://, pop3://, pop3s://. "
              "Domains are opportunistic unless -p or a connector names them.");
    put_words(out, 0,
              "SNAPSHOT, OLD and NEW are files that -s kept, or reports that --format json or jsonl wrote.");
    fputc('\n', out);
    for (i = 0; i < OPTION_ROWS; i++)
        put_option(out, &rows[i]);
    fputc('\n', out);
    put_words(
        out, 0,
        "Exit status: 0 nothing at or beyond --fail-on; 1 something is; 2 bad usage or input, nothing was "
        "probed; 3 the run could not finish, what was found is still written. Of diff: 1 something "
        "regressed.");
}

/* getopt's tables, made from ours; option i has the value 256 + i. */
static void make_tables(struct option *longs, char *shorts)
{
    const struct option_row *rows = option_rows();
    size_t i, n = 0;

    shorts[n++] = ':';
    for (i = 0; i < OPTION_ROWS; i++) {
        longs[i] = (struct option){rows[i].name, rows[i].argument ? required_argument : no_argument, NULL,
                                   256 + (int)i};
        if (!rows[i].letter)
            continue;
        shorts[n++] = rows[i].letter;
        if (rows[i].argument)
            shorts[n++] = ':';
    }
    longs[OPTION_ROWS] = (struct option){0};
    shorts[n] = 0;
}

static const struct option_row *row_of(int got)
{
    const struct option_row *rows = option_rows();
    size_t i;

    if (got >= 256)
        return &rows[got - 256];
    for (i = 0; i < OPTION_ROWS; i++)
        if (rows[i].letter == got)
            return &rows[i];
    return NULL;
}

static void defaults(struct options *options)
{
    memset(options, 0, sizeof *options);
    options->format = report_format_default();
    audit_options_init(&options->audit);
}

static char *unknown_option(char **argv)
{
    const char *word = argv[optind > 1 ? optind - 1 : 1];

    if (optopt && optopt < 256)
        return mem_format("unknown option -%c; expected one that --help lists", optopt);
    return mem_format(
        "option '%s' is unknown, ambiguous or takes no argument; expected one that --help lists", word);
}

static bool read_options(int argc, char **argv, struct options *options, char **error)
{
    struct option longs[OPTION_ROWS + 1];
    char shorts[2 * OPTION_ROWS + 2];
    int got;

    make_tables(longs, shorts);
    optind = 1;
    while ((got = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
        const struct option_row *row;
        const char *expected;

        if (got == '?') {
            *error = unknown_option(argv);
            return false;
        }
        if (got == ':') {
            *error = mem_format("option %s needs an argument; see --help", argv[optind - 1]);
            return false;
        }
        row = row_of(got);
        expected = row->set(options, optarg);
        if (expected) {
            char *shown = text_escaped(optarg ? optarg : "", strnlen(optarg ? optarg : "", 200));

            *error = mem_format("--%s%s%s: expected %s", row->name, optarg ? " " : "", shown, expected);
            free(shown);
            return false;
        }
    }
    return true;
}

static const struct {
    const char *word;
    enum command command;
} commands[] = {{"audit", COMMAND_AUDIT},   {"lab", COMMAND_LAB},   {"open", COMMAND_OPEN},
                {"export", COMMAND_EXPORT}, {"diff", COMMAND_DIFF}, {"merge", COMMAND_MERGE}};

/* As a person may want to see it again. */
static char *joined(int argc, char **argv)
{
    struct buf words;

    buf_init(&words, 0);
    for (int i = 1; i < argc; i++) {
        buf_add_string(&words, i > 1 ? " " : "");
        text_escape(&words, argv[i], strnlen(argv[i], WORD_MOST));
    }
    return buf_take_string(&words);
}

/* Who gives a file to what only looks at one would miss it later. */
static bool check_session(const struct options *options, char **error)
{
    bool looks = options->command >= COMMAND_LAB && options->command <= COMMAND_MERGE;
    const char *given = options->snapshot         ? "--snapshot"
                        : options->inputs.count   ? "--input"
                        : options->partners.count ? "--partner"
                                                  : NULL;

    if (!looks || !given)
        return true;
    *error = mem_format("%s is for sessions that probe; expected it with mxscope or mxscope audit", given);
    return false;
}

static bool check_targets(const struct options *options, char **error)
{
    if (options->command == COMMAND_LAB && options->targets.count) {
        *error = mem_format("lab takes no targets; expected mxscope lab [--port-base N]");
        return false;
    }
    if ((options->command == COMMAND_OPEN || options->command == COMMAND_EXPORT) &&
        options->targets.count != 1) {
        *error = mem_format("expected one snapshot, or report in JSON, as in mxscope %s FILE",
                            options->command == COMMAND_OPEN ? "open" : "export");
        return false;
    }
    if (options->letters && options->command != COMMAND_EXPORT) {
        *error =
            mem_string("--format letters is for export; expected mxscope export SNAPSHOT --format letters");
        return false;
    }
    if (options->filter && options->command != COMMAND_EXPORT && options->command != COMMAND_AUDIT) {
        *error = mem_string("--filter is for what audit and export write; on the screen press f");
        return false;
    }
    if (options->output && (options->command == COMMAND_SCREEN || options->command == COMMAND_OPEN)) {
        *error =
            mem_string("--output is for what audit, export, diff and merge write; on the screen press x");
        return false;
    }
    if (options->against && options->command != COMMAND_OPEN) {
        *error = mem_format("--against: expected with mxscope open; mxscope diff compares without a screen");
        return false;
    }
    if (options->again && (!options->snapshot || options->command > COMMAND_AUDIT)) {
        *error = mem_string("--again: expected with --snapshot FILE, whose targets are to be asked anew");
        return false;
    }
    if (options->command == COMMAND_DIFF && options->targets.count != 2) {
        *error = mem_format(
            "expected two snapshots, or reports in JSON, the older one first, as in mxscope diff OLD NEW");
        return false;
    }
    if (options->command == COMMAND_MERGE && (!options->targets.count || !options->output)) {
        *error = mem_format(
            "expected a new file and snapshots, or reports in JSON, as in mxscope merge -o OUT FILE FILE");
        return false;
    }
    return true;
}

bool cli_parse(int argc, char **argv, struct options *options, char **error)
{
    enum command command = COMMAND_SCREEN;
    size_t i;

    defaults(options);
    for (i = 0; argc > 1 && i < sizeof commands / sizeof commands[0]; i++)
        if (strcmp(argv[1], commands[i].word) == 0)
            command = commands[i].command;
    options->command = command;
    options->words = joined(argc, argv);
    if (command != COMMAND_SCREEN) {
        argv[1] = argv[0];
        argc--;
        argv++;
    }
    if (!read_options(argc, argv, options, error))
        return false;
    for (i = (size_t)optind; i < (size_t)argc; i++)
        strings_add(&options->targets, argv[i]);
    return check_session(options, error) && check_targets(options, error) && output_check(options, error);
}

void cli_release(struct options *options)
{
    free(options->words);
    strings_release(&options->targets);
    strings_release(&options->partners);
    strings_release(&options->inputs);
    strings_release(&options->dns_servers);
    strings_release(&options->controls);
}
