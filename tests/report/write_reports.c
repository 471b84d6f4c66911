/* write_reports FOLDER: writes sample.FORMAT, empty.FORMAT, hostile.FORMAT, large.FORMAT, many.FORMAT,
 * partners.FORMAT and endless.FORMAT for each format of reports into FOLDER, of the test models;
 * hostile.letters and diff.FORMAT, letters and a comparison of hostile ones. */
#include "engine/base/mem.h"
#include "engine/model/fixture.h"
#include "engine/report/compare_write.h"
#include "engine/report/format.h"
#include "engine/report/letters.h"
#include "engine/report/sample.h"
#include "engine/smtp/transcript.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const suffixes[] = {"json", "jsonl", "csv", "endpoints.csv", "md", "html"};

#define ENDLESS 40000

/* Whatever means something in one of the formats. */
static const char evil[] =
    "</td></script><script>alert(1)</script><img src=x onerror=alert(2)> \"'&amp; | `x` ``y "
    "[a](javascript:alert(3)) ![b](http://evil.example/b.png) <http://evil.example> "
    "http://evil.example www.evil.example *b* _i_ ~s~ # h\n\n# heading\n\n- item\n---\n"
    "=1+1,\"x\"\r\n\x1b[31m\xff\xe2\x80\xae --> ]]> {{x}} \\";

/* A text that anyone may have written: `words` behind `start`. */
static char *after(const char *start, const char *words)
{
    return mem_format("%s%s", start, words);
}

static void replace(char **text, char *with)
{
    free(*text);
    *text = with;
}

/* Whatever a server says of itself. */
static struct facts *said_facts(const char *words)
{
    struct facts *facts = fixture_facts("aarrr");
    struct certificate *certificate = fixture_certificate("a.example", false, -3);

    fixture_handshake(facts, TLS_1_0, 0xc014, true);
    facts->banner = after("220 ", words);
    strings_give(&facts->ehlo, after("AUTH ", words));
    facts->error_detail = after("", words);
    facts->handshake_error = after("", words);
    transcript_give(&facts->transcript, SAID_BY_SERVER, after("220 ", words));
    replace(&certificate->subject, after("CN=", words));
    replace(&certificate->issuer, after("CN=", words));
    replace(&certificate->trust_error, after("", words));
    replace(&certificate->common_name, after("", words));
    replace(&certificate->key, after("", words));
    strings_give(&certificate->names, after("", words));
    facts->certificate = certificate;
    strings_add(&facts->warnings, words);
    strings_give(&facts->warnings, after("from elsewhere at 2026-11-18T11:06:40Z: ", words));
    return facts;
}

static void add_past(struct target *target)
{
    model_restore_past(
        target, &(struct past){{VERDICT_READY, REASON_ALL_READY, PROBE_OK}, FIXTURE_NOW - 17 * FIXTURE_DAY});
    model_restore_past(target, &(struct past){{VERDICT_NOT_READY, REASON_VERSION_BELOW_FLOOR, PROBE_OK},
                                              FIXTURE_NOW - 2 * FIXTURE_DAY});
}

static void add_connectors(struct target_spec *spec, const char *words)
{
    char *copy = mem_string(words);
    const struct connector_ref other = {
        .name = copy, .source = copy, .match = MATCH_WILDCARD, .pattern = copy};
    const struct expectation inbound = {.connector = copy, .source = copy, .sender_domain = copy};

    spec->source = mem_string(words);
    spec->match = MATCH_RULE;
    spec->pattern = mem_string(words);
    strings_add(&spec->remarks, words);
    target_spec_add_other(spec, &other);
    target_spec_add_inbound(spec, &inbound);
    free(copy);
}

static struct target *add_partner(struct model *model, const char *words, const char *connector)
{
    struct target_spec spec;
    struct target *target;

    target_spec_init(&spec);
    spec.domain = mem_string("a.example");
    spec.unicode = mem_string("a.example");
    spec.class = CLASS_PARTNER;
    spec.requirement = REQUIREMENT_NAME;
    spec.tls_domain = mem_string(words);
    spec.connector = mem_string(connector);
    add_connectors(&spec, words);
    target = model_add(model, &spec, NULL);
    target_spec_release(&spec);
    return target;
}

/* Of one partner everything that someone else writes is these words. */
static struct model *said_model(const char *words, const char *connector)
{
    struct model *model = fixture_model("exchange-online");
    struct target *target = add_partner(model, words, connector);

    model_set_notes(
        model, target,
        &(struct target_notes){
            .note = words, .owner = words, .contact = words, .state = CONTACT_FIXED, .due = 20454});
    fixture_route(model, target, ROUTE_MX, DNS_OK, "10 mx.a.example");
    strings_add(&target->warnings, words);
    fixture_addresses(model, "mx.a.example", DNS_OK, "192.0.2.1");
    fixture_probed(model, "mx.a.example", "192.0.2.1", said_facts(words));
    add_past(target);
    return model;
}

static struct model *hostile_model(void)
{
    return said_model(evil, evil);
}

/* Words without an end or a place to break them. */
static struct model *endless_model(void)
{
    char *words = mem_alloc(ENDLESS + 1);
    struct model *model;

    memset(words, 'W', ENDLESS);
    model = said_model(words, words);
    free(words);
    return model;
}

static void add_domain(struct model *model, unsigned number, const char *versions)
{
    bool partner = number < 2, dark = strcmp(versions, "-----") == 0;
    char *domain = mem_format("d%u.example", number);
    char *address = mem_format("192.0.%u.%u", number >> 8, number & 255);
    struct facts *facts = fixture_facts(versions);

    facts->error = dark ? PROBE_CONNECT_TIMEOUT : PROBE_OK;
    facts->stage = dark ? STAGE_CONNECT : STAGE_DONE;
    fixture_simple(model, domain, partner ? CLASS_PARTNER : CLASS_OPPORTUNISTIC,
                   partner ? REQUIREMENT_ENCRYPTION : REQUIREMENT_NONE, address, facts);
    free(domain);
    free(address);
}

/* More than the HTML page lists: in each ten one falls short and one was not reached; two are partners. */
static struct model *large_model(void)
{
    struct model *model = fixture_model("tls1.2");

    for (unsigned i = 0; i < 1200; i++)
        add_domain(model, i, i % 10 == 5 ? "-----" : i % 10 == 3 ? "rarrr" : "rrraa");
    return model;
}

/* More who fall short than stand in one lot. */
static struct model *many_model(void)
{
    struct model *model = fixture_model("tls1.2");

    for (unsigned i = 0; i < 1001; i++)
        add_domain(model, i, i % 2 ? "rrraa" : "rarrr");
    return model;
}

/* More partners than paper has room for: each fourth falls short. The last ones are another connector's, and
 * the very last one needs a certificate, which ends soon. */
static struct model *partners_model(void)
{
    struct model *model = fixture_model("tls1.2");
    struct facts *facts = fixture_facts("rrraa");

    for (unsigned i = 0; i < 1300; i++) {
        char *domain = mem_format("p%04u.example", i);
        char *address = mem_format("192.0.%u.%u", i >> 8, i & 255);
        struct target *target;

        fixture_simple(model, domain, CLASS_PARTNER, REQUIREMENT_ENCRYPTION, address,
                       fixture_facts(i % 4 || i >= 1290 ? "rrraa" : "rarrr"));
        target = model_target_at(model, i);
        replace(&target->spec.connector, mem_string(i < 1290 ? "To all" : "To the last"));
        free(address);
        free(domain);
    }
    facts->certificate = fixture_certificate("mx.soon.example", true, 10);
    fixture_simple(model, "soon.example", CLASS_PARTNER, REQUIREMENT_CHAIN, "192.0.2.200", facts);
    return model;
}

/* Letters to whoever one is due to, in NAME.letters. */
static bool write_letters(const char *folder, const char *name, const struct model *model)
{
    char *path = mem_format("%s/%s.letters", folder, name), *error = NULL;
    struct letter *letter = letter_builtin();
    size_t count = 0;
    bool ok = letters_write(letter, model, evil, path, &count, &error);

    if (!ok)
        fprintf(stderr, "%s\n", error);
    free(error);
    letter_free(letter);
    free(path);
    return ok && count;
}

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

/* What became of quiet words: in every format of comparisons. */
static bool write_diffs(const char *folder)
{
    struct model *before = said_model("quiet", evil), *after = hostile_model();
    const struct compare_options options = {
        evil, model_baseline(after), evil, {evil, evil, 1, 2, true}, {evil, evil, 3, 4, true}};
    struct comparison comparison;
    bool ok;

    compare_models(before, after, &comparison);
    ok = write_text(folder, "diff.txt", compare_text(&comparison, &options)) &&
         write_text(folder, "diff.md", compare_markdown(&comparison, &options)) &&
         write_text(folder, "diff.json", compare_json(&comparison, &options)) &&
         write_text(folder, "diff.csv", compare_csv(&comparison));
    comparison_release(&comparison);
    model_free(before);
    model_free(after);
    return ok;
}

static bool write_all(const char *folder, const char *name, struct model *model, const char *selection)
{
    struct report_options options = sample_options();
    bool ok = true;

    options.selection = selection;
    options.selected_of = 41;
    for (size_t i = 0; ok && i < sizeof suffixes / sizeof *suffixes; i++) {
        char *path = mem_format("%s/%s.%s", folder, name, suffixes[i]), *error = NULL;

        ok = report_save(path, report_format_of(path), model, &options, &error);
        if (!ok)
            fprintf(stderr, "%s\n", error);
        free(error);
        free(path);
    }
    if (ok && strcmp(name, "hostile") == 0)
        ok = write_letters(folder, name, model);
    model_free(model);
    return ok;
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    return write_all(argv[1], "sample", sample_model(), NULL) &&
                   write_all(argv[1], "empty", fixture_model("tls1.3"), NULL) &&
                   write_all(argv[1], "hostile", hostile_model(), evil) &&
                   write_all(argv[1], "large", large_model(), "is:problem class:partner") &&
                   write_all(argv[1], "many", many_model(), NULL) &&
                   write_all(argv[1], "partners", partners_model(), NULL) &&
                   write_all(argv[1], "endless", endless_model(), NULL) && write_diffs(argv[1])
               ? 0
               : 1;
}
