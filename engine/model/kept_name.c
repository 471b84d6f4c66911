#include "engine/model/kept_name.h"

#include <arpa/inet.h>
#include <stddef.h>

#define NAME_MOST 1024 /* a DNS name with every byte escaped */

bool kept_address_ok(const char *text)
{
    struct in6_addr scratch;

    return inet_pton(AF_INET, text, &scratch) == 1 || inet_pton(AF_INET6, text, &scratch) == 1;
}

bool kept_name_ok(const char *text)
{
    size_t i;

    for (i = 0; text[i]; i++)
        if (text[i] <= ' ' || text[i] > '~' || i >= NAME_MOST)
            return false;
    return i;
}
