/* write_sample FOLDER: writes sample.json, sample.jsonl, empty.json (reports of test models) and words.json
 * (the word lists of engine/base/words.h, by definition of the schema) into FOLDER. */
#include "engine/base/mem.h"
#include "engine/model/fixture.h"
#include "engine/report/sample.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool write_text(const char *folder, const char *name, char *text)
{
    char *path = mem_format("%s/%s", folder, name), *error = NULL;
    bool ok = report_write(path, text, &error);

    if (!ok)
        fprintf(stderr, "%s\n", error);
    free(error);
    free(path);
    free(text);
    return ok;
}

static bool write_reports(const char *folder)
{
    struct model *sample = sample_model(), *empty = fixture_model("tls1.3");
    struct report_options options = sample_options();
    bool ok = write_text(folder, "sample.json", report_json(sample, &options)) &&
              write_text(folder, "sample.jsonl", report_jsonl(sample)) &&
              write_text(folder, "empty.json", report_json(empty, &options));

    model_free(sample);
    model_free(empty);
    return ok;
}

#define NAME(code, name, title) name,

struct list {
    const char *definition;
    const char *words[32]; /* the rest is NULL */
    const char *without;   /* names that JSON never shows, space on both sides */
};

static const struct list lists[] = {
    {"class", {WORDS_CLASS(NAME)}, ""},
    {"requirement", {WORDS_REQUIREMENT(NAME)}, ""},
    {"match", {WORDS_MATCH(NAME)}, " none "},
    {"route", {WORDS_ROUTE(NAME)}, " unresolved "},
    {"dns_status", {WORDS_DNS(NAME)}, ""},
    {"record_type", {WORDS_RECORD(NAME)}, ""},
    {"protocol", {WORDS_PROTOCOL(NAME)}, ""},
    {"stage", {WORDS_STAGE(NAME)}, ""},
    {"error", {WORDS_PROBE_ERROR(NAME)}, " ok "},
    {"starttls", {WORDS_STARTTLS(NAME)}, ""},
    {"injection", {WORDS_INJECTION(NAME)}, ""},
    {"version_state", {WORDS_VERSION_STATE(NAME)}, ""},
    {"verdict", {WORDS_VERDICT(NAME)}, ""},
    {"reason", {WORDS_REASON(NAME)}, " none floor-met probe-error "},
    {"consequence", {WORDS_CONSEQUENCE(NAME)}, ""},
};

static bool left_out(const struct list *list, const char *word)
{
    char *bounded = mem_format(" %s ", word);
    bool found = strstr(list->without, bounded) != NULL;

    free(bounded);
    return found;
}

static bool write_words(const char *folder)
{
    json_t *root = json_object();
    size_t i, w;
    char *text;

    for (i = 0; i < sizeof lists / sizeof *lists; i++) {
        json_t *words = json_array();

        for (w = 0; lists[i].words[w]; w++)
            if (!left_out(&lists[i], lists[i].words[w]))
                json_array_append_new(words, json_string(lists[i].words[w]));
        json_object_set_new(root, lists[i].definition, words);
    }
    text = json_dumps(root, 0);
    json_decref(root);
    return write_text(folder, "words.json", text);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    return write_reports(argv[1]) && write_words(argv[1]) ? 0 : 1;
}
