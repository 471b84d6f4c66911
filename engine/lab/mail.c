#include "engine/lab/mail.h"

#include "engine/base/mem.h"
#include "engine/lab/mail_server.h"
#include "engine/lab/session.h"

#include <stdlib.h>

#define SWEEP_MS 5000

static void on_sweep(uv_timer_t *timer)
{
    struct mail *mail = timer->data;

    sessions_sweep(mail, uv_now(mail->loop));
}

static enum mail_opened open_server(struct mail *mail, const struct zone_server *zone, uint16_t port_base,
                                    char **error)
{
    struct mail_server *server = &mail->servers[mail->server_count];

    server->mail = mail;
    server->zone = zone;
    server->persona = map_get(mail->personas, zone->persona);
    if (!server->persona) {
        *error = mem_format("zone:%u: there is no persona \"%s\"", zone->line, zone->persona);
        return MAIL_FAILED;
    }
    mail->server_count++;
    return mail_server_open(server, port_base, error);
}

enum mail_opened mail_open(struct mail *mail, uint16_t port_base, char **error)
{
    enum mail_opened result = MAIL_OPEN;
    size_t i;

    TAILQ_INIT(&mail->sessions);
    mail->session_count = 0;
    mail->server_count = 0;
    mail->servers = mem_array(mail->zone->server_count + 1, sizeof *mail->servers);
    uv_timer_init(mail->loop, &mail->sweep);
    mail->sweep.data = mail;
    uv_timer_start(&mail->sweep, on_sweep, SWEEP_MS, SWEEP_MS);
    for (i = 0; i < mail->zone->server_count && result == MAIL_OPEN; i++)
        result = open_server(mail, &mail->zone->servers[i], port_base, error);
    return result;
}

void mail_close(struct mail *mail)
{
    size_t i;

    sessions_close(mail);
    for (i = 0; i < mail->server_count; i++)
        mail_server_close(&mail->servers[i]);
    uv_close((uv_handle_t *)&mail->sweep, NULL);
}

void mail_release(struct mail *mail)
{
    size_t i;

    for (i = 0; i < mail->server_count; i++)
        mail_server_release(&mail->servers[i]);
    free(mail->servers);
    mail->servers = NULL;
    mail->server_count = 0;
}
