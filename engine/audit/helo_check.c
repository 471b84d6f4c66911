#include "engine/audit/helo_check.h"

#include "engine/net/operator.h"
#include "engine/base/mem.h"
#include "engine/net/leaving.h"

#include <string.h>
#include <strings.h>

bool helo_is_literal(const char *name)
{
    return *name == '[';
}

char *helo_domain(const char *name)
{
    return helo_is_literal(name) ? NULL : operator_domain(name);
}

bool helo_leads_to(const struct address_answer *answer, const struct net_address *address)
{
    for (size_t i = 0; i < answer->count; i++)
        if (net_address_equal(&answer->addresses[i], address))
            return true;
    return false;
}

/* "[192.0.2.1]" or "[IPv6:2001:db8::1]" (RFC 5321, section 4.1.3). */
static bool literal_is(const char *literal, const struct net_address *address)
{
    const char *begin = strncasecmp(literal, "[IPv6:", 6) == 0 ? literal + 6 : literal + 1;
    char text[NET_ADDRESS_SIZE] = "";
    struct net_address parsed;
    size_t length = strcspn(begin, "]");

    if (length >= sizeof text)
        return false;
    memcpy(text, begin, length);
    return net_address_parse(text, &parsed) && net_address_equal(&parsed, address);
}

static enum check_state judge_literal(const struct helo_view *view, const char *from, char **detail)
{
    if (literal_is(view->name, &view->from))
        return CHECK_OK;
    *detail = mem_format("EHLO says %s, an address literal, but probes leave from %s; some servers turn that "
                         "away (--helo-name, --source-address).",
                         view->name, from);
    return CHECK_TROUBLE;
}

static bool is_no(enum dns_status status)
{
    return status == DNS_NXDOMAIN || status == DNS_NO_DATA;
}

static enum check_state judge_forward(const struct helo_view *view, const char *from, char **detail)
{
    const struct address_answer *forward = view->forward;
    enum dns_status family = view->from.family == 4 ? forward->status4 : forward->status6;

    if (helo_leads_to(forward, &view->from))
        return CHECK_OK;
    if (is_no(forward->status)) {
        *detail = mem_format("The EHLO name %s has no address in DNS; some servers turn away or slow down "
                             "who gives such a name (--helo-name gives another).",
                             view->name);
        return CHECK_TROUBLE;
    }
    if (family != DNS_OK && !is_no(family)) {
        *detail = mem_format("Whether the EHLO name %s leads to %s is not known: %s.", view->name, from,
                             dns_status_title(family));
        return CHECK_UNKNOWN;
    }
    *detail = mem_format("The EHLO name %s does not lead to %s, where probes leave from; some servers turn "
                         "that away or slow it down (--helo-name, --source-address).",
                         view->name, from);
    return CHECK_TROUBLE;
}

static bool has_name(const struct names_answer *reverse, const char *name)
{
    size_t length = strlen(name);

    length -= length && name[length - 1] == '.';
    for (size_t i = 0; i < reverse->count; i++)
        if (strlen(reverse->names[i]) == length && strncasecmp(reverse->names[i], name, length) == 0)
            return true;
    return false;
}

/* The name in reverse DNS is another: it does when it leads back itself. */
static enum check_state judge_back(const struct helo_view *view, const char *from, char **detail)
{
    const char *other = view->reverse->names[0];

    if (view->back && helo_leads_to(view->back, &view->from)) {
        *detail = mem_format("%s is called %s in reverse DNS, which leads back to it.", from, other);
        return CHECK_OK;
    }
    *detail =
        mem_format("Reverse DNS calls %s, where probes leave from, %s, not %s, and that name does not lead "
                   "back; some servers turn that away or slow it down (--source-address).",
                   from, other, view->name);
    return CHECK_TROUBLE;
}

static enum check_state judge_reverse(const struct helo_view *view, const char *from, char **detail)
{
    const struct names_answer *reverse = view->reverse;

    if (is_no(reverse->status) || (reverse->status == DNS_OK && !reverse->count)) {
        *detail =
            mem_format("No name in reverse DNS (PTR) for %s, where probes leave from; many servers turn "
                       "such clients away (--source-address).",
                       from);
        return CHECK_TROUBLE;
    }
    if (reverse->status != DNS_OK) {
        *detail = mem_format("Whether %s has a name in reverse DNS is not known: %s.", from,
                             dns_status_title(reverse->status));
        return CHECK_UNKNOWN;
    }
    return has_name(reverse, view->name) ? CHECK_OK : judge_back(view, from, detail);
}

enum check_state helo_judge(const struct helo_view *view, char **detail)
{
    char from[NET_ADDRESS_SIZE];
    enum check_state state;

    *detail = NULL;
    if (!view->from.family)
        return CHECK_UNKNOWN;
    net_address_print(&view->from, from);
    if (net_address_scope(&view->from) != NET_SCOPE_GLOBAL) {
        *detail =
            mem_format("Probes leave from %s, %s, so whether the EHLO name fits the address that servers "
                       "see can't be told from here.",
                       from,
                       net_address_scope(&view->from) == NET_SCOPE_LOOPBACK ? "this machine itself"
                                                                            : "a private address");
        return CHECK_UNKNOWN;
    }
    if (helo_is_literal(view->name))
        return judge_literal(view, from, detail);
    if (!view->forward || !view->reverse)
        return CHECK_UNKNOWN;
    state = judge_forward(view, from, detail);
    return state == CHECK_OK ? judge_reverse(view, from, detail) : state;
}
