#include "engine/store/store_session.h"

#define FORM 1 /* of what follows it */

void pack_session(struct buf *out, const struct store_session *session)
{
    buf_u8(out, FORM);
    pack_text(out, session->generator);
    pack_text(out, session->vantage);
    pack_text(out, session->options);
    pack_signed(out, session->started_at);
    pack_signed(out, session->finished_at);
    buf_u8(out, session->complete);
}

void unpack_session(struct reader *in, struct store_session *session)
{
    if (reader_u8(in) != FORM)
        reader_fail(in);
    session->generator = unpack_text(in);
    session->vantage = unpack_text(in);
    session->options = unpack_text(in);
    session->started_at = unpack_time(in);
    session->finished_at = unpack_time(in);
    session->complete = unpack_bounded(in, 1);
}
