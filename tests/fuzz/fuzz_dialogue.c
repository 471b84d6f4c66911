#include "engine/smtp/dialogue.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void move(struct dialogue *dialogue, uint8_t how)
{
    switch (how) {
    case 0xf8:
        dialogue_timeout(dialogue);
        break;
    case 0xf9:
        dialogue_finish(dialogue);
        break;
    case 0xfa:
        dialogue_eof(dialogue, false);
        break;
    default:
        dialogue_tls_started(dialogue);
        break;
    }
}

/* The first byte chooses the protocol, and by its highest bit whether injection is checked; bytes from 0xf8
 * to 0xfb are events, all others are said by the server in pieces that end at an event. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct dialogue *dialogue;
    size_t from = 1, at;

    if (!length)
        return 0;
    dialogue = dialogue_new((enum protocol)((bytes[0] & 0x7f) % protocol_count), "probe.example");
    if (bytes[0] & 0x80)
        dialogue_check_injection(dialogue);
    for (at = 1; at < length; at++) {
        if (bytes[at] < 0xf8 || bytes[at] > 0xfb)
            continue;
        dialogue_feed(dialogue, bytes + from, at - from);
        move(dialogue, bytes[at]);
        from = at + 1;
    }
    dialogue_feed(dialogue, bytes + from, length - from);
    if (dialogue_result(dialogue)->transcript.count > TRANSCRIPT_MOST)
        abort();
    dialogue_free(dialogue);
    return 0;
}
