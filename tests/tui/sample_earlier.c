#include "tests/tui/sample_earlier.h"

#include "engine/store/writer.h"
#include "tests/tui/sample.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WHEN (SAMPLE_PROBED_AT - 7 * 86400)

static struct target *named(struct model *model, const char *domain)
{
    for (size_t i = 0; i < model_target_count(model); i++)
        if (strcmp(model_target_at(model, i)->spec.domain, domain) == 0)
            return model_target_at(model, i);
    abort();
}

static void one_server(struct model *model, const struct target *target, const char *host,
                       const struct sample_endpoint *endpoint)
{
    sample_route(model, target, host, target->spec.class == CLASS_PARTNER ? -1 : 10);
    sample_addresses(model, host, endpoint, 1);
    sample_facts(model, host, endpoint);
}

static struct model *make(void)
{
    static const struct sample_endpoint good = {"192.0.2.14", TLS_1_2, TLS_1_3, PROBE_OK},
                                        bad = {"192.0.2.50", TLS_1_0, TLS_1_1, PROBE_OK},
                                        away = {"192.0.2.30", -1, -1, PROBE_CONNECT_TIMEOUT},
                                        there = {"192.0.2.40", TLS_1_2, TLS_1_2, PROBE_OK},
                                        moved = {"192.0.2.11", TLS_1_2, TLS_1_2, PROBE_OK},
                                        closed = {"192.0.2.60", TLS_1_2, TLS_1_3, PROBE_OK};
    struct model *model = sample_model();

    one_server(model, named(model, "fabrikam.example"), "gw.fabrikam.example", &good);
    one_server(model, named(model, "northwind.example"), "mx1.northwind.example", &bad);
    one_server(model, named(model, "adatum.example"), "mx.adatum.example", &away);
    one_server(model, named(model, "wingtip.example"), "mx.wingtip.example", &there);
    one_server(model, named(model, "contoso.example"), "mail.contoso.example", &moved);
    one_server(model, sample_add(model, "closed.example", CLASS_PARTNER), "mx.closed.example", &closed);
    model_remove(model, named(model, "proseware.example"));
    return model;
}

void sample_save_earlier(const char *path)
{
    const struct store_session session = {.started_at = WHEN, .finished_at = WHEN};
    struct model *model = make();
    struct store_writer *writer;
    struct store *store;
    char *error = NULL;

    unlink(path);
    store = store_open(path, STORE_WRITE, &error);
    writer = store ? store_writer_new(store, model, false, &session, &error) : NULL;
    if (!writer || !store_writer_end(writer, model, &session, &error))
        abort();
    model_free(model);
}
