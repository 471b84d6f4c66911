#include "engine/report/letter_evidence.h"

#include "engine/base/text.h"
#include "engine/model/forward.h"
#include "engine/report/letter_wrap.h"

#include <ctype.h>
#include <stdlib.h>

#define DATE_LENGTH 10 /* of RFC 3339 */

static void add_versions(struct buf *out, const struct facts *facts, enum version_state state,
                         const char *label)
{
    const char *between = "";

    for (int v = TLS_VERSIONS - 1; v >= 0; v--) {
        if (facts->versions[v].state != state)
            continue;
        buf_printf(out, "%s%s", *between ? between : label, tls_version_title((enum tls_version)v));
        between = ", ";
    }
    if (*between)
        buf_add_string(out, "\n");
}

static void add_certificate(struct buf *out, const struct certificate *certificate)
{
    char from[TEXT_TIME_SIZE], to[TEXT_TIME_SIZE];

    if (!certificate)
        return;
    text_time(from, certificate->not_before);
    text_time(to, certificate->not_after);
    from[DATE_LENGTH] = to[DATE_LENGTH] = '\0';
    buf_add_string(out, "  certificate: ");
    letter_inert(out, certificate->subject ? certificate->subject : "");
    buf_printf(out, ", valid from %s to %s", from, to);
    if (certificate->trust_error) {
        buf_add_string(out, "; ");
        letter_inert(out, certificate->trust_error);
    }
    buf_add_string(out, "\n");
}

static void add_endpoint(struct buf *out, const struct host *host, const struct endpoint *endpoint,
                         const char *fault)
{
    const struct facts *facts = endpoint->facts;
    char when[TEXT_TIME_SIZE];

    buf_add_string(out, "- ");
    letter_inert(out, host->key.name);
    buf_printf(out, ", address %s, port %u", endpoint->key.address, endpoint->key.port);
    text_time(when, facts ? facts->probed_at : 0);
    if (facts && facts->probed_at)
        buf_printf(out, ", asked on %.10s at %.8s UTC", when, when + DATE_LENGTH + 1);
    buf_add_string(out, "\n  ");
    letter_inert(out, fault);
    buf_add_string(out, "\n");
    if (!facts)
        return;
    add_versions(out, facts, VERSION_ACCEPTED, "  accepted: ");
    add_versions(out, facts, VERSION_REFUSED, "  refused: ");
    add_versions(out, facts, VERSION_UNKNOWN, "  not known: ");
    add_certificate(out, facts->certificate);
}

void letter_evidence(struct buf *out, const struct model *model, const struct target *target)
{
    for (size_t h = 0; h < target->host_count; h++) {
        const struct host *host = target->hosts[h].host;

        for (size_t i = 0; i < host->endpoint_count; i++) {
            char *fault = model_forward_fault(model, target, host, host->endpoints[i]);

            if (fault)
                add_endpoint(out, host, host->endpoints[i], fault);
            free(fault);
        }
    }
}

void letter_changes(struct buf *out, const struct model *model, const struct target *target)
{
    struct strings remedies = {0};

    model_forward_remedies(model, target, &remedies);
    for (size_t i = 0; i < remedies.count; i++) {
        char *text = remedies.items[i];

        *text = (char)toupper((unsigned char)*text);
        buf_add_string(out, "- ");
        letter_inert(out, text);
        buf_add_string(out, ".\n");
    }
    strings_release(&remedies);
}
