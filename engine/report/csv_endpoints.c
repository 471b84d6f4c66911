#include "engine/base/text.h"
#include "engine/base/words.h"
#include "engine/report/cell.h"
#include "engine/report/csv.h"
#include "engine/report/csv_row.h"
#include "engine/report/elsewhere.h"
#include "engine/report/provider.h"
#include "engine/tls/hello.h"
#include "engine/tls/suite.h"

static void host(const struct csv_row *r, struct out *out)
{
    cell_text(out, r->place->host->key.name);
}

static void preference(const struct csv_row *r, struct out *out)
{
    if (r->place->preference >= 0)
        out_printf(out, "%d", r->place->preference);
}

static void beside(const struct csv_row *r, struct out *out)
{
    cell_text(out, r->beside ? "yes" : "no");
}

static void address(const struct csv_row *r, struct out *out)
{
    cell_text(out, r->endpoint->key.address);
}

static void port(const struct csv_row *r, struct out *out)
{
    out_printf(out, "%u", r->endpoint->key.port);
}

static void protocol(const struct csv_row *r, struct out *out)
{
    cell_text(out, protocol_name(r->endpoint->key.protocol));
}

static void host_operator(const struct csv_row *r, struct out *out)
{
    csv_give(out, provider_of_host(r->place->host));
}

static void endpoint_verdict(const struct csv_row *r, struct out *out)
{
    cell_text(out, verdict_name(r->judgement.verdict));
}

static void endpoint_reason(const struct csv_row *r, struct out *out)
{
    cell_text(out, judgement_reason(&r->judgement));
}

static void endpoint_explanation(const struct csv_row *r, struct out *out)
{
    csv_give(out, model_explain_endpoint(r->model, r->target, r->place->host, r->endpoint));
}

static void stage(const struct csv_row *r, struct out *out)
{
    cell_text(out, stage_name(r->facts ? r->facts->stage : STAGE_QUEUED));
}

static void error(const struct csv_row *r, struct out *out)
{
    if (r->facts && r->facts->error != PROBE_OK)
        cell_text(out, probe_error_name(r->facts->error));
}

static void error_detail(const struct csv_row *r, struct out *out)
{
    cell_text(out, r->facts ? r->facts->error_detail : NULL);
}

static void shared_by(const struct csv_row *r, struct out *out)
{
    out_printf(out, "%u", r->endpoint->shared_by);
}

static void starttls(const struct csv_row *r, struct out *out)
{
    cell_text(out, starttls_state_name(r->facts ? r->facts->starttls : STARTTLS_UNKNOWN));
}

static void version_state(const struct csv_row *r, struct out *out, enum tls_version version)
{
    cell_text(out, version_state_name(r->facts ? r->facts->versions[version].state : VERSION_NOT_TESTED));
}

static void ssl_3_0(const struct csv_row *r, struct out *out)
{
    version_state(r, out, TLS_SSL_3_0);
}

static void tls_1_0(const struct csv_row *r, struct out *out)
{
    version_state(r, out, TLS_1_0);
}

static void tls_1_1(const struct csv_row *r, struct out *out)
{
    version_state(r, out, TLS_1_1);
}

static void tls_1_2(const struct csv_row *r, struct out *out)
{
    version_state(r, out, TLS_1_2);
}

static void tls_1_3(const struct csv_row *r, struct out *out)
{
    version_state(r, out, TLS_1_3);
}

static void tls_version(const struct csv_row *r, struct out *out)
{
    if (r->facts && r->facts->tls)
        cell_text(out, tls_version_name(r->facts->tls_version));
}

static void cipher(const struct csv_row *r, struct out *out)
{
    char scratch[TLS_SUITE_NAME_SIZE];

    if (r->facts && r->facts->tls && r->facts->tls_suite)
        cell_text(out, tls_suite_name(r->facts->tls_suite, scratch));
}

static void group(const struct csv_row *r, struct out *out)
{
    if (r->facts && r->facts->tls && r->facts->tls_group)
        cell_text(out, tls_group_name(r->facts->tls_group));
}

static void subject(const struct csv_row *r, struct out *out)
{
    cell_text(out, r->certificate ? r->certificate->subject : NULL);
}

static void issuer(const struct csv_row *r, struct out *out)
{
    cell_text(out, r->certificate ? r->certificate->issuer : NULL);
}

static void not_before(const struct csv_row *r, struct out *out)
{
    csv_give_date(out, r->certificate ? r->certificate->not_before : 0);
}

static void not_after(const struct csv_row *r, struct out *out)
{
    csv_give_date(out, r->certificate ? r->certificate->not_after : 0);
}

static void key(const struct csv_row *r, struct out *out)
{
    cell_text(out, r->certificate ? r->certificate->key : NULL);
}

static void signature(const struct csv_row *r, struct out *out)
{
    cell_text(out, r->certificate ? r->certificate->signature : NULL);
}

static void sha256(const struct csv_row *r, struct out *out)
{
    cell_text(out, r->certificate ? r->certificate->sha256 : NULL);
}

static void trusted(const struct csv_row *r, struct out *out)
{
    cell_text(out, !r->certificate ? NULL : r->certificate->trusted ? "yes" : "no");
}

static void trust_error(const struct csv_row *r, struct out *out)
{
    cell_text(out, r->certificate ? r->certificate->trust_error : NULL);
}

/* A form that spreadsheets take for a time. */
static void probed_at(const struct csv_row *r, struct out *out)
{
    char text[TEXT_TIME_SIZE];

    if (!r->facts || !r->facts->probed_at)
        return;
    text_time(text, r->facts->probed_at);
    out_printf(out, "%.10s %.8s", text, text + 11);
}

static void banner(const struct csv_row *r, struct out *out)
{
    cell_text(out, r->facts ? r->facts->banner : NULL);
}

static void elsewhere(const struct csv_row *r, struct out *out)
{
    struct strings lines = {0};

    elsewhere_of_endpoint(r->place->host, r->endpoint, &lines);
    csv_give(out, elsewhere_joined(&lines));
    strings_release(&lines);
}

static const struct csv_column endpoint_columns[] = {
    {"domain", csv_domain},
    {"class", csv_class},
    {"connector", csv_connector},
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
    {"owner", csv_owner},
    {"contact", csv_contact},
    {"contact_state", csv_contact_state},
    {"due", csv_due},
    {"note", csv_note},
    {"elsewhere", elsewhere},
};

static void write_endpoints(struct csv_row *row, struct out *out)
{
    const struct host *of = row->place->host;

    for (size_t i = 0; i < of->endpoint_count; i++) {
        row->endpoint = of->endpoints[i];
        row->facts = row->endpoint->facts;
        row->certificate = row->facts ? row->facts->certificate : NULL;
        row->judgement = model_judge_endpoint(row->model, row->target, of, row->endpoint);
        csv_write_row(endpoint_columns, COUNT(endpoint_columns), row, out);
    }
}

void csv_endpoints_write(const struct model *model, const struct report_options *options, struct out *out)
{
    (void)options;
    csv_write_header(endpoint_columns, COUNT(endpoint_columns), out);
    for (size_t i = 0; i < model_target_count(model); i++) {
        struct csv_row row = {.model = model, .target = model_target_at(model, i)};

        for (size_t h = 0; !row.target->removed && h < model_all_hosts(row.target); h++) {
            row.place = model_any_host(row.target, h);
            row.beside = h >= row.target->host_count;
            write_endpoints(&row, out);
        }
    }
}
