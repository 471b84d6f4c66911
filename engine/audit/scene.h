/* For tests: an audit among servers of this process, a DNS server that answers by name and mail servers that
 * are called by letters, "a" the first; what comes of it is applied to a model. A wait that is in vain fails
 * the test. */
#pragma once

#include "engine/audit/audit.h"
#include "engine/audit/mail_fake.h"
#include "engine/model/model.h"
#include "engine/net/dns_fake.h"

struct scene {
    struct fake_dns *dns;
    struct mail_fake *mail;
    struct model *model;
    struct audit *audit;
    struct audit_options options; /* to be changed before scene_start */
    char *server;
    void (*heard)(void *context, const struct event *event); /* of every event first; may be NULL */
    void *context;
};

/* Ready to start, without gaps. Released by scene_end. */
void scene_prepare(struct scene *scene, const enum mail_manner *manners, size_t count);
void scene_start(struct scene *scene);
void scene_end(struct scene *scene);

/* Waits for the next event. */
enum event_type scene_take(struct scene *scene);
void scene_until(struct scene *scene, enum event_type type);
/* Until all that was asked for is answered; the engine may have been at rest between two commands. */
void scene_rest(struct scene *scene);

const char *scene_address(const struct scene *scene, char letter);
unsigned scene_connections(struct scene *scene, char letter);

/* What a target is; the rest of it goes without saying. */
struct scene_target {
    const char *domain;
    const char *connector; /* NULL: none */
    const char *gateways;  /* smart hosts, by their letters; NULL: none */
    enum target_class class;
    bool is_endpoint;
};
struct target *scene_add(struct scene *scene, const struct scene_target *what);
/* The same of a domain whose MX is that server. */
struct target *scene_add_with_mx(struct scene *scene, char letter, const struct scene_target *what);
