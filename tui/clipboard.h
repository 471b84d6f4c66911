/* Text for the clipboard of the terminal that is looked at, over SSH too: OSC 52. Pure. */
#pragma once

#include "engine/base/buf.h"

#include <stdbool.h>
#include <stddef.h>

/* Bytes of text whose sequence stays below 100,000: what more terminals than not take. */
#define CLIPBOARD_MOST 74994

/* What to send. Within tmux (`multiplexed`) the sequence goes out twice: tmux takes the first itself where
 * its set-clipboard is on, and lets the second through to the terminal where its allow-passthrough is on. */
void clipboard_sequence(struct buf *out, const char *text, size_t length, bool multiplexed);
