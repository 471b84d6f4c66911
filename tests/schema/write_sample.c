/* write_sample FOLDER: writes sample.json, sample.jsonl, empty.json (reports of test models), diff.json and
 * same.json (what became of one, and of nothing) and words.json
 * (the word lists of engine/base/words.h, by definition of the schema) into FOLDER. */
#include "engine/base/mem.h"
#include "engine/model/fixture.h"
#include "engine/report/compare_write.h"
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
    bool ok = write_text(folder, "empty.json", report_json(empty, &options));

    options.selection = "class:partner";
    options.selected_of = 41;
    ok = ok && write_text(folder, "sample.json", report_json(sample, &options)) &&
         write_text(folder, "sample.jsonl", report_jsonl(sample, &options));
    model_free(sample);
    model_free(empty);
    return ok;
}

/* One regressed and changed its certificate, one is gone, one came, one can't be reached any more. */
static struct model *later_model(void)
{
    struct model *model = fixture_model("exchange-online");
    struct facts *facts = fixture_facts("rarrr"), *dead = fixture_facts("-----");

    facts->certificate = fixture_certificate("mx.contoso.com", true, 10);
    dead->error = PROBE_CONNECT_TIMEOUT;
    dead->stage = STAGE_CONNECT;
    fixture_simple(model, "contoso.com", CLASS_PARTNER, REQUIREMENT_ENCRYPTION, "192.0.2.1", facts);
    fixture_simple(model, "litware.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION, "192.0.2.3", dead);
    fixture_simple(model, "new.example", CLASS_OPPORTUNISTIC, REQUIREMENT_NONE, "192.0.2.4",
                   fixture_facts("rrraa"));
    return model;
}

static struct model *earlier_model(void)
{
    struct model *model = fixture_model("tls1.3");
    struct facts *facts = fixture_facts("rrraa");

    facts->certificate = fixture_certificate("mx.contoso.com", true, 90);
    facts->certificate->sha256[0] = 'e';
    fixture_simple(model, "contoso.com", CLASS_PARTNER, REQUIREMENT_ENCRYPTION, "192.0.2.1", facts);
    fixture_simple(model, "litware.example", CLASS_PARTNER, REQUIREMENT_ENCRYPTION, "192.0.2.3",
                   fixture_facts("rrraa"));
    fixture_simple(model, "gone.example", CLASS_RELAY, REQUIREMENT_ENCRYPTION, "192.0.2.5",
                   fixture_facts("rrraa"));
    return model;
}

static bool write_diff(const char *folder, const char *name, const struct model *before,
                       const struct model *after)
{
    const struct compare_options options = {"mxscope 0.1.0",
                                            model_baseline(after),
                                            before == after ? NULL : "tls1.3",
                                            {"old.mxscope", "a.example", FIXTURE_NOW, 0, false},
                                            {"new.mxscope", NULL, FIXTURE_NOW, FIXTURE_NOW, true}};
    struct comparison comparison;
    char *text;

    compare_models(before, after, &comparison);
    text = compare_json(&comparison, &options);
    comparison_release(&comparison);
    return write_text(folder, name, text);
}

static bool write_diffs(const char *folder)
{
    struct model *before = earlier_model(), *after = later_model();
    bool ok;

    compare_align(before, FIXTURE_NOW, model_baseline(after));
    ok = write_diff(folder, "diff.json", before, after) && write_diff(folder, "same.json", after, after);
    model_free(before);
    model_free(after);
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
    {"check_state", {WORDS_CHECK_STATE(NAME)}, ""},
    {"contact_source", {WORDS_CONTACT_SOURCE(NAME)}, ""},
    {"change", {COMPARE_CHANGES(NAME)}, ""},
    {"fact", {COMPARE_FACTS(NAME)}, ""},
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
    return write_reports(argv[1]) && write_diffs(argv[1]) && write_words(argv[1]) ? 0 : 1;
}
