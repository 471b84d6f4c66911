/* A TXT record, and the same bytes as a URI and as a name. */
#include "engine/base/mem.h"
#include "engine/policy/mailbox.h"
#include "engine/policy/tls_rpt.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* What comes out is plain, or nothing. */
static void check(char *mailbox)
{
    if (mailbox && !mailbox_ok(mailbox))
        abort();
    free(mailbox);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    char *text = mem_string_n((const char *)bytes, length);
    const char *const texts[] = {text, "v=TLSRPTv1;"};
    struct strings uris = {0};

    if (tls_rpt_read(text, &uris) != (uris.count > 0))
        abort();
    if (uris.count && tls_rpt_choose(texts, 2))
        abort();
    strings_release(&uris);
    check(mailbox_of_uri(text));
    check(mailbox_of_name(text));
    free(text);
    return 0;
}
