/* Does a certificate stand for the name that a connector demands? By whose rule, is the connector's own
 * affair: Exchange's is looser than RFC 6125 in one place and narrower in another, Postfix has patterns. */
#pragma once

#include "engine/base/words.h"
#include "engine/tls/certificate.h"

#include <stdbool.h>

enum name_answer { NAME_NO, NAME_YES, NAME_NOT_APPLICABLE };

/* Exchange's rule over the dNSName SANs and the subject's common name together: "*.contoso.com" is met by
 * itself, by the apex and by a name one label below it; contoso.com also by a certificate for *.contoso.com,
 * and with `below` as if "*.contoso.com" were demanded too. */
bool name_match_exchange(const struct certificate *certificate, const char *tls_domain, bool below);

/* RFC 6125 §6.4 / RFC 9525 §6.3; the common name counts when there is no dNSName. It knows no demand that is
 * a pattern itself: "*.contoso.com" and Postfix's ".contoso.com" have no answer, unless a name beside them is
 * met. */
enum name_answer name_match_strict(const struct certificate *certificate, const char *tls_domain);

/* Postfix's rule (smtp_tls_secure_cert_match) over patterns with colons between them: a name is met by itself
 * or by a certificate's "*." in place of its first label, ".name" by any name below it, "hostname" stands for
 * `host`, which may be NULL. */
bool name_match_postfix(const struct certificate *certificate, const char *patterns, const char *host);
