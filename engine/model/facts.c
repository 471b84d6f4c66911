#include "engine/model/facts.h"

#include "engine/base/mem.h"

#include <stdlib.h>
#include <string.h>

#define LOG_MOST 64

struct facts *facts_new(void)
{
    struct facts *facts = mem_alloc(sizeof *facts);
    int v;

    for (v = 0; v < TLS_VERSIONS; v++)
        facts->versions[v].alert = -1;
    facts->connect_ms = facts->banner_ms = facts->starttls_ms = facts->handshake_ms = -1;
    return facts;
}

static void copy_lists(struct facts *to, const struct facts *from)
{
    size_t i;

    memset(&to->ehlo, 0, sizeof to->ehlo);
    memset(&to->ehlo_tls, 0, sizeof to->ehlo_tls);
    memset(&to->warnings, 0, sizeof to->warnings);
    memset(&to->transcript, 0, sizeof to->transcript);
    strings_copy(&to->ehlo, &from->ehlo);
    strings_copy(&to->ehlo_tls, &from->ehlo_tls);
    strings_copy(&to->warnings, &from->warnings);
    transcript_copy(&to->transcript, &from->transcript);
    to->log = NULL;
    to->log_count = 0;
    for (i = 0; i < from->log_count; i++)
        facts_add_attempt(to, &from->log[i]);
}

struct facts *facts_copy(const struct facts *facts)
{
    struct facts *copy = mem_alloc(sizeof *copy);

    *copy = *facts;
    copy->error_detail = mem_string(facts->error_detail);
    copy->banner = mem_string(facts->banner);
    copy->handshake_error = mem_string(facts->handshake_error);
    copy->offer_baseline = mem_string(facts->offer_baseline);
    copy->certificate = certificate_copy(facts->certificate);
    copy->other_certificate = certificate_copy(facts->other_certificate);
    copy_lists(copy, facts);
    return copy;
}

void facts_free(struct facts *facts)
{
    size_t i;

    if (!facts)
        return;
    for (i = 0; i < facts->log_count; i++) {
        free(facts->log[i].purpose);
        free(facts->log[i].detail);
    }
    free(facts->log);
    free(facts->error_detail);
    free(facts->banner);
    free(facts->handshake_error);
    free(facts->offer_baseline);
    strings_release(&facts->ehlo);
    strings_release(&facts->ehlo_tls);
    strings_release(&facts->warnings);
    transcript_release(&facts->transcript);
    certificate_free(facts->certificate);
    certificate_free(facts->other_certificate);
    free(facts);
}

void facts_add_attempt(struct facts *facts, const struct attempt *attempt)
{
    struct attempt *added;

    if (facts->log_count >= LOG_MOST)
        return;
    facts->log = mem_resize(facts->log, facts->log_count + 1, sizeof *facts->log);
    added = &facts->log[facts->log_count++];
    *added = *attempt;
    added->purpose = mem_string(attempt->purpose);
    added->detail = mem_string(attempt->detail);
}

bool facts_starttls_mixed(const struct facts *facts)
{
    return facts->tally.offered && facts->tally.not_offered;
}

static unsigned chose_between(const struct facts *facts, int lowest, int highest)
{
    unsigned count = 0;

    for (int v = lowest; v <= highest; v++)
        count += facts->tally.chose[v];
    return count;
}

bool facts_versions_mixed(const struct facts *facts, enum tls_version minimum)
{
    return chose_between(facts, (int)minimum, TLS_VERSIONS - 1) && chose_between(facts, 0, (int)minimum - 1);
}

unsigned facts_full_offers(const struct facts *facts)
{
    return chose_between(facts, 0, TLS_VERSIONS - 1) + facts->tally.chose_none;
}

bool facts_starved(const struct facts *facts)
{
    return facts->log_count && facts->log[facts->log_count - 1].error == PROBE_LOCAL_LIMIT;
}

int facts_highest(const struct facts *facts)
{
    int v;

    for (v = TLS_VERSIONS - 1; v >= 0; v--)
        if (facts->versions[v].state == VERSION_ACCEPTED)
            break;
    return v;
}
