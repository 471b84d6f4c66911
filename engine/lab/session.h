/* One connection to a lab server, from accept to close. */
#pragma once

#include "engine/lab/mail.h"
#include "engine/lab/mail_server.h"

/* Takes the connection that waits at `listener`. */
void session_accept(struct mail_server *server, enum protocol protocol, uv_stream_t *listener);

/* Closes those that were silent for SESSION_IDLE_MS at time `now` (milliseconds of the loop). */
void sessions_sweep(struct mail *mail, uint64_t now);

/* Closes all. */
void sessions_close(struct mail *mail);
