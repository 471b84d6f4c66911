#include "engine/report/csv.h"

#include "engine/base/buf.h"
#include "engine/base/strings.h"
#include "engine/base/words.h"
#include "engine/model/forward.h"
#include "engine/report/cell.h"
#include "engine/report/contacts_text.h"
#include "engine/report/csv_row.h"
#include "engine/report/elsewhere.h"
#include "engine/report/provider.h"

#include <stdlib.h>

void csv_give(struct out *out, char *text)
{
    cell_text(out, text);
    free(text);
}

void csv_give_date(struct out *out, int64_t when)
{
    char date[REPORT_DATE_SIZE];

    report_date(date, when);
    cell_text(out, date);
}

void csv_domain(const struct csv_row *r, struct out *out)
{
    cell_text(out, r->target->spec.domain);
}

static void unicode(const struct csv_row *r, struct out *out)
{
    cell_text(out, r->target->spec.unicode);
}

void csv_class(const struct csv_row *r, struct out *out)
{
    cell_text(out, target_class_name(r->target->spec.class));
}

void csv_connector(const struct csv_row *r, struct out *out)
{
    cell_text(out, r->target->spec.connector);
}

static void requirement(const struct csv_row *r, struct out *out)
{
    cell_text(out, requirement_name(r->target->spec.requirement));
}

static void tls_domain(const struct csv_row *r, struct out *out)
{
    cell_text(out, r->target->spec.tls_domain);
}

static void route(const struct csv_row *r, struct out *out)
{
    cell_text(out, r->target->route == ROUTE_UNRESOLVED ? NULL : route_name(r->target->route));
}

static void verdict(const struct csv_row *r, struct out *out)
{
    cell_text(out, verdict_name(r->target->judgement.verdict));
}

static void reason(const struct csv_row *r, struct out *out)
{
    cell_text(out, judgement_reason(&r->target->judgement));
}

static void consequence(const struct csv_row *r, struct out *out)
{
    cell_text(out, consequence_name(r->target->consequence));
}

static void explanation(const struct csv_row *r, struct out *out)
{
    csv_give(out, model_explain(r->model, r->target));
}

static void weakest(const struct csv_row *r, struct out *out)
{
    cell_text(out, report_weakest(&r->versions));
}

static void strongest(const struct csv_row *r, struct out *out)
{
    cell_text(out, report_strongest(&r->versions));
}

static void certificate_end(const struct csv_row *r, struct out *out)
{
    csv_give_date(out, report_first_expiry(r->target));
}

static void mail_operator(const struct csv_row *r, struct out *out)
{
    csv_give(out, provider_of_target(r->target));
}

static void hosts(const struct csv_row *r, struct out *out)
{
    struct buf names;

    buf_init(&names, 0);
    for (size_t i = 0; i < r->target->host_count; i++)
        buf_printf(&names, "%s%s", i ? " " : "", r->target->hosts[i].host->key.name);
    cell_text(out, buf_string(&names));
    buf_release(&names);
}

void csv_owner(const struct csv_row *r, struct out *out)
{
    cell_text(out, r->target->spec.owner);
}

void csv_contact(const struct csv_row *r, struct out *out)
{
    cell_text(out, r->target->spec.contact);
}

void csv_contact_state(const struct csv_row *r, struct out *out)
{
    enum contact_state state = r->target->spec.contact_state;

    cell_text(out, state == CONTACT_NONE ? NULL : contact_state_name(state));
}

static void contacts(const struct csv_row *r, struct out *out)
{
    csv_give(out, contacts_text(r->target));
}

void csv_note(const struct csv_row *r, struct out *out)
{
    cell_text(out, r->target->spec.note);
}

static void warnings(const struct csv_row *r, struct out *out)
{
    struct strings list = {0};

    model_warnings(r->model, r->target, &list);
    out_printf(out, "%zu", list.count);
    strings_release(&list);
}

static void message(const struct csv_row *r, struct out *out)
{
    csv_give(out, model_forward(r->model, r->target));
}

void csv_due(const struct csv_row *r, struct out *out)
{
    char date[REPORT_DATE_SIZE];

    report_due(date, r->target);
    cell_text(out, date);
}

static void elsewhere(const struct csv_row *r, struct out *out)
{
    struct strings lines = {0};

    elsewhere_of_target(r->target, &lines);
    csv_give(out, elsewhere_joined(&lines));
    strings_release(&lines);
}

static const struct csv_column domain_columns[] = {
    {"domain", csv_domain},
    {"unicode", unicode},
    {"class", csv_class},
    {"connector", csv_connector},
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
    {"owner", csv_owner},
    {"contact", csv_contact},
    {"contact_state", csv_contact_state},
    {"note", csv_note},
    {"warnings", warnings},
    {"message", message},
    {"due", csv_due},
    {"contacts", contacts},
    {"elsewhere", elsewhere},
};

void csv_write_header(const struct csv_column *columns, size_t count, struct out *out)
{
    out_string(out, "\xef\xbb\xbf");
    for (size_t i = 0; i < count; i++)
        out_printf(out, "%s%s", i ? "," : "", columns[i].name);
    out_string(out, "\r\n");
}

void csv_write_row(const struct csv_column *columns, size_t count, const struct csv_row *row, struct out *out)
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
    csv_write_header(domain_columns, COUNT(domain_columns), out);
    for (size_t i = 0; i < model_target_count(model); i++) {
        struct csv_row row = {.model = model, .target = model_target_at(model, i)};

        if (row.target->removed)
            continue;
        row.versions = summary_of_target(row.target);
        csv_write_row(domain_columns, COUNT(domain_columns), &row, out);
    }
}
