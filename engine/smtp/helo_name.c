#include "engine/smtp/dialogue.h"

#include <arpa/inet.h>
#include <string.h>

#define NAME_MOST  255
#define LABEL_MOST 63

static bool is_literal(const char *name)
{
    static const char ipv6[] = "IPv6:";
    unsigned char address[16];
    char text[64];
    size_t length = strlen(name);

    if (length < 3 || length >= sizeof text || name[length - 1] != ']')
        return false;
    memcpy(text, name + 1, length - 2);
    text[length - 2] = 0;
    if (strncasecmp(text, ipv6, strlen(ipv6)) == 0)
        return inet_pton(AF_INET6, text + strlen(ipv6), address) == 1;
    return inet_pton(AF_INET, text, address) == 1;
}

static bool is_label(const char *label, size_t length)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";

    return length && length <= LABEL_MOST && strspn(label, allowed) >= length && label[0] != '-' &&
           label[length - 1] != '-';
}

bool dialogue_helo_name_valid(const char *name)
{
    const char *label = name;
    size_t length;

    if (name[0] == '[')
        return is_literal(name);
    if (strlen(name) > NAME_MOST || !strchr(name, '.'))
        return false;
    for (;;) {
        length = strcspn(label, ".");
        if (!is_label(label, length))
            return false;
        if (!label[length])
            break;
        label += length + 1;
    }
    /* A top-level name is never a number: 192.0.2.1 is an address without its brackets. */
    return strspn(label, "0123456789") < length;
}
