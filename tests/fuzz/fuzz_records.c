#include "engine/base/buf.h"
#include "engine/input/clixml.h"
#include "engine/input/encoding.h"
#include "engine/input/export_csv.h"
#include "engine/input/format_list.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* Every item of every field is read, and stopping means stopping. */
static void take(void *context, const struct record *record)
{
    size_t i, j, sum = 0;

    if (*(bool *)context)
        abort();
    for (i = 0; i < record->count; i++) {
        sum += strlen(record_name(record, &record->fields[i]));
        for (j = 0; j < record->fields[i].count; j++)
            sum += strlen(record_text(record, &record->fields[i], j));
    }
    if (sum > record->text.length || (record->count && !record->number))
        abort();
}

static void wrong(void *context, unsigned line, size_t number, const char *why)
{
    (void)line;
    if (*(bool *)context || !*why)
        abort();
    *(bool *)context = !number;
}

static void read_with(void (*read)(const char *, const struct record_sink *), const char *text)
{
    bool stopped = false;
    const struct record_sink sink = {&stopped, take, wrong};

    read(text, &sink);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct buf text;
    char *error = NULL;

    buf_init(&text, 0);
    buf_add(&text, bytes, length);
    if (encoding_to_utf8(&text, &error)) {
        export_csv_detect(buf_string(&text));
        format_list_detect(buf_string(&text));
        format_table_detect(buf_string(&text));
        clixml_detect(buf_string(&text));
        read_with(export_csv_read, buf_string(&text));
        read_with(format_list_read, buf_string(&text));
        read_with(clixml_read, buf_string(&text));
    }
    free(error);
    buf_release(&text);
    return 0;
}
