/* Records of Exchange's exports → targets of partner class, and what is gathered for the end of all inputs:
 * Get-OutboundConnector, Get-InboundConnector, Get-AcceptedDomain, Get-TransportRule of Exchange Online;
 * Get-SendConnector, Get-TransportConfig of Exchange Server. */
#pragma once

#include "engine/input/input.h"
#include "engine/input/record.h"

/* Reads a text with the reader of its format. Each record becomes targets, is gathered, or is listed in notes
 * or problems with its reason. */
void exchange_read(const char *source, const char *text,
                   void (*read)(const char *text, const struct record_sink *sink), struct input *out);

/* The text is Format-Table's, which keeps too little: one problem with the right command. */
void exchange_refuse_table(const char *source, struct input *out);
