/* The detail page's part on what to do next (tui/advice.h), each step with its key. */
#pragma once

#include "engine/model/model.h"
#include "tui/page.h"

#include <stdint.h>

/* What happens to mail, behind an empty line; `host` NULL: by the target's route. */
void detail_mail(struct page *page, const struct target *target, const struct host *host,
                 struct judgement judgement);

/* What to do next and the words to send; of the whole target when `host` is NULL, of the whole host when
 * `endpoint` is. */
void detail_advice(struct page *page, const struct model *model, const struct target *target,
                   const struct host *host, const struct endpoint *endpoint, struct judgement judgement,
                   int64_t now);

/* The same for many targets, counted per verdict. */
void detail_advice_counts(struct page *page, const unsigned *counts);
