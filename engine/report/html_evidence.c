#include "engine/report/html_page.h"

#include "engine/base/words.h"
#include "engine/model/forward.h"
#include "engine/report/notices.h"
#include "engine/tls/hello.h"
#include "engine/tls/suite.h"

#include <stdlib.h>
#include <string.h>

static void write_server(struct out *out, const struct target_host *place, const struct endpoint *endpoint)
{
    out_string(out, "<td class=\"name\">");
    html_name(out, place->host->key.name);
    out_string(out, "<br><small>");
    html_text(out, endpoint->key.address);
    out_printf(out, ", port %u</small></td>", endpoint->key.port);
}

static void write_versions(struct out *out, const struct facts *facts)
{
    for (unsigned v = 0; v < TLS_VERSIONS; v++) {
        enum version_state state = facts ? facts->versions[v].state : VERSION_NOT_TESTED;
        const char *name = version_state_name(state);

        out_printf(out, "<td class=\"%s%s\">%s</td>", state == VERSION_UNKNOWN ? "state-" : "", name,
                   version_state_title(state));
    }
}

static void write_handshake(struct out *out, const struct facts *facts)
{
    char scratch[TLS_SUITE_NAME_SIZE];

    out_string(out, "<td class=\"name\">");
    if (facts && facts->tls) {
        out_string(out, tls_version_title(facts->tls_version));
        if (facts->tls_suite)
            out_printf(out, "<br><small>%s</small>", tls_suite_name(facts->tls_suite, scratch));
        if (facts->tls_group && tls_group_name(facts->tls_group))
            out_printf(out, "<br><small>%s</small>", tls_group_name(facts->tls_group));
    }
    out_string(out, "</td>");
}

static void write_certificate(struct out *out, const struct certificate *certificate)
{
    out_string(out, "<td class=\"name\">");
    if (certificate) {
        html_text(out, certificate->subject);
        out_string(out, "<br><small>by ");
        html_text(out, certificate->issuer);
        out_string(out, "<br>ends ");
        html_date(out, certificate->not_after);
        out_string(out, ", ");
        html_text(out, certificate->trusted       ? "trusted"
                       : certificate->trust_error ? certificate->trust_error
                                                  : "not trusted");
        out_string(out, ", ");
        html_text(out, certificate->key);
        out_string(out, "</small>");
    }
    out_string(out, "</td>");
}

/* A row below it, where that tells more than the target's own explanation does. */
static void write_explanation(const struct page *page, const struct target *target, const char *words,
                              const char *detail)
{
    char *said = model_explain(page->model, target);
    bool again = strcmp(said, words) == 0;

    if (!again) {
        out_string(page->out, "<tr><td colspan=\"11\"><small>");
        html_text(page->out, words);
        if (detail && !strstr(words, detail)) {
            out_string(page->out, " (");
            html_text(page->out, detail);
            out_string(page->out, ")");
        }
        out_string(page->out, "</small></td></tr>\n");
    }
    free(said);
}

static void write_endpoint(const struct page *page, const struct target *target,
                           const struct target_host *place, const struct endpoint *endpoint, bool beside)
{
    const struct facts *facts = endpoint->facts;
    struct judgement judgement = model_judge_endpoint(page->model, target, place->host, endpoint);
    struct out *out = page->out;
    char *words = model_explain_endpoint(page->model, target, place->host, endpoint);

    out_string(out, beside ? "<tr class=\"beside\">" : "<tr>");
    write_server(out, place, endpoint);
    out_string(out, "<td>");
    html_verdict(out, judgement.verdict);
    out_printf(out, "</td><td>%s</td>", starttls_state_title(facts ? facts->starttls : STARTTLS_UNKNOWN));
    write_versions(out, facts);
    write_handshake(out, facts);
    write_certificate(out, facts ? facts->certificate : NULL);
    out_string(out, "<td class=\"word\">");
    html_date(out, facts ? facts->probed_at : 0);
    out_string(out, "</td></tr>\n");
    write_explanation(page, target, words, facts ? facts->error_detail : NULL);
    free(words);
}

static void write_table(const struct page *page, const struct target *target)
{
    struct out *out = page->out;

    out_string(out, "<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">Server</th><th "
                    "scope=\"col\">Verdict</th><th scope=\"col\">STARTTLS</th>");
    for (unsigned v = 0; v < TLS_VERSIONS; v++)
        out_printf(out, "<th scope=\"col\" class=\"word\">%s</th>", tls_version_title((enum tls_version)v));
    out_string(out, "<th scope=\"col\">Handshake</th><th scope=\"col\">Certificate</th><th "
                    "scope=\"col\">Probed</th></tr></thead>\n<tbody>\n");
    for (size_t h = 0; h < model_all_hosts(target); h++) {
        const struct target_host *place = model_any_host(target, h);

        if (h == target->host_count)
            out_string(out, "<tr class=\"beside\"><td colspan=\"11\">Beside the route: mail does not go "
                            "there.</td></tr>\n");
        for (size_t e = 0; e < place->host->endpoint_count; e++)
            write_endpoint(page, target, place, place->host->endpoints[e], h >= target->host_count);
    }
    out_string(out, "</tbody></table></div>\n");
}

static bool has_endpoints(const struct target *target)
{
    for (size_t h = 0; h < model_all_hosts(target); h++)
        if (model_any_host(target, h)->host->endpoint_count)
            return true;
    return false;
}

static void write_warnings(const struct page *page, const struct target *target)
{
    struct strings warnings = {0};

    report_notices(page->model, target, &warnings);
    if (warnings.count)
        out_string(page->out, "<p class=\"then\">Warnings:</p>\n<ul>\n");
    for (size_t i = 0; i < warnings.count; i++) {
        out_string(page->out, "<li>");
        html_text(page->out, warnings.items[i]);
        out_string(page->out, "</li>\n");
    }
    out_string(page->out, warnings.count ? "</ul>\n" : "");
    strings_release(&warnings);
}

void html_write_evidence(const struct page *page, const struct target *target)
{
    if (has_endpoints(target))
        write_table(page, target);
    write_warnings(page, target);
}

void html_write_message(const struct page *page, const struct target *target)
{
    char *message = model_forward(page->model, target);

    if (message) {
        out_string(page->out, "<p class=\"then\">Words to send:</p>\n<blockquote>");
        html_text(page->out, message);
        out_string(page->out, "</blockquote>\n");
    }
    free(message);
}
