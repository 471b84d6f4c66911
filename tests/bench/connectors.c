/* How long 100,000 connectors take to read, and how much memory: all properties that an export has, made
 * here, each format by itself. Run with -c opt; prints a line a format. */
#include "engine/base/buf.h"
#include "engine/base/mem.h"
#include "engine/input/input.h"
#include "tests/bench/figure_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COUNT 100000u

/* Name and value as JSON, but for the first five, which differ by record. */
static const char *const rest[][2] = {
    {"UseMXRecord", "false"},
    {"Comment", "\"\""},
    {"ConnectorType", "\"Partner\""},
    {"ConnectorSource", "\"AdminUI\""},
    {"TlsSettings", "\"DomainValidation\""},
    {"Enabled", "true"},
    {"IsTransportRuleScoped", "false"},
    {"RouteAllMessagesViaOnPremises", "false"},
    {"CloudServicesMailEnabled", "false"},
    {"AllAcceptedDomains", "false"},
    {"SenderRewritingEnabled", "false"},
    {"MtaStsMode", "\"Opportunistic\""},
    {"SmtpDaneMode", "\"Opportunistic\""},
    {"TestMode", "false"},
    {"ValidationRecipients", "null"},
    {"IsValidated", "false"},
    {"LastValidationTimestamp", "null"},
    {"AdminDisplayName", "\"\""},
    {"ExchangeVersion", "\"0.1 (8.0.535.0)\""},
    {"WhenChanged", "\"2026-07-24T20:59:12.0000000+02:00\""},
    {"WhenCreated", "\"2026-07-24T20:59:12.0000000+02:00\""},
    {"WhenChangedUTC", "\"2026-07-24T18:59:12.0000000Z\""},
    {"WhenCreatedUTC", "\"2026-07-24T18:59:12.0000000Z\""},
    {"ObjectState", "\"Unchanged\""},
    {"LinkForModifiedConnector", "\"00000000-0000-0000-0000-000000000000\""},
    {"IsValid", "true"},
};

#define REST (sizeof rest / sizeof rest[0])

static void write_json(struct buf *out)
{
    unsigned i;
    size_t f;

    buf_add_string(out, "[\n");
    for (i = 0; i < COUNT; i++) {
        buf_printf(out,
                   "  {\n    \"Name\": \"To partner %u\",\n    \"Identity\": \"To partner %u\",\n"
                   "    \"Guid\": \"0a1b2c3d-0000-4000-8000-%012u\",\n    \"RecipientDomains\": [\n"
                   "      \"partner%u.example\"\n    ],\n    \"SmartHosts\": [\n      "
                   "\"gw.partner%u.example\"\n    ],\n"
                   "    \"TlsDomain\": \"gw.partner%u.example\"",
                   i, i, i, i, i, i);
        for (f = 0; f < REST; f++)
            buf_printf(out, ",\n    \"%s\": %s", rest[f][0], rest[f][1]);
        buf_printf(out, "\n  }%s\n", i + 1 < COUNT ? "," : "");
    }
    buf_add_string(out, "]\n");
}

/* As Windows PowerShell's > writes it. */
static void write_wide(struct buf *out)
{
    struct buf text;
    size_t i;

    buf_init(&text, 0);
    write_json(&text);
    buf_add(out, "\xff\xfe", 2);
    for (i = 0; i < text.length; i++) {
        buf_u8(out, text.bytes[i]);
        buf_u8(out, 0);
    }
    buf_release(&text);
}

/* The JSON value as PowerShell's other formats print it. */
static char *plain(const char *value)
{
    if (strcmp(value, "null") == 0 || strcmp(value, "\"\"") == 0)
        return mem_string("");
    if (*value == '"')
        return mem_string_n(value + 1, strlen(value) - 2);
    return mem_string(*value == 't' ? "True" : "False");
}

static void write_csv(struct buf *out)
{
    unsigned i;
    size_t f;

    buf_add_string(out, "\"Name\",\"Identity\",\"Guid\",\"RecipientDomains\",\"SmartHosts\",\"TlsDomain\"");
    for (f = 0; f < REST; f++)
        buf_printf(out, ",\"%s\"", rest[f][0]);
    for (i = 0; i < COUNT; i++) {
        buf_printf(
            out,
            "\r\n\"To partner %u\",\"To partner %u\",\"0a1b2c3d-0000-4000-8000-%012u\",\"partner%u.example\","
            "\"gw.partner%u.example\",\"gw.partner%u.example\"",
            i, i, i, i, i, i);
        for (f = 0; f < REST; f++) {
            char *text = plain(rest[f][1]);

            buf_printf(out, ",\"%s\"", text);
            free(text);
        }
    }
    buf_add_string(out, "\r\n");
}

static void write_list(struct buf *out)
{
    unsigned i;
    size_t f;

    for (i = 0; i < COUNT; i++) {
        buf_printf(out,
                   "\r\nName                          : To partner %u\r\nIdentity                      : To "
                   "partner %u\r\n"
                   "Guid                          : 0a1b2c3d-0000-4000-8000-%012u\r\n"
                   "RecipientDomains              : {partner%u.example}\r\n"
                   "SmartHosts                    : {gw.partner%u.example}\r\n"
                   "TlsDomain                     : gw.partner%u.example\r\n",
                   i, i, i, i, i, i);
        for (f = 0; f < REST; f++) {
            char *text = plain(rest[f][1]);

            buf_printf(out, "%-30s: %s\r\n", rest[f][0], text);
            free(text);
        }
    }
    buf_add_string(out, "\r\n\r\n");
}

static void write_xml(struct buf *out)
{
    unsigned i;
    size_t f;

    buf_add_string(
        out, "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">\r\n");
    for (i = 0; i < COUNT; i++) {
        buf_printf(out,
                   "  <Obj RefId=\"%u\">\r\n    <ToString>To partner %u</ToString>\r\n    <Props>\r\n"
                   "      <S N=\"Name\">To partner %u</S>\r\n      <G "
                   "N=\"Guid\">0a1b2c3d-0000-4000-8000-%012u</G>\r\n"
                   "      <Obj N=\"RecipientDomains\" RefId=\"%u\">\r\n        "
                   "<LST><S>partner%u.example</S></LST></Obj>\r\n"
                   "      <Obj N=\"SmartHosts\" RefId=\"%u\">\r\n        "
                   "<LST><S>gw.partner%u.example</S></LST></Obj>\r\n"
                   "      <S N=\"TlsDomain\">gw.partner%u.example</S>\r\n",
                   3 * i, i, i, i, 3 * i + 1, i, 3 * i + 2, i, i);
        for (f = 0; f < REST; f++) {
            char *text = plain(rest[f][1]);
            bool flag = *rest[f][1] == 't' || *rest[f][1] == 'f';

            if (flag)
                buf_printf(out, "      <B N=\"%s\">%s</B>\r\n", rest[f][0], rest[f][1]);
            else
                buf_printf(out, "      <S N=\"%s\">%s</S>\r\n", rest[f][0], text);
            free(text);
        }
        buf_add_string(out, "    </Props>\r\n  </Obj>\r\n");
    }
    buf_add_string(out, "</Objs>\r\n");
}

static double seconds(const struct timespec *from, const struct timespec *to)
{
    return (double)(to->tv_sec - from->tv_sec) + (double)(to->tv_nsec - from->tv_nsec) / 1e9;
}

static void tell(const char *format, double time, double mib)
{
    char *name = mem_format("files.read-%s", format), *memory = mem_format("files.read-%s-peak", format);

    figure_line(name, "s", 0, time);
    figure_line(memory, "MiB", 0, mib);
    free(memory);
    free(name);
}

static int read_it(const char *name, const char *path, size_t length)
{
    struct timespec from, to;
    struct input input = {0};
    struct rusage usage;
    char *error = NULL;

    clock_gettime(CLOCK_MONOTONIC, &from);
    if (!input_read_file(path, &input, &error)) {
        fprintf(stderr, "%s\n", error);
        free(error);
        return 1;
    }
    input_finish(&input);
    clock_gettime(CLOCK_MONOTONIC, &to);
    getrusage(RUSAGE_SELF, &usage);
    printf("%-11s %5.1f MB: %6.3f s, %4ld MiB at most, %zu targets, %zu notes, %zu problems\n", name,
           (double)length / 1e6, seconds(&from, &to), usage.ru_maxrss / 1024, input.count, input.notes.count,
           input.problem_count);
    tell(name, seconds(&from, &to), (double)usage.ru_maxrss / 1024);
    return input.count == COUNT && !input.problem_count ? 0 : 1;
}

/* Reads in a process of its own, whose peak memory is that of reading. */
static int measure(const char *name, void (*write_text)(struct buf *out))
{
    char path[] = "/tmp/mxscope-connectors.XXXXXX";
    int file = mkstemp(path), status = 1;
    size_t length = 0;
    pid_t child = fork();

    if (!child) {
        struct buf text;

        buf_init(&text, 0);
        write_text(&text);
        length = write(file, text.bytes, text.length) == (ssize_t)text.length ? text.length : 0;
        _exit(length ? 0 : 1);
    }
    waitpid(child, &status, 0);
    length = (size_t)lseek(file, 0, SEEK_END);
    child = status ? -1 : fork();
    if (!child) {
        status = read_it(name, path, length);
        fflush(stdout);
        _exit(status);
    }
    if (child > 0)
        waitpid(child, &status, 0);
    close(file);
    unlink(path);
    return status ? 1 : 0;
}

int main(void)
{
    int failed = 0;

    setvbuf(stdout, NULL, _IOLBF, 0);
    failed |= measure("JSON", write_json);
    failed |= measure("JSON-UTF-16", write_wide);
    failed |= measure("CSV", write_csv);
    failed |= measure("Format-List", write_list);
    failed |= measure("CLIXML", write_xml);
    return failed;
}
