/* Do the EHLO name and the address that probes leave from lead to each other in DNS? Some servers turn away,
 * put off or slow down a client whose names do not fit (RFC 5321, section 4.1.4, forbids to refuse mail for
 * that alone; RFC 1912, section 2.1, asks for the pair). Pure. */
#pragma once

#include "engine/base/words.h"
#include "engine/net/resolver.h"

#include <stdbool.h>

struct helo_view {
    const char *name;                     /* the EHLO argument: a name, or a literal in brackets */
    struct net_address from;              /* where probes leave from; family 0: no route */
    const struct address_answer *forward; /* of `name`; NULL for a literal or where nothing was asked */
    const struct names_answer *reverse;   /* of `from`; NULL where nothing was asked */
    const struct address_answer *back;    /* of the first name in reverse DNS, when it is not `name`; NULL */
};

bool helo_is_literal(const char *name);

/* The domain whose mail the machine of that name may send: the registrable one, whatever stands before it
 * (operator.h). NULL for an address. The caller frees. */
char *helo_domain(const char *name);

/* *detail (the caller frees) is one sentence, or NULL when there is nothing to say. */
enum check_state helo_judge(const struct helo_view *view, char **detail);

/* True when the answer holds the address. */
bool helo_leads_to(const struct address_answer *answer, const struct net_address *address);
