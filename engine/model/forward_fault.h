/* One endpoint's fault in words for its operator. */
#pragma once

#include "engine/base/buf.h"
#include "engine/model/model.h"

#include <stdbool.h>

struct finding {
    const struct model *model;
    const struct target *target;
    const struct host *host;
    const struct endpoint *endpoint;
    struct judgement judgement; /* at-risk, plaintext or not-ready */
};

/* Appends what the server does, to go behind its name or "which": "offers TLS 1.0 only". */
void forward_fault(const struct finding *finding, struct buf *out);

/* Appends what helps, to go behind "Please": "enable TLS 1.2 or newer". */
void forward_remedy(const struct finding *finding, struct buf *out);

/* True when only the baseline's floor makes it a fault: without that, mail flows encrypted. */
bool forward_from_cut_off(const struct finding *finding);

/* Appends "TLS 1.2 or newer": the baseline's floor, or the sender's own when it is higher. */
void forward_floor(const struct model *model, const struct target *target, struct buf *out);

/* "our connector", "our mail server": who hands the mail over, or does not. */
const char *forward_sender(const struct target_spec *spec);
