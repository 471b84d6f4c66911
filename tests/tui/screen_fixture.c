/* The screen over a made-up session, for tests: screen_fixture [OPTION...]
 *   --empty | --many N    no targets, or N domains instead of the sample
 *   --live                a made-up engine: at SIGUSR1 two hosts arrive below every target of class partner;
 * what is added or probed again gets facts at once
 *   --stream              with --live: events without end after SIGUSR1
 *   --trouble             with --live: the engine tells of its EHLO name at once
 *   --warned              the session is kept nowhere
 *   --hostile             targets whose texts try to act on the terminal, or are wider than they look
 *   --preflight           trouble with port 25 and with the EHLO name
 *   --compared            held against how it was a week before, which is written to $HOME/earlier.mxscope
 *   --beside              contoso.example has an MX beside its route
 *   --offline                a snapshot: nothing is probed before that is asked for
 *   --crash               SIGUSR1 aborts
 *   --until-idle          ends with code 42 when the screen begins to wait without end
 *   --still               the same day every day
 *   --plain               lines and commands (tui/plain.h) instead of the screen
 *   --ascii, --mouse, --color WHEN, --theme NAME, --config FILE, --script FILE   as mxscope's */
#include "engine/base/mem.h"
#include "tests/tui/fake_audit.h"
#include "tests/tui/sample.h"
#include "tests/tui/sample_earlier.h"
#include "tui/config.h"
#include "tui/plain.h"
#include "tui/requests.h"
#include "tui/screen.h"

#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct fixture {
    struct screen_options screen;
    struct audit *audit;
    bool plain, still, empty, live, stream, hostile, crash, until_idle, preflight, beside, trouble, compared,
        warned;
    unsigned long many;
};

static bool until_idle;

/* Stands in for the C library's: sees whether the screen's wait has an end. */
int poll(struct pollfd *polls, nfds_t count, int timeout)
{
    const struct timespec zero = {0, 0}, limit = {timeout / 1000, timeout % 1000 * 1000000L};

    if (!until_idle || timeout >= 0 || gettid() != getpid())
        return ppoll(polls, count, timeout < 0 ? NULL : &limit, NULL);
    if (ppoll(polls, count, &zero, NULL) == 0)
        _exit(42);
    return ppoll(polls, count, NULL, NULL);
}

static void crash(int signal_number)
{
    (void)signal_number;
    abort();
}

static bool take_flag(struct fixture *fixture, const char *name)
{
    const struct {
        const char *name;
        bool *flag;
    } flags[] = {{"--empty", &fixture->empty},
                 {"--live", &fixture->live},
                 {"--stream", &fixture->stream},
                 {"--hostile", &fixture->hostile},
                 {"--crash", &fixture->crash},
                 {"--ascii", &fixture->screen.ascii},
                 {"--until-idle", &fixture->until_idle},
                 {"--preflight", &fixture->preflight},
                 {"--beside", &fixture->beside},
                 {"--trouble", &fixture->trouble},
                 {"--warned", &fixture->warned},
                 {"--compared", &fixture->compared},
                 {"--offline", &fixture->screen.offline},
                 {"--mouse", &fixture->screen.mouse},
                 {"--plain", &fixture->plain},
                 {"--still", &fixture->still}};
    size_t i;

    for (i = 0; i < sizeof flags / sizeof flags[0]; i++)
        if (strcmp(flags[i].name, name) == 0)
            return *flags[i].flag = true;
    return false;
}

static const struct config *read_config(const char *path)
{
    static struct config config;
    const struct request *requests;
    char *error = NULL;
    size_t count;

    requests = requests_table(&count);
    config_init(&config, requests, count);
    if (!config_load(&config, path, true, &error))
        abort();
    return &config;
}

static void take_value(struct fixture *fixture, const char *name, const char *value)
{
    if (strcmp(name, "--many") == 0)
        fixture->many = strtoul(value, NULL, 10);
    else if (strcmp(name, "--color") == 0)
        fixture->screen.color = strcmp(value, "never") == 0    ? COLOR_NEVER
                                : strcmp(value, "always") == 0 ? COLOR_ALWAYS
                                                               : COLOR_AUTO;
    else if (strcmp(name, "--theme") == 0)
        fixture->screen.theme = value;
    else if (strcmp(name, "--config") == 0)
        fixture->screen.config = read_config(value);
    else if (strcmp(name, "--script") == 0)
        fixture->screen.script = value;
}

static void add_hostile(struct model *model)
{
    static const struct sample_endpoint endpoint = {"192.0.2.66", TLS_1_2, TLS_1_2, PROBE_OK};
    struct target *target = sample_add(model, "evil\033]0;owned\007.example", CLASS_PARTNER);

    model_set_notes(model, target,
                    &(struct target_notes){.note = "a\nb\r\033[2J\xe2\x80\xaeright\xc2\x9b"
                                                   "31m\xff \xef\xb8\x8f"});
    sample_route(model, target, "mx.\033[31mevil.example", 10);
    sample_addresses(model, "mx.\033[31mevil.example", &endpoint, 1);
    sample_facts(model, "mx.\033[31mevil.example", &endpoint);
    target = sample_add(model, "日本語日本語日本語日本語日本語日本語.example", CLASS_PARTNER);
    sample_route(model, target, "mx.\033[31mevil.example", 10);
    target = sample_add(model, "e\xcc\x81\xcc\x81te\xcc\x81.example", CLASS_PARTNER);
    sample_route(model, target, "mx.\033[31mevil.example", 10);
}

/* It is as bad as can be. */
static void add_beside(struct model *model)
{
    static const struct sample_endpoint clear = {"192.0.2.77", -1, -1, PROBE_OK};

    sample_beside(model, model_target_at(model, 0), "mx.contoso.example", 10);
    sample_addresses(model, "mx.contoso.example", &clear, 1);
    sample_facts(model, "mx.contoso.example", &clear);
}

static void add_many(struct model *model, unsigned long count)
{
    unsigned long i;

    for (i = 0; i < count; i++) {
        char *name = mem_format("domain%06lu.example", i);

        sample_add(model, name, i % 10 ? CLASS_OPPORTUNISTIC : CLASS_PARTNER);
        free(name);
    }
}

static struct audit *go_online(void *context, struct model *model, char **error)
{
    struct fixture *fixture = context;

    (void)error;
    return fixture->audit = fake_audit_new(model, false);
}

/* Never freed: the screen has it to the end. */
static const char *save_earlier(void)
{
    static char *path;

    path = mem_format("%s/earlier.mxscope", getenv("HOME"));
    sample_save_earlier(path);
    return path;
}

int main(int argc, char **argv)
{
    struct fixture fixture = {.screen = {.title = "mxscope"}};
    struct model *model;
    int i, code;

    setlocale(LC_ALL, "");
    for (i = 1; i < argc; i++)
        if (!take_flag(&fixture, argv[i]) && i + 1 < argc) {
            take_value(&fixture, argv[i], argv[i + 1]);
            i++;
        }
    model = fixture.empty || fixture.many ? sample_empty() : sample_model();
    add_many(model, fixture.many);
    if (fixture.hostile)
        add_hostile(model);
    if (fixture.beside)
        add_beside(model);
    if (fixture.preflight)
        sample_preflight(model);
    if (fixture.crash)
        signal(SIGUSR1, crash);
    if (fixture.still)
        model_set_now(model, SAMPLE_PROBED_AT);
    if (fixture.compared)
        fixture.screen.against = save_earlier();
    until_idle = fixture.until_idle;
    if (fixture.warned)
        fixture.screen.warning = "this session is kept nowhere: there is no room left on the disk";
    if (fixture.plain)
        plain_hold_signals();
    if (fixture.screen.offline)
        fixture.screen.go_online = go_online;
    fixture.screen.online_context = &fixture;
    if (fixture.live)
        fixture.audit = fake_audit_new(model, fixture.stream);
    if (fixture.trouble)
        fake_audit_tell(fixture.audit,
                        "EHLO name: mail.sample.example does not lead back to 192.0.2.1, which some "
                        "servers refuse; --ehlo NAME sets another");
    code = (fixture.plain ? plain_run : screen_run)(model, fixture.audit, &fixture.screen);
    fake_audit_free(fixture.audit);
    model_free(model);
    return code;
}
