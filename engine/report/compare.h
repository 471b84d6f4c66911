/* What became of a session between two looks: the differences between two models, by target and by endpoint.
 * Pure. Verdicts are those of the models, so both should be judged by one baseline, each at its own time
 * (model_set_now).
 *
 * Unknown is never a no: what was judged and can't be judged now is newly unknown, not regressed; what was
 * not known before is newly known, whatever it turned out to be. What one side does not know is no difference
 * either: a version that was not tested, an address that could not be looked up.
 *
 * What people wrote of a target (owner, contact, state, due date, note) is told beside its facts, and where
 * nothing else changed it is a change of its own, which says nothing of servers: CHANGE_NOTED. */
#pragma once

#include "engine/model/model.h"

#include <stdbool.h>
#include <stddef.h>

/* clang-format off */

/* In the order in which they are told. */
#define COMPARE_CHANGES(X) \
    X(CHANGE_REGRESSED,     "regressed",     "Regressed") \
    X(CHANGE_NEWLY_UNKNOWN, "newly-unknown", "Newly unknown") \
    X(CHANGE_NEWLY_KNOWN,   "newly-known",   "Newly known") \
    X(CHANGE_IMPROVED,      "improved",      "Improved") \
    X(CHANGE_APPEARED,      "appeared",      "Appeared") \
    X(CHANGE_GONE,          "gone",          "Gone") \
    X(CHANGE_FACTS,         "changed",       "Changed facts") \
    X(CHANGE_NOTED,         "noted",         "Noted")

#define COMPARE_FACTS(X) \
    X(CHANGED_VERDICT,     "verdict",              "the verdict") \
    X(CHANGED_REASON,      "reason",               "the reason") \
    X(CHANGED_CLASS,       "class",                "the class") \
    X(CHANGED_REQUIREMENT, "requirement",          "the requirement") \
    X(CHANGED_TLS_DOMAIN,  "tls-domain",           "the name asked of the certificate") \
    X(CHANGED_FLOOR,       "floor",                "the lowest version asked for") \
    X(CHANGED_ROUTE,       "route",                "the route") \
    X(CHANGED_MX,          "mx",                   "MX") \
    X(CHANGED_ADDRESS,     "address",              "the address") \
    X(CHANGED_STARTTLS,    "starttls",             "STARTTLS") \
    X(CHANGED_BEST,        "best-version",         "the best TLS version") \
    X(CHANGED_WORST,       "worst-version",        "the worst TLS version") \
    X(CHANGED_SUITE,       "suite",                "the cipher suite") \
    X(CHANGED_RENEWED,     "certificate-renewed",  "the certificate") \
    X(CHANGED_ISSUER,      "certificate-issuer",   "the certificate's issuer") \
    X(CHANGED_TRUST,       "certificate-trust",    "trust in the certificate") \
    X(CHANGED_EXPIRING,    "certificate-expiring", "the certificate's last days") \
    X(CHANGED_EXPIRED,     "certificate-expired",  "the certificate's end") \
    X(CHANGED_OWNER,       "owner",                "the owner") \
    X(CHANGED_CONTACT,     "contact",              "the contact") \
    X(CHANGED_STATE,       "state",                "the state") \
    X(CHANGED_DUE,         "due",                  "the due date") \
    X(CHANGED_NOTE,        "note",                 "the note")

/* clang-format on */

#define COMPARE_ENUM(code, name, title) code,
enum change { COMPARE_CHANGES(COMPARE_ENUM) change_count };
enum changed_fact { COMPARE_FACTS(COMPARE_ENUM) changed_fact_count };

const char *change_name(enum change change);  /* the JSON name */
const char *change_title(enum change change); /* for people */
const char *changed_fact_name(enum changed_fact fact);
const char *changed_fact_title(enum changed_fact fact); /* "the best TLS version" */

/* A certificate that ends within so many days is about to expire. */
#define COMPARE_EXPIRING_DAYS 30

struct fact_change {
    enum changed_fact fact;
    char *before, *after; /* codes or names for machines; NULL: nothing */
    char *sentence;       /* for people, without a full stop */
};

/* One target, or one endpoint. Models' objects are borrowed; the side where it is not has NULL. */
struct difference {
    enum change change;
    const struct target *target_before, *target; /* both NULL for an endpoint */
    const struct endpoint *endpoint_before, *endpoint;
    struct judgement before, after; /* VERDICT_PENDING on the side where it is not */
    char *sentence;                 /* for people: what became of it and why, with a full stop */
    struct fact_change *facts;      /* owned */
    size_t fact_count;
};

struct comparison {
    struct difference *targets; /* owned; by change, then by name */
    size_t target_count;
    struct difference *endpoints;
    size_t endpoint_count;
    unsigned target_changes[change_count], endpoint_changes[change_count];
    unsigned targets_unchanged, endpoints_unchanged;
};

/* Targets that were removed are not there. Of endpoints those on the route of a target are compared; their
 * verdicts are those of a sender who demands encryption and looks at no certificate. `out` is overwritten;
 * it is valid as long as both models, and the caller releases it. */
void compare_models(const struct model *before, const struct model *after, struct comparison *out);
void comparison_release(struct comparison *comparison);

/* The same for one target, or one endpoint, of `after`, and for what is left of `before`. False when nothing
 * changed (or when it does not count): then there is nothing to release. */
bool compare_target(const struct model *before, const struct model *after, const struct target *target,
                    struct difference *out);
bool compare_gone_target(const struct model *after, const struct target *then, struct difference *out);
bool compare_endpoint(const struct model *before, const struct model *after, const struct endpoint *endpoint,
                      struct difference *out);
bool compare_gone_endpoint(const struct model *before, const struct model *after, const struct endpoint *then,
                           struct difference *out);
void difference_release(struct difference *difference);

/* The target that is the same one in another session; NULL when there is none. */
struct target *compare_like(const struct model *model, const struct target *target);

/* Of a target that is in `here` only: what its domain is in `there`, where it stands under another class or
 * connector and is not in `here` so ("The domain is there now as partner, To Contoso."); NULL when it does
 * not. Sentences of compare_models say so themselves. Looks at all of `there`; the caller frees. */
char *compare_moved_words(const struct model *here, const struct model *there, const struct target *target,
                          bool gone);

/* True when mail of a target that is there goes to the endpoint; false for NULL. */
bool compare_on_route(const struct endpoint *endpoint);

/* True when a target or an endpoint regressed. */
bool comparison_regressed(const struct comparison *comparison);

/* What the verdict says of a way from one to another; CHANGE_FACTS when neither is better. Both the same, or
 * nothing known on either side: change_count. */
enum change compare_verdicts(enum verdict before, enum verdict after);

/* Judges the older one as of its own time (0: that of its last probe) and by the baseline of the other
 * (copied), so that what changed is the servers and not the yardstick. */
void compare_align(struct model *before, int64_t when, const struct baseline *baseline);

/* The time that a session's facts speak of, seconds since 1970: that of its last probe; 0 when nothing was
 * probed. */
int64_t compare_time(const struct model *model);
