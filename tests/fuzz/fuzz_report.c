/* Reports in JSON and JSONL: whatever the bytes are, they are refused with one sentence, or read as a session
 * that is reported, and whose report is read and reported again as it is. */
#include "engine/base/mem.h"
#include "engine/report/read.h"
#include "engine/report/report.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static char *read_and_report(const void *bytes, size_t length, int64_t now, char **lines)
{
    int descriptor = memfd_create("report", MFD_CLOEXEC);
    char *path = mem_format("/proc/self/fd/%d", descriptor), *error = NULL, *text = NULL;
    struct report_about about;
    struct model *model;

    if (descriptor < 0 || write(descriptor, bytes, length) != (ssize_t)length)
        abort();
    model = report_read(path, &about, &error);
    if (!model != !!error || (error && (strncmp(error, path, strlen(path)) != 0 || strchr(error, '\n'))))
        abort();
    if (model) {
        const struct report_options options = {.generator = "fuzz",
                                               .vantage = about.vantage,
                                               .started_at = about.started_at,
                                               .finished_at = about.finished_at,
                                               .complete = about.complete,
                                               .options = about.options};

        model_set_now(model, now);
        text = report_json(model, &options);
        *lines = report_jsonl(model, NULL);
    }
    report_about_release(&about);
    model_free(model);
    close(descriptor);
    free(error);
    free(path);
    return text;
}

static void same_again(const char *from, const char *text, const char *lines, bool is_lines, int64_t now)
{
    char *lines_again = NULL, *again = read_and_report(from, strlen(from), now, &lines_again);

    if (!again || strcmp(lines_again, lines) != 0 || (!is_lines && strcmp(again, text) != 0))
        abort();
    free(again);
    free(lines_again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    int64_t now = (int64_t)time(NULL);
    char *lines = NULL, *text = read_and_report(bytes, length, now, &lines);

    if (!text)
        return 0;
    same_again(text, text, lines, false, now);
    if (*lines)
        same_again(lines, text, lines, true, now);
    free(text);
    free(lines);
    return 0;
}
