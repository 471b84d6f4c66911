#include "engine/tls/certificate.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct certificate *certificate = certificate_parse(data, size), *copy = certificate_copy(certificate);
    size_t i;

    if (!copy != !certificate)
        abort();
    if (certificate) {
        if (certificate->trusted || strcmp(copy->subject, certificate->subject) != 0)
            abort();
        for (i = 0; i < certificate->names.count; i++)
            certificate_matches(certificate, certificate->names.items[i]);
        certificate_days_left(certificate, 0);
    }
    certificate_free(copy);
    certificate_free(certificate);
    return 0;
}
