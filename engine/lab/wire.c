#include "engine/lab/wire.h"

static void send_some(struct wire *wire);

void wire_init(struct wire *wire, uv_loop_t *loop)
{
    wire->handles = 2;
    buf_init(&wire->output, WIRE_OUTPUT_MOST);
    buf_init(&wire->flight, WIRE_OUTPUT_MOST);
    uv_tcp_init(loop, &wire->tcp);
    uv_timer_init(loop, &wire->timer);
    wire->tcp.data = wire->timer.data = wire->write.data = wire;
}

static void on_closed(uv_handle_t *handle)
{
    struct wire *wire = handle->data;

    if (--wire->handles)
        return;
    buf_release(&wire->output);
    buf_release(&wire->flight);
    wire->gone(wire->owner);
}

void wire_close(struct wire *wire, bool reset)
{
    if (wire->closing)
        return;
    wire->closing = true;
    wire->closing_now(wire->owner);
    if (!reset || wire->writing || uv_tcp_close_reset(&wire->tcp, on_closed) != 0)
        uv_close((uv_handle_t *)&wire->tcp, on_closed);
    uv_close((uv_handle_t *)&wire->timer, on_closed);
}

static void on_timer(uv_timer_t *timer)
{
    struct wire *wire = timer->data;

    wire->waiting = false;
    send_some(wire);
}

static void wait_then_send(struct wire *wire, unsigned milliseconds)
{
    wire->waiting = true;
    uv_timer_start(&wire->timer, on_timer, milliseconds, 0);
}

static void on_written(uv_write_t *write, int status)
{
    struct wire *wire = write->data;

    wire->writing = false;
    buf_reset(&wire->flight);
    if (status != 0)
        wire_close(wire, false);
    else
        send_some(wire);
}

/* The kernel took only a part: the rest goes when it can. */
static void send_rest(struct wire *wire, size_t length)
{
    uv_buf_t piece;

    buf_add(&wire->flight, wire->output.bytes, length);
    buf_consume(&wire->output, length);
    piece = uv_buf_init((char *)wire->flight.bytes, (unsigned)wire->flight.length);
    wire->writing = true;
    if (uv_write(&wire->write, (uv_stream_t *)&wire->tcp, &piece, 1, on_written) == 0)
        return;
    wire->writing = false;
    wire_close(wire, false);
}

static void all_sent(struct wire *wire)
{
    if (wire->after == WIRE_STAY)
        wire->sent(wire->owner);
    else
        wire_close(wire, wire->after == WIRE_RESET);
}

static void send_piece(struct wire *wire, size_t length)
{
    uv_buf_t piece = uv_buf_init((char *)wire->output.bytes, (unsigned)length);
    int sent = uv_try_write((uv_stream_t *)&wire->tcp, &piece, 1);

    if (sent < 0 && sent != UV_EAGAIN) {
        wire_close(wire, false);
        return;
    }
    if (sent > 0)
        buf_consume(&wire->output, (size_t)sent);
    if (sent < (int)length)
        send_rest(wire, length - (size_t)(sent > 0 ? sent : 0));
    else if (wire->output.length)
        wait_then_send(wire, wire->drip_ms);
    else
        all_sent(wire);
}

static void send_some(struct wire *wire)
{
    size_t length = wire->output.length;

    if (wire->closing || wire->writing || wire->waiting)
        return;
    if (wire->drip_bytes && length > wire->drip_bytes)
        length = wire->drip_bytes;
    if (length)
        send_piece(wire, length);
    else
        all_sent(wire);
}

void wire_send(struct wire *wire, unsigned delay)
{
    if (delay && !wire->waiting && !wire->writing && !wire->closing)
        wait_then_send(wire, delay);
    else
        send_some(wire);
}

void wire_hush(struct wire *wire)
{
    uv_timer_stop(&wire->timer);
    wire->waiting = false;
    buf_reset(&wire->output);
}
