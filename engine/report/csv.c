#include "engine/report/csv.h"

#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/model/forward.h"
#include "engine/report/cell.h"
#include "engine/report/contacts_text.h"
#include "engine/report/provider.h"
#include "engine/report/summary.h"
#include "engine/report/versions.h"
#include "engine/tls/hello.h"
#include "engine/tls/suite.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* What a record is about; `host` and below only where it is about an endpoint. */
struct row {
    const struct model *model;
    const struct target *target;
    struct summary_versions versions; /* of the target */
    const struct target_host *place;
    const struct endpoint *endpoint;
    const struct facts *facts;             /* NULL when there are none */
    const struct certificate *certificate; /* likewise */
    struct judgement judgement;            /* of the endpoint */
    bool beside;
};

struct column {
    const char *name;
    void (*write)(const struct row *row, struct out *out);
};

static void give(struct out *out, char *text)
{
    cell_text(out, text);
    free(text);
}

static void give_date(struct out *out, int64_t when)
{
    char date[REPORT_DATE_SIZE];

    report_date(date, when);
    cell_text(out, date);
}

static void domain(const struct row *r, struct out *out)
{
    cell_text(out, r->target->spec.domain);
}

static void unicode(const struct row *r, struct out *out)
{
    cell_text(out, r->target->spec.unicode);
}

static void class(const struct row *r, struct out *out)
{
    cell_text(out, target_class_name(r->target->spec.class));
}

static void connector(const struct row *r, struct out *out)
{
    cell_text(out, r->target->spec.connector);
}

static void requirement(const struct row *r, struct out *out)
{
    cell_text(out, requirement_name(r->target->spec.requirement));
}

static void tls_domain(const struct row *r, struct out *out)
{
    cell_text(out, r->target->spec.tls_domain);
}

static void route(const struct row *r, struct out *out)
{
    cell_text(out, r->target->route == ROUTE_UNRESOLVED ? NULL : route_name(r->target->route));
}

static void verdict(const struct row *r, struct out *out)
{
    cell_text(out, verdict_name(r->target->judgement.verdict));
}

static void reason(const struct row *r, struct out *out)
{
    cell_text(out, judgement_reason(&r->target->judgement));
}

static void consequence(const struct row *r, struct out *out)
{
    cell_text(out, consequence_name(r->target->consequence));
}

static void explanation(const struct row *r, struct out *out)
{
    give(out, model_explain(r->model, r->target));
}

static void weakest(const struct row *r, struct out *out)
{
    cell_text(out, report_weakest(&r->versions));
}

static void strongest(const struct row *r, struct out *out)
{
    cell_text(out, report_strongest(&r->versions));
}

static void certificate_end(const struct row *r, struct out *out)
{
    give_date(out, report_first_expiry(r->target));
}

static void mail_operator(const struct row *r, struct out *out)
{
    give(out, provider_of_target(r->target));
}

static void hosts(const struct row *r, struct out *out)
{
    struct buf names;

    buf_init(&names, 0);
    for (size_t i = 0; i < r->target->host_count; i++)
        buf_printf(&names, "%s%s", i ? " " : "", r->target->hosts[i].host->key.name);
    cell_text(out, buf_string(&names));
    buf_release(&names);
}

static void owner(const struct row *r, struct out *out)
{
    cell_text(out, r->target->spec.owner);
}

static void contact(const struct row *r, struct out *out)
{
    cell_text(out, r->target->spec.contact);
}

static void contact_state(const struct row *r, struct out *out)
{
    enum contact_state state = r->target->spec.contact_state;

    cell_text(out, state == CONTACT_NONE ? NULL : contact_state_name(state));
}

static void contacts(const struct row *r, struct out *out)
{
    give(out, contacts_text(r->target));
}

static void note(const struct row *r, struct out *out)
{
    cell_text(out, r->target->spec.note);
}

static void warnings(const struct row *r, struct out *out)
{
    struct strings list = {0};

    model_warnings(r->model, r->target, &list);
    out_printf(out, "%zu", list.count);
    strings_release(&list);
}

static void message(const struct row *r, struct out *out)
{
    give(out, model_forward(r->model, r->target));
}

static void due(const struct row *r, struct out *out)
{
    char date[REPORT_DATE_SIZE];

    report_due(date, r->target);
    cell_text(out, date);
}

static const struct column domain_columns[] = {
    {"domain", domain},
    {"unicode", unicode},
    {"class", class},
    {"connector", connector},
    {"requirement", requirement},
    {"tls_domain", tls_domain},
    {"route", route},
    {"verdict", verdict},
    {"reason", reason},
    {"consequence", consequence},
    {"explanation", explanation},
    {"weakest_version", weakest},
    {"strongest_version", strongest},
    {"certificate_expiry", certificate_end},
    {"operator", mail_operator},
    {"hosts", hosts},
    {"owner", owner},
    {"contact", contact},
    {"contact_state", contact_state},
    {"note", note},
    {"warnings", warnings},
    {"message", message},
    {"due", due},
    {"contacts", contacts},
};

static void host(const struct row *r, struct out *out)
{
    cell_text(out, r->place->host->key.name);
}

static void preference(const struct row *r, struct out *out)
{
    if (r->place->preference >= 0)
        out_printf(out, "%d", r->place->preference);
}

static void beside(const struct row *r, struct out *out)
{
    cell_text(out, r->beside ? "yes" : "no");
}

static void address(const struct row *r, struct out *out)
{
    cell_text(out, r->endpoint->key.address);
}

static void port(const struct row *r, struct out *out)
{
    out_printf(out, "%u", r->endpoint->key.port);
}

static void protocol(const struct row *r, struct out *out)
{
    cell_text(out, protocol_name(r->endpoint->key.protocol));
}

static void host_operator(const struct row *r, struct out *out)
{
    give(out, provider_of_host(r->place->host));
}

static void endpoint_verdict(const struct row *r, struct out *out)
{
    cell_text(out, verdict_name(r->judgement.verdict));
}

static void endpoint_reason(const struct row *r, struct out *out)
{
    cell_text(out, judgement_reason(&r->judgement));
}

static void endpoint_explanation(const struct row *r, struct out *out)
{
    give(out, model_explain_endpoint(r->model, r->target, r->place->host, r->endpoint));
}

static void stage(const struct row *r, struct out *out)
{
    cell_text(out, stage_name(r->facts ? r->facts->stage : STAGE_QUEUED));
}

static void error(const struct row *r, struct out *out)
{
    if (r->facts && r->facts->error != PROBE_OK)
        cell_text(out, probe_error_name(r->facts->error));
}

static void error_detail(const struct row *r, struct out *out)
{
    cell_text(out, r->facts ? r->facts->error_detail : NULL);
}

static void shared_by(const struct row *r, struct out *out)
{
    out_printf(out, "%u", r->endpoint->shared_by);
}

static void starttls(const struct row *r, struct out *out)
{
    cell_text(out, starttls_state_name(r->facts ? r->facts->starttls : STARTTLS_UNKNOWN));
}

static void version_state(const struct row *r, struct out *out, enum tls_version version)
{
    cell_text(out, version_state_name(r->facts ? r->facts->versions[version].state : VERSION_NOT_TESTED));
}

static void ssl_3_0(const struct row *r, struct out *out)
{
    version_state(r, out, TLS_SSL_3_0);
}

static void tls_1_0(const struct row *r, struct out *out)
{
    version_state(r, out, TLS_1_0);
}

static void tls_1_1(const struct row *r, struct out *out)
{
    version_state(r, out, TLS_1_1);
}

static void tls_1_2(const struct row *r, struct out *out)
{
    version_state(r, out, TLS_1_2);
}

static void tls_1_3(const struct row *r, struct out *out)
{
    version_state(r, out, TLS_1_3);
}

static void tls_version(const struct row *r, struct out *out)
{
    if (r->facts && r->facts->tls)
        cell_text(out, tls_version_name(r->facts->tls_version));
}

static void cipher(const struct row *r, struct out *out)
{
    char scratch[TLS_SUITE_NAME_SIZE];

    if (r->facts && r->facts->tls && r->facts->tls_suite)
        cell_text(out, tls_suite_name(r->facts->tls_suite, scratch));
}

static void group(const struct row *r, struct out *out)
{
    if (r->facts && r->facts->tls && r->facts->tls_group)
        cell_text(out, tls_group_name(r->facts->tls_group));
}

static void subject(const struct row *r, struct out *out)
{
    cell_text(out, r->certificate ? r->certificate->subject : NULL);
}

static void issuer(const struct row *r, struct out *out)
{
    cell_text(out, r->certificate ? r->certificate->issuer : NULL);
}

static void not_before(const struct row *r, struct out *out)
{
    give_date(out, r->certificate ? r->certificate->not_before : 0);
}

static void not_after(const struct row *r, struct out *out)
{
    give_date(out, r->certificate ? r->certificate->not_after : 0);
}

static void key(const struct row *r, struct out *out)
{
    cell_text(out, r->certificate ? r->certificate->key : NULL);
}

static void signature(const struct row *r, struct out *out)
{
    cell_text(out, r->certificate ? r->certificate->signature : NULL);
}

static void sha256(const struct row *r, struct out *out)
{
    cell_text(out, r->certificate ? r->certificate->sha256 : NULL);
}

static void trusted(const struct row *r, struct out *out)
{
    cell_text(out, !r->certificate ? NULL : r->certificate->trusted ? "yes" : "no");
}

static void trust_error(const struct row *r, struct out *out)
{
    cell_text(out, r->certificate ? r->certificate->trust_error : NULL);
}

/* A form that spreadsheets take for a time. */
static void probed_at(const struct row *r, struct out *out)
{
    char text[TEXT_TIME_SIZE];

    if (!r->facts || !r->facts->probed_at)
        return;
    text_time(text, r->facts->probed_at);
    out_printf(out, "%.10s %.8s", text, text + 11);
}

static void banner(const struct row *r, struct out *out)
{
    cell_text(out, r->facts ? r->facts->banner : NULL);
}

static const struct column endpoint_columns[] = {
    {"domain", domain},
    {"class", class},
    {"connector", connector},
    {"host", host},
    {"preference", preference},
    {"beside", beside},
    {"address", address},
    {"port", port},
    {"protocol", protocol},
    {"operator", host_operator},
    {"verdict", endpoint_verdict},
    {"reason", endpoint_reason},
    {"explanation", endpoint_explanation},
    {"stage", stage},
    {"error", error},
    {"error_detail", error_detail},
    {"shared_by", shared_by},
    {"starttls", starttls},
    {"sslv3", ssl_3_0},
    {"tlsv1.0", tls_1_0},
    {"tlsv1.1", tls_1_1},
    {"tlsv1.2", tls_1_2},
    {"tlsv1.3", tls_1_3},
    {"tls_version", tls_version},
    {"cipher", cipher},
    {"group", group},
    {"certificate_subject", subject},
    {"certificate_issuer", issuer},
    {"certificate_not_before", not_before},
    {"certificate_not_after", not_after},
    {"certificate_key", key},
    {"certificate_signature", signature},
    {"certificate_sha256", sha256},
    {"certificate_trusted", trusted},
    {"certificate_trust_error", trust_error},
    {"probed_at", probed_at},
    {"banner", banner},
    {"owner", owner},
    {"contact", contact},
    {"contact_state", contact_state},
    {"due", due},
    {"note", note},
};

static void write_header(const struct column *columns, size_t count, struct out *out)
{
    out_string(out, "\xef\xbb\xbf");
    for (size_t i = 0; i < count; i++)
        out_printf(out, "%s%s", i ? "," : "", columns[i].name);
    out_string(out, "\r\n");
}

static void write_row(const struct column *columns, size_t count, const struct row *row, struct out *out)
{
    for (size_t i = 0; i < count; i++) {
        out_string(out, i ? "," : "");
        columns[i].write(row, out);
    }
    out_string(out, "\r\n");
}

void csv_domains_write(const struct model *model, const struct report_options *options, struct out *out)
{
    (void)options;
    write_header(domain_columns, COUNT(domain_columns), out);
    for (size_t i = 0; i < model_target_count(model); i++) {
        struct row row = {.model = model, .target = model_target_at(model, i)};

        if (row.target->removed)
            continue;
        row.versions = summary_of_target(row.target);
        write_row(domain_columns, COUNT(domain_columns), &row, out);
    }
}

static void write_endpoints(struct row *row, struct out *out)
{
    const struct host *of = row->place->host;

    for (size_t i = 0; i < of->endpoint_count; i++) {
        row->endpoint = of->endpoints[i];
        row->facts = row->endpoint->facts;
        row->certificate = row->facts ? row->facts->certificate : NULL;
        row->judgement = model_judge_endpoint(row->model, row->target, of, row->endpoint);
        write_row(endpoint_columns, COUNT(endpoint_columns), row, out);
    }
}

void csv_endpoints_write(const struct model *model, const struct report_options *options, struct out *out)
{
    (void)options;
    write_header(endpoint_columns, COUNT(endpoint_columns), out);
    for (size_t i = 0; i < model_target_count(model); i++) {
        struct row row = {.model = model, .target = model_target_at(model, i)};

        for (size_t h = 0; !row.target->removed && h < model_all_hosts(row.target); h++) {
            row.place = model_any_host(row.target, h);
            row.beside = h >= row.target->host_count;
            write_endpoints(&row, out);
        }
    }
}
