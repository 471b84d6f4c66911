/* The first byte chooses what was asked for, the rest is the answer. */
#include "engine/net/dns_message.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_spelling(const char *name)
{
    char *normal = dns_name_normal(name);

    if (normal && strcmp(normal, name) != 0)
        abort();
    free(normal);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const enum dns_type types[] = {DNS_TYPE_MX,  DNS_TYPE_A,   DNS_TYPE_AAAA,
                                          DNS_TYPE_PTR, DNS_TYPE_SOA, DNS_TYPE_TXT};
    struct dns_answer answer;
    enum dns_type type;
    size_t i;

    if (!size)
        return 0;
    type = types[data[0] % (sizeof types / sizeof types[0])];
    dns_answer_parse(&answer, data + 1, size - 1, "x.test", type);
    for (i = 0; i < answer.count; i++)
        if (type != DNS_TYPE_TXT && answer.records[i].name)
            check_spelling(answer.records[i].name);
    if (answer.zone) {
        check_spelling(answer.zone);
        check_spelling(answer.mailbox);
    }
    dns_answer_release(&answer);
    return 0;
}
