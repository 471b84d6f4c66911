/* write_reports FOLDER: writes sample.FORMAT, empty.FORMAT, hostile.FORMAT, large.FORMAT, many.FORMAT and
 * partners.FORMAT for each format of reports into FOLDER, of the test models. */
#include "engine/base/mem.h"
#include "engine/model/fixture.h"
#include "engine/report/format.h"
#include "engine/report/sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const suffixes[] = {"json", "csv", "endpoints.csv", "md", "html"};

/* Whatever means something in one of the formats. */
static const char evil[] =
    "</td></script><script>alert(1)</script><img src=x onerror=alert(2)> \"'&amp; | `x` ``y "
    "[a](javascript:alert(3)) ![b](http://evil.example/b.png) <http://evil.example> "
    "http://evil.example www.evil.example *b* _i_ ~s~ # h\n\n# heading\n\n- item\n---\n"
    "=1+1,\"x\"\r\n\x1b[31m\xff\xe2\x80\xae --> ]]> {{x}} \\";

static char *evil_after(const char *start)
{
    return mem_format("%s%s", start, evil);
}

static struct facts *evil_facts(void)
{
    struct facts *facts = fixture_facts("aarrr");

    fixture_handshake(facts, TLS_1_0, 0xc014, true);
    facts->banner = evil_after("220 ");
    facts->error_detail = evil_after("");
    facts->certificate = fixture_certificate("a.example", false, -3);
    free(facts->certificate->subject);
    free(facts->certificate->issuer);
    free(facts->certificate->trust_error);
    facts->certificate->subject = evil_after("CN=");
    facts->certificate->issuer = evil_after("CN=");
    facts->certificate->trust_error = evil_after("");
    strings_add(&facts->warnings, evil);
    return facts;
}

static void add_past(struct target *target)
{
    model_restore_past(
        target, &(struct past){{VERDICT_READY, REASON_ALL_READY, PROBE_OK}, FIXTURE_NOW - 17 * FIXTURE_DAY});
    model_restore_past(target, &(struct past){{VERDICT_NOT_READY, REASON_VERSION_BELOW_FLOOR, PROBE_OK},
                                              FIXTURE_NOW - 2 * FIXTURE_DAY});
}

static struct model *hostile_model(void)
{
    struct model *model = fixture_model("exchange-online");
    struct target *target = fixture_target(model, "a.example", CLASS_PARTNER, REQUIREMENT_NAME);

    target->spec.connector = evil_after("");
    target->spec.owner = evil_after("");
    target->spec.tls_domain = evil_after("");
    model_set_notes(model, target,
                    &(struct target_notes){
                        .note = evil, .owner = evil, .contact = evil, .state = CONTACT_FIXED, .due = 20454});
    fixture_route(model, target, ROUTE_MX, DNS_OK, "10 mx.a.example");
    fixture_addresses(model, "mx.a.example", DNS_OK, "192.0.2.1");
    fixture_probed(model, "mx.a.example", "192.0.2.1", evil_facts());
    add_past(target);
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

/* More partners than paper has room for: each fourth falls short. The last ones are another connector's. */
static struct model *partners_model(void)
{
    struct model *model = fixture_model("tls1.2");

    for (unsigned i = 0; i < 1300; i++) {
        char *domain = mem_format("p%04u.example", i);
        char *address = mem_format("192.0.%u.%u", i >> 8, i & 255);
        struct target *target;

        fixture_simple(model, domain, CLASS_PARTNER, REQUIREMENT_ENCRYPTION, address,
                       fixture_facts(i % 4 || i >= 1290 ? "rrraa" : "rarrr"));
        target = model_target_at(model, i);
        target->spec.connector = mem_string(i < 1290 ? "To all" : "To the last");
        free(address);
        free(domain);
    }
    return model;
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
                   write_all(argv[1], "partners", partners_model(), NULL)
               ? 0
               : 1;
}
