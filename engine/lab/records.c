#include "engine/lab/records.h"

#include "engine/base/reader.h"

#define RECORD_CHANGE_CIPHER 20
#define RECORD_HANDSHAKE     22

static void write_pieces(uint16_t version, struct reader body, size_t most, struct buf *out)
{
    while (reader_left(&body)) {
        size_t length = reader_left(&body) < most ? reader_left(&body) : most;

        buf_u8(out, RECORD_HANDSHAKE);
        buf_u16(out, version);
        buf_u16(out, (uint16_t)length);
        buf_add(out, reader_bytes(&body, length), length);
    }
}

void records_cut(struct records *records, const void *bytes, size_t length, struct buf *out)
{
    struct reader r = reader_of(bytes, length);

    while (records->most && !records->over && reader_left(&r)) {
        struct reader whole = r;
        uint8_t type = reader_u8(&r);
        uint16_t version = reader_u16(&r);
        struct reader body = reader_vector(&r, 2);

        records->over = r.failed || type == RECORD_CHANGE_CIPHER;
        if (!records->over && type == RECORD_HANDSHAKE) {
            write_pieces(version, body, records->most, out);
        } else if (r.failed) {
            r = whole;
        } else {
            buf_add(out, whole.at, (size_t)(r.at - whole.at));
        }
    }
    buf_add(out, r.at, reader_left(&r));
}
