/* What inputs say that only means something beside other inputs: connectors that carry domains they do not
 * name, accepted domains, transport rules, inbound connectors, secure lists. Private to this room. */
#pragma once

#include "engine/base/map.h"
#include "engine/base/strings.h"
#include "engine/input/input.h"
#include "engine/model/target.h"

/* A connector that carries domains by a wildcard, as accepted domains, or when a rule says so. */
struct carrier {
    struct target_spec model; /* what all domains that it carries have in common; no domain */
    char *place;              /* for notes: "connectors.json:2: connector "To X"" */
    char *guid;               /* NULL */
    size_t covered;           /* given domains that it carries */
    struct strings covers;    /* the first few */
};

struct accepted_domain {
    char *ascii, *unicode, *source;
};

struct rule {
    char *name, *place;
    char *connector;        /* name or Guid, as the rule has it */
    struct strings domains; /* as they stand in the export */
    bool partial;           /* it has conditions or exceptions beside the recipient's domain */
};

/* A domain of TLSSendDomainSecureList. */
struct secure_domain {
    char *ascii, *unicode, *source;
};

/* One sender domain of an inbound connector. */
struct inbound {
    struct expectation expectation;
    char *ascii, *unicode; /* the domain, or what a wildcard stands above; "" for all */
    char *place;
    bool wildcard;
    bool seen; /* shown beside a target */
};

struct postfix;

struct gathered {
    struct map guids; /* Guid → a hash of what its connector says, not 0 */
    struct map pairs; /* "domain connector" → index of its spec + 1 */
    struct carrier *carriers;
    size_t carrier_count;
    struct accepted_domain *accepted;
    size_t accepted_count;
    struct rule *rules;
    size_t rule_count, idle_rules;
    struct inbound *inbound;
    size_t inbound_count;
    struct secure_domain *secure;
    size_t secure_count;
    struct postfix *postfix; /* engine/input/postfix.h; NULL */
};

/* The input's own; made when there is none. */
struct gathered *gathered_of(struct input *input);
void gathered_free(struct gathered *gathered); /* NULL is allowed */

void postfix_free(struct postfix *postfix); /* NULL is allowed */

/* Room for one more; the new item is zeroed. Items are the caller's to fill, their content is freed with the
 * whole. */
struct carrier *gathered_add_carrier(struct gathered *gathered);
struct accepted_domain *gathered_add_accepted(struct gathered *gathered);
struct rule *gathered_add_rule(struct gathered *gathered);
struct inbound *gathered_add_inbound(struct gathered *gathered);
struct secure_domain *gathered_add_secure(struct gathered *gathered);

/* Joins what inputs say of each other into `input`'s targets: rules and accepted domains give domains to
 * their connectors; each domain keeps the connector that mail takes and knows of the others; given domains
 * learn which wildcard covers them; inbound expectations go to their partner. Adds notes for what led
 * nowhere. */
void select_connectors(struct input *input);

/* What selection begins and ends with. carriers_apply adds a spec for each domain that a rule or the accepted
 * domains give a carrier, and for each that only an inbound connector or a secure list names; carriers_note
 * tells what each carrier carries. */
void carriers_apply(struct input *input, struct gathered *gathered);
void carriers_note(struct input *input, const struct gathered *gathered);

/* True when only some of the domain's mail takes this connector, since its rule asks for more. */
bool carriers_takes_part(const struct target_spec *spec);
