#include "engine/base/buf.h"
#include "engine/report/cell.h"
#include "engine/report/compare_write.h"

enum column {
    CHANGE,
    KIND,
    CLASS,
    DOMAIN,
    CONNECTOR,
    OWNER,
    HOST,
    ADDRESS,
    PORT,
    PROTOCOL,
    FACT,
    OLD,
    NEW,
    SENTENCE,
    column_count
};

static const char *const titles[column_count] = {
    "change",  "kind", "class",    "domain", "connector", "owner", "host",
    "address", "port", "protocol", "fact",   "old",       "new",   "sentence",
};

static void put_row(struct out *out, const char *const *cells)
{
    for (unsigned i = 0; i < column_count; i++) {
        out_string(out, i ? "," : "");
        cell_text(out, cells[i]);
    }
    out_string(out, "\r\n");
}

static void name_target(const char **cells, const struct target *target)
{
    cells[KIND] = "target";
    cells[CLASS] = target_class_name(target->spec.class);
    cells[DOMAIN] = target->spec.domain;
    cells[CONNECTOR] = target->spec.connector;
    cells[OWNER] = target->spec.owner;
}

static void name_endpoint(const char **cells, const struct endpoint *endpoint, const char *port)
{
    cells[KIND] = "endpoint";
    cells[HOST] = endpoint->key.server_name;
    cells[ADDRESS] = endpoint->key.address;
    cells[PORT] = port;
    cells[PROTOCOL] = protocol_name(endpoint->key.protocol);
}

static void put_facts(struct out *out, const char **cells, const struct difference *difference)
{
    for (size_t i = 0; i < difference->fact_count; i++) {
        cells[FACT] = changed_fact_name(difference->facts[i].fact);
        cells[OLD] = difference->facts[i].before;
        cells[NEW] = difference->facts[i].after;
        cells[SENTENCE] = difference->facts[i].sentence;
        put_row(out, cells);
    }
}

static void put_difference(struct out *out, const struct difference *difference)
{
    const struct target *target = difference->target ? difference->target : difference->target_before;
    const struct endpoint *endpoint =
        difference->endpoint ? difference->endpoint : difference->endpoint_before;
    const char *cells[column_count] = {[CHANGE] = change_name(difference->change)};
    struct buf port;

    buf_init(&port, 0);
    if (endpoint)
        buf_printf(&port, "%u", endpoint->key.port);
    if (target)
        name_target(cells, target);
    else
        name_endpoint(cells, endpoint, buf_string(&port));
    if (difference->target_before || difference->endpoint_before)
        cells[OLD] = verdict_name(difference->before.verdict);
    if (difference->target || difference->endpoint)
        cells[NEW] = verdict_name(difference->after.verdict);
    cells[SENTENCE] = difference->sentence;
    put_row(out, cells);
    put_facts(out, cells, difference);
    buf_release(&port);
}

char *compare_csv(const struct comparison *comparison)
{
    struct out out;

    out_init(&out, NULL, NULL);
    out_string(&out, "\xef\xbb\xbf"); /* spreadsheets take it for another encoding without */
    put_row(&out, titles);
    for (size_t i = 0; i < comparison->target_count; i++)
        put_difference(&out, &comparison->targets[i]);
    for (size_t i = 0; i < comparison->endpoint_count; i++)
        put_difference(&out, &comparison->endpoints[i]);
    return out_text(&out);
}
