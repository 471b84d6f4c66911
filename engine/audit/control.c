#include "engine/audit/control.h"

#include "engine/base/mem.h"

#include <stdlib.h>

struct control {
    struct audit *audit;
    char *name;
    char *host; /* whose address it is; NULL before it is known; "" for an address */
    void (*done)(void *context);
    void *context;
    bool asking; /* the resolver will call back */
    bool over;
    bool called_off;                  /* before it told anything */
    bool again;                       /* to be asked anew behind its goodbye */
    struct engine_endpoint *endpoint; /* NULL before its address is known */
    struct control_word word;
    enum dns_status dns;    /* of what was looked up last */
    enum probe_error error; /* of its connection */
};

static void finish(struct control *control)
{
    if (control->over)
        return;
    control->over = true;
    control->done(control->context);
}

static void queue(struct control *control)
{
    address_queue(control->endpoint);
    schedule_run(control->audit);
}

static void probe(struct control *control, const struct net_address *address)
{
    struct audit *audit = control->audit;
    char text[NET_ADDRESS_SIZE];
    const struct endpoint_key key = {.address = text,
                                     .port = audit->options.smtp_port,
                                     .protocol = PROTOCOL_SMTP,
                                     .server_name = control->host};
    struct engine_endpoint *endpoint;

    net_address_print(address, text);
    endpoint = control->endpoint = endpoint_new(audit, address, &key);
    endpoint->control = control;
    endpoint->facts = facts_new();
    plan_init(&endpoint->plan, hello_may_name(control->host));
    plan_next(&endpoint->plan, endpoint->facts, audit->baseline, false, &endpoint->step);
    endpoint->urgency = URGENCY_READINESS;
    queue(control);
}

static void on_address(void *context, const struct address_answer *answer)
{
    struct control *control = context;
    size_t i = 0;

    control->asking = false;
    engine_count_queries(control->audit);
    if (control->over)
        return;
    control->dns = answer->status;
    while (i < answer->count && host_leaves_out(control->audit, &answer->addresses[i]))
        i++;
    if (i < answer->count)
        probe(control, &answer->addresses[i]);
    else
        finish(control);
}

static void ask_address(struct control *control, const char *host)
{
    const struct audit_options *options = &control->audit->options;

    control->host = mem_string(host);
    control->asking = true;
    resolver_address(control->audit->resolver, host, !options->no_ipv4, !options->no_ipv6, on_address,
                     control);
}

static void on_mx(void *context, const struct mx_answer *answer)
{
    struct control *control = context;

    control->asking = false;
    engine_count_queries(control->audit);
    if (control->over)
        return;
    control->dns = answer->status;
    if (answer->status == DNS_OK && answer->count && *answer->records[0].exchange)
        ask_address(control, answer->records[0].exchange);
    else if (answer->status == DNS_NO_DATA)
        ask_address(control, control->name);
    else
        finish(control);
}

static void look_up(struct control *control)
{
    struct net_address address;

    free(control->host);
    control->host = NULL;
    if (net_address_parse(control->name, &address)) {
        control->host = mem_string("");
        probe(control, &address);
    } else {
        control->asking = true;
        resolver_mx(control->audit->resolver, control->name, on_mx, control);
    }
}

struct control *control_new(struct audit *audit, const char *name, void (*done)(void *context), void *context)
{
    struct control *control = mem_alloc(sizeof *control);

    control->audit = audit;
    control->name = mem_string(name);
    control->done = done;
    control->context = context;
    look_up(control);
    return control;
}

bool control_cancel(struct control *control)
{
    struct engine_endpoint *endpoint = control->endpoint;
    bool leaves;

    if (control->over)
        return false;
    leaves = endpoint && (endpoint->work == WORK_LEAVING || !endpoint_withdraw(endpoint));
    if (endpoint)
        endpoint->work = leaves ? WORK_LEAVING : WORK_REST;
    control->called_off = true;
    control->again = false;
    control->over = !leaves;
    return leaves;
}

bool control_again(struct control *control)
{
    if (!control->called_off)
        return false;
    control->called_off = control->over = false;
    if (control->endpoint && control->endpoint->work == WORK_LEAVING)
        control->again = true;
    else if (control->endpoint)
        queue(control);
    else if (!control->asking)
        look_up(control);
    return true;
}

void control_stop(struct control *control)
{
    control->over = true;
    if (control->endpoint)
        endpoint_stop(control->endpoint);
}

void control_free(struct control *control)
{
    if (control->endpoint)
        endpoint_free(control->endpoint);
    free(control->host);
    free(control->name);
    free(control);
}

const char *control_name(const struct control *control)
{
    return control->name;
}

struct control_word control_word(const struct control *control)
{
    return control->word;
}

char *control_silence(const struct control *control)
{
    if (control->word.sign == SIGN_OPEN || !control->over || control->called_off)
        return NULL;
    if (control->error != PROBE_OK)
        return mem_string(probe_error_title(control->error));
    if (!control->host)
        return mem_string(control->dns == DNS_OK ? "it takes no mail" : dns_status_title(control->dns));
    return mem_string(control->dns == DNS_OK ? probe_error_title(PROBE_LEFT_OUT)
                                             : dns_status_title(control->dns));
}

/* What a cancelled one says is of no use. */
void control_took(struct control *control, const struct probe_result *result)
{
    bool leaving = control->endpoint->work == WORK_LEAVING;

    control->endpoint->work = WORK_REST;
    if (leaving && control->again) {
        control->again = false;
        queue(control);
        return;
    }
    if (!leaving) {
        const char *banner = result->dialogue->banner;

        control->error = result->error;
        control->word.sign = port_sign_of(result->error, banner);
        control->word.starttls = banner_is_starred(banner) && result->dialogue->starttls != STARTTLS_OFFERED
                                     ? STARTTLS_MASKED
                                     : result->dialogue->starttls;
    }
    finish(control);
}
