/* What both tables of CSV have, for csv.c and csv_endpoints.c alone: records, columns, and those that are in
 * both. */
#pragma once

#include "engine/model/model.h"
#include "engine/report/out.h"
#include "engine/report/summary.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* What a record is about; `host` and below only where it is about an endpoint. */
struct csv_row {
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

struct csv_column {
    const char *name;
    void (*write)(const struct csv_row *row, struct out *out);
};

void csv_write_header(const struct csv_column *columns, size_t count, struct out *out);
void csv_write_row(const struct csv_column *columns, size_t count, const struct csv_row *row,
                   struct out *out);

/* Cells: `give` frees; 0 is no date. */
void csv_give(struct out *out, char *text);
void csv_give_date(struct out *out, int64_t when);

void csv_domain(const struct csv_row *row, struct out *out);
void csv_class(const struct csv_row *row, struct out *out);
void csv_connector(const struct csv_row *row, struct out *out);
void csv_owner(const struct csv_row *row, struct out *out);
void csv_contact(const struct csv_row *row, struct out *out);
void csv_contact_state(const struct csv_row *row, struct out *out);
void csv_note(const struct csv_row *row, struct out *out);
void csv_due(const struct csv_row *row, struct out *out);
