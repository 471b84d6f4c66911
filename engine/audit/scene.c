#include "engine/audit/scene.h"

#include "engine/base/mem.h"
#include "engine/model/fixture.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define TOO_LATE_MS 120000

void scene_prepare(struct scene *scene, const enum mail_manner *manners, size_t count)
{
    struct audit_options *options = &scene->options;

    memset(scene, 0, sizeof *scene);
    scene->dns = fake_dns_new(FAKE_BY_NAME);
    scene->mail = mail_fake_new(manners, count);
    scene->server = mem_format("127.0.0.1:%u", fake_dns_port(scene->dns));
    scene->model = fixture_model("tls1.2");
    audit_options_init(options);
    options->baseline = model_baseline(scene->model);
    options->dns_servers = (const char *const *)&scene->server;
    options->dns_server_count = 1;
    options->smtp_port = mail_fake_port(scene->mail);
    options->helo_name = "probe.test.example";
    options->world4 = "127.0.0.1";
    options->world6 = "::1";
    options->per_host_gap = 0;
    options->per_operator = 0;
}

void scene_start(struct scene *scene)
{
    char *error = NULL;

    scene->audit = audit_new(&scene->options, &error);
    if (!scene->audit)
        fail_msg("%s", error);
}

void scene_end(struct scene *scene)
{
    audit_free(scene->audit);
    model_free(scene->model);
    mail_fake_free(scene->mail);
    fake_dns_free(scene->dns);
    free(scene->server);
}

enum event_type scene_take(struct scene *scene)
{
    struct pollfd wait = {audit_descriptor(scene->audit), POLLIN, 0};
    enum event_type type;
    struct event event;

    while (!audit_next(scene->audit, &event))
        if (poll(&wait, 1, TOO_LATE_MS) <= 0)
            fail_msg("no event in %d ms", TOO_LATE_MS);
    type = event.type;
    if (scene->heard)
        scene->heard(scene->context, &event);
    model_apply(scene->model, &event);
    event_release(&event);
    return type;
}

void scene_until(struct scene *scene, enum event_type type)
{
    while (scene_take(scene) != type)
        continue;
}

void scene_rest(struct scene *scene)
{
    while (scene_take(scene) != EVENT_IDLE || audit_busy(scene->audit))
        continue;
}

static size_t index_of(char letter)
{
    return (size_t)(letter - 'a');
}

const char *scene_address(const struct scene *scene, char letter)
{
    return mail_fake_address(scene->mail, index_of(letter));
}

unsigned scene_connections(struct scene *scene, char letter)
{
    struct mail_counts counts;

    mail_fake_counts(scene->mail, index_of(letter), &counts);
    return counts.connections;
}

struct target *scene_add(struct scene *scene, const struct scene_target *what)
{
    const char *letter = what->gateways ? what->gateways : "";
    struct target_spec spec;
    struct target *target;

    target_spec_init(&spec);
    spec.domain = mem_string(what->domain);
    spec.unicode = mem_string(what->domain);
    spec.connector = mem_string(what->connector);
    spec.class = what->class;
    spec.requirement = what->class == CLASS_PARTNER ? REQUIREMENT_ENCRYPTION : REQUIREMENT_NONE;
    spec.protocol = PROTOCOL_SMTP;
    spec.is_endpoint = what->is_endpoint;
    for (; *letter; letter++)
        target_spec_add_host(&spec, scene_address(scene, *letter), 0, true);
    target = model_add(scene->model, &spec, NULL);
    audit_add(scene->audit, target->id, &spec);
    target_spec_release(&spec);
    return target;
}

struct target *scene_add_with_mx(struct scene *scene, char letter, const struct scene_target *what)
{
    char *domain = mem_format("ip.%s.test", scene_address(scene, letter));
    struct scene_target named = *what;
    struct target *target;

    named.domain = domain;
    target = scene_add(scene, &named);
    free(domain);
    return target;
}
