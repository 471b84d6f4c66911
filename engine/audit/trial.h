/* For tests: an audit over fake mail servers that are smart hosts by address: what DNS is asked, about the
 * domains' MX, it never answers. A wait that is in vain fails the test. */
#pragma once

#include "engine/audit/audit.h"
#include "engine/audit/mail_fake.h"

#define TRIAL_SERVERS 40
#define TRIAL_SURE    2 /* connections until it is believed that a server has no STARTTLS */

struct trial {
    struct mail_fake *mail;
    struct audit_options options; /* to be changed before trial_start */
    struct audit *audit;
    struct facts *facts[TRIAL_SERVERS]; /* the latest of each server */
    unsigned facts_events[TRIAL_SERVERS];
    unsigned routes, besides, addresses, idles, activities;
    unsigned rests; /* activities that tell of the end */
    uint32_t last_id;
};

/* Ready to start: no gaps, and servers that answer have all the time they want. Released by trial_end. */
void trial_prepare(struct trial *trial, const enum mail_manner *manners, size_t count);
void trial_start(struct trial *trial);
void trial_end(struct trial *trial);

/* A target of `count` servers from `first` on; its id. */
uint32_t trial_add(struct trial *trial, size_t first, size_t count);
/* The same with that id. */
void trial_add_as(struct trial *trial, uint32_t id, size_t first, size_t count);

/* Waits for the next event and notes what it tells; facts are the trial's from then on. The caller releases
 * it. */
void trial_next(struct trial *trial, struct event *event);
/* The same, released. */
void trial_step(struct trial *trial);
/* Takes events until all that was asked for is answered; the audit may be idle between two commands. */
void trial_rest(struct trial *trial);
/* Takes what there is within so many milliseconds. */
void trial_look(struct trial *trial, int milliseconds);

/* Which server has that address. */
size_t trial_index(const struct trial *trial, const char *address);
struct mail_counts trial_counts(struct trial *trial, size_t index);
double trial_clock(void); /* seconds */
