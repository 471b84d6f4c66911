/* The first byte chooses what was asked for, the rest is the answer. */
#include "engine/net/dns_message.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const enum dns_type types[] = {DNS_TYPE_MX, DNS_TYPE_A, DNS_TYPE_AAAA, DNS_TYPE_PTR, DNS_TYPE_SOA};
    struct dns_answer answer;
    size_t i;

    if (!size)
        return 0;
    dns_answer_parse(&answer, data + 1, size - 1, "x.test",
                     types[data[0] % (sizeof types / sizeof types[0])]);
    for (i = 0; i < answer.count; i++) {
        char *normal = answer.records[i].name ? dns_name_normal(answer.records[i].name) : NULL;

        if (normal && strcmp(normal, answer.records[i].name) != 0)
            abort();
        free(normal);
    }
    dns_answer_release(&answer);
    return 0;
}
