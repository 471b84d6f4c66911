#include "engine/tls/version.h"

#include <string.h>

static const char *const names[TLS_VERSIONS] = {"SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"};
static const char *const titles[TLS_VERSIONS] = {"SSL 3.0", "TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3"};

uint16_t tls_version_wire(enum tls_version version)
{
    return (uint16_t)(0x0300 + version);
}

bool tls_version_from_wire(uint16_t wire, enum tls_version *version)
{
    if (wire < 0x0300 || wire >= 0x0300 + TLS_VERSIONS)
        return false;
    *version = (enum tls_version)(wire - 0x0300);
    return true;
}

const char *tls_version_name(enum tls_version version)
{
    return (unsigned)version < TLS_VERSIONS ? names[version] : "unknown";
}

const char *tls_version_title(enum tls_version version)
{
    return (unsigned)version < TLS_VERSIONS ? titles[version] : "unknown";
}

bool tls_version_parse(const char *name, enum tls_version *version)
{
    unsigned i;

    for (i = 0; i < TLS_VERSIONS; i++) {
        if (strcmp(name, names[i]) == 0) {
            *version = (enum tls_version)i;
            return true;
        }
    }
    return false;
}
