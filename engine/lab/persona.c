#include "engine/lab/persona.h"

#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/lab/lines.h"
#include "engine/tls/suite.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum key_kind {
    KEY_NUMBER,
    KEY_SIGNED,
    KEY_WORD,
    KEY_TEXT,
    KEY_VERSION,
    KEY_PROTOCOLS,
    KEY_TURN,
    KEY_CHOOSE
};

struct key {
    const char *name;
    enum key_kind kind;
    size_t offset;       /* of the field in struct persona */
    unsigned long most;  /* KEY_NUMBER, KEY_SIGNED */
    const char *choices; /* KEY_WORD: "zeroth first second" */
};

#define AT(field) offsetof(struct persona, field)

static const struct key keys[] = {
    {"listen", KEY_WORD, AT(listen), 0, "open full"},
    {"protocols", KEY_PROTOCOLS, AT(protocols), 0, NULL},
    {"first", KEY_TURN, AT(first), 0, NULL},
    {"every", KEY_TURN, AT(every), 0, NULL},
    {"most", KEY_NUMBER, AT(most), 4096, NULL},
    {"greeting", KEY_WORD, AT(greeting), 0,
     "normal silence close reset endless http garbage endless-line masked proxy bye preauth"},
    {"greeting-code", KEY_NUMBER, AT(greeting_code), 599, NULL},
    {"greeting-lines", KEY_NUMBER, AT(greeting_lines), 100, NULL},
    {"greeting-close", KEY_WORD, AT(greeting_close), 0, "no yes"},
    {"greeting-delay", KEY_NUMBER, AT(greeting_ms), 120000, NULL},
    {"banner", KEY_TEXT, AT(banner), 0, NULL},
    {"drip-bytes", KEY_NUMBER, AT(drip_bytes), 4096, NULL},
    {"drip-delay", KEY_NUMBER, AT(drip_ms), 10000, NULL},
    {"reply-delay", KEY_NUMBER, AT(reply_ms), 120000, NULL},
    {"late", KEY_NUMBER, AT(late), 100, NULL},
    {"late-delay", KEY_NUMBER, AT(late_ms), 120000, NULL},
    {"sync", KEY_WORD, AT(sync), 0, "no yes"},
    {"ehlo", KEY_WORD, AT(ehlo), 0, "yes helo-only reject later close endless endless-line"},
    {"starttls", KEY_WORD, AT(starttls), 0,
     "yes absent masked later no close reset silence inject lower garbage hang-up"},
    {"min", KEY_VERSION, AT(min), 0, NULL},
    {"max", KEY_VERSION, AT(max), 0, NULL},
    {"ciphers", KEY_TEXT, AT(ciphers), 0, NULL},
    {"groups", KEY_TEXT, AT(groups), 0, NULL},
    {"client-certificate", KEY_WORD, AT(client_certificate), 0, "no yes require"},
    {"hello", KEY_WORD, AT(hello), 0, "tls script close reset silence garbage noise sslv2 sslv2-error"},
    {"tolerates", KEY_VERSION, AT(tolerates), 0, NULL},
    {"hello-bytes", KEY_NUMBER, AT(hello_bytes), 16384, NULL},
    {"alert", KEY_SIGNED, AT(alert), 255, NULL},
    {"choose", KEY_CHOOSE, 0, 0, NULL},
    {"behind-choice", KEY_WORD, AT(behind_choice), 0, "close reset silence"},
    {"dh", KEY_NUMBER, AT(dh_bits), 8192, NULL},
    {"sentinel", KEY_WORD, AT(sentinel), 0, "no 1.2 1.1"},
    {"tolerates-alert", KEY_SIGNED, AT(tolerates_alert), 255, NULL},
    {"dislikes", KEY_WORD, AT(dislikes_newest), 0, "nothing newest"},
    {"handshakes", KEY_NUMBER, AT(handshakes), 1000, NULL},
    {"handshakes-for", KEY_NUMBER, AT(handshakes_ms), 600000, NULL},
    {"handshakes-over", KEY_WORD, AT(handshakes_later), 0, "close later"},
    {"sni", KEY_WORD, AT(sni), 0, "ignore reject close warn each"},
    {"sni-name", KEY_TEXT, AT(sni_name), 0, NULL},
    {"fragment", KEY_NUMBER, AT(fragment), 16384, NULL},
    {"issuer", KEY_WORD, AT(issuer), 0, "lab other self"},
    {"key", KEY_WORD, AT(key), 0, "rsa ecdsa rsa-1024 rsa-512 both"},
    {"signature", KEY_WORD, AT(sha1), 0, "sha256 sha1"},
    {"chain", KEY_NUMBER, AT(chain), 40, NULL},
    {"days", KEY_SIGNED, AT(days), 36500, NULL},
    {"name", KEY_TEXT, AT(certificate_name), 0, NULL},
    {"teaser-delay", KEY_NUMBER, AT(teaser_ms), 120000, NULL},
    {"ehlo-code", KEY_NUMBER, AT(ehlo_code), 599, NULL},
    {"starttls-code", KEY_NUMBER, AT(starttls_code), 599, NULL},
    {"starttls-place", KEY_WORD, AT(starttls_place), 0, "middle first last"},
    {"eager", KEY_WORD, AT(eager), 0, "no yes"},
    {"drip-until", KEY_WORD, AT(drip_clear), 0, "end tls"},
    {"quit", KEY_WORD, AT(quit), 0, "answer close silence"},
    {"behind-starttls", KEY_WORD, AT(behind), 0, "drop run hello answer"},
};

/* The place of `word` in a list parted by blanks, or -1. */
static int place_in(const char *list, const char *word)
{
    size_t length = strlen(word);
    int place;

    for (place = 0; *list; place++) {
        size_t item = strcspn(list, " ");

        if (item == length && strncmp(list, word, item) == 0)
            return place;
        list += item + (list[item] == ' ');
    }
    return -1;
}

static bool set_number(void *field, const struct key *key, const char *value)
{
    unsigned long number;
    bool negative = key->kind == KEY_SIGNED && *value == '-';

    if (!text_number(value + negative, 0, key->most, &number))
        return false;
    if (key->kind == KEY_SIGNED)
        *(int *)field = negative ? -(int)number : (int)number;
    else
        *(unsigned *)field = (unsigned)number;
    return true;
}

static bool set_word(unsigned *field, const char *choices, const char *value)
{
    int place = place_in(choices, value);

    if (place >= 0)
        *field = (unsigned)place;
    return place >= 0;
}

static bool set_text(char **field, const char *value)
{
    free(*field);
    *field = mem_string(value);
    return true;
}

static bool set_version(int *field, const char *value)
{
    enum tls_version version;

    if (!tls_version_parse(value, &version))
        return false;
    *field = (int)version;
    return true;
}

static bool set_protocols(unsigned *field, char *value)
{
    enum protocol protocol;
    char *word, *rest = NULL;

    *field = 0;
    if (strcmp(value, "all") == 0) {
        *field = (1U << protocol_count) - 1;
        return true;
    }
    for (word = strtok_r(value, ",", &rest); word; word = strtok_r(NULL, ",", &rest)) {
        if (!protocol_parse(word, &protocol))
            return false;
        *field |= 1U << protocol;
    }
    return *field != 0;
}

/* NUMBER:PERSONA */
static bool set_turn(struct persona_turn *turn, char *value)
{
    char *colon = strchr(value, ':');
    unsigned long number;

    if (!colon)
        return false;
    *colon = '\0';
    if (!text_number(value, 1, 1000, &number))
        return false;
    turn->number = (unsigned)number;
    return set_text(&turn->name, colon + 1);
}

/* VERSION/SUITE,… by IANA's names. */
static bool set_choices(struct persona *persona, char *value)
{
    char *word, *rest = NULL;

    persona->choice_count = 0;
    for (word = strtok_r(value, ",", &rest); word; word = strtok_r(NULL, ",", &rest)) {
        struct persona_choice *choice = &persona->choices[persona->choice_count];
        char *slash = strchr(word, '/');
        const struct tls_suite *suite = slash ? tls_suite_by_name(slash + 1) : NULL;

        if (!suite || persona->choice_count == PERSONA_CHOICES_MOST)
            return false;
        *slash = '\0';
        if (!tls_version_parse(word, &choice->version) || choice->version == TLS_1_3)
            return false;
        choice->suite = suite->id;
        persona->choice_count++;
    }
    persona->hello = HELLO_SCRIPT;
    return persona->choice_count != 0;
}

static bool set_key(struct persona *persona, const struct key *key, char *value)
{
    void *field = (char *)persona + key->offset;

    switch (key->kind) {
    case KEY_NUMBER:
    case KEY_SIGNED:
        return set_number(field, key, value);
    case KEY_WORD:
        return set_word(field, key->choices, value);
    case KEY_TEXT:
        return set_text(field, value);
    case KEY_VERSION:
        return set_version(field, value);
    case KEY_PROTOCOLS:
        return set_protocols(field, value);
    case KEY_TURN:
        return set_turn(field, value);
    case KEY_CHOOSE:
        return set_choices(persona, value);
    }
    return false;
}

static const struct key *find_key(const char *name)
{
    size_t i;

    for (i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(keys[i].name, name) == 0)
            return &keys[i];
    return NULL;
}

static struct persona *new_persona(const char *name)
{
    struct persona *persona = mem_alloc(sizeof *persona);

    persona->name = mem_string(name);
    persona->protocols = 1U << PROTOCOL_SMTP;
    persona->greeting_code = 220;
    persona->greeting_lines = 1;
    persona->min = TLS_1_2;
    persona->max = TLS_1_3;
    persona->tolerates = persona->tolerates_alert = persona->alert = -1;
    persona->days = 180;
    return persona;
}

static void free_persona(void *value)
{
    struct persona *persona = value;

    free(persona->name);
    free(persona->first.name);
    free(persona->every.name);
    free(persona->banner);
    free(persona->ciphers);
    free(persona->groups);
    free(persona->sni_name);
    free(persona->certificate_name);
    free(persona);
}

/* `like=NAME`: begins as a copy of that persona. */
static void copy_persona(struct persona *to, const struct persona *from)
{
    char *name = to->name;

    *to = *from;
    to->name = name;
    to->first.name = mem_string(from->first.name);
    to->every.name = mem_string(from->every.name);
    to->banner = mem_string(from->banner);
    to->ciphers = mem_string(from->ciphers);
    to->groups = mem_string(from->groups);
    to->sni_name = mem_string(from->sni_name);
    to->certificate_name = mem_string(from->certificate_name);
}

static bool read_word(const struct lines *lines, struct map *personas, struct persona *persona, char *word,
                      char **error)
{
    char *value = line_value(word);
    const struct key *key = find_key(word);

    if (!value)
        return lines_fail(lines, error, "expected KEY=VALUE, not \"%s\"", word);
    if (strcmp(word, "like") == 0) {
        const struct persona *model = map_get(personas, value);

        if (!model || model == persona)
            return lines_fail(lines, error, "like=%s: no such persona above", value);
        copy_persona(persona, model);
        persona->line = lines->number;
        return true;
    }
    if (!key)
        return lines_fail(lines, error, "unknown key \"%s\"", word);
    if (!set_key(persona, key, value))
        return lines_fail(lines, error, "\"%s\" is no value for %s%s%s", value, word,
                          key->choices ? ", expected one of " : "", key->choices ? key->choices : "");
    return true;
}

static bool check(const struct lines *lines, const struct persona *persona, char **error)
{
    if (persona->min < TLS_1_0 || persona->min > persona->max)
        return lines_fail(lines, error, "expected TLSv1.0 <= min <= max; SSLv3 needs choose=");
    if (persona->hello == HELLO_SCRIPT && !persona->choice_count)
        return lines_fail(lines, error, "hello=script needs choose=");
    if ((persona->dh_bits || persona->sentinel) && !persona->choice_count)
        return lines_fail(lines, error, "dh and sentinel need choose=");
    if (persona->drip_bytes && !persona->drip_ms)
        return lines_fail(lines, error, "drip-bytes needs drip-delay");
    if (persona->greeting_code < 200)
        return lines_fail(lines, error, "greeting-code is 200 to 599");
    if ((persona->ehlo_code && persona->ehlo_code < 400) ||
        (persona->starttls_code && persona->starttls_code < 400))
        return lines_fail(lines, error, "ehlo-code and starttls-code are 400 to 599");
    if (persona->teaser_ms && persona->greeting_lines < 2)
        return lines_fail(lines, error, "teaser-delay needs greeting-lines of 2 or more");
    return true;
}

static bool read_persona(const struct lines *lines, struct map *personas, char **error)
{
    struct persona *persona;
    size_t i;

    if (lines->count < 2 || strcmp(lines->words[0], "persona") != 0)
        return lines_fail(lines, error, "expected persona NAME KEY=VALUE...");
    if (map_get(personas, lines->words[1]))
        return lines_fail(lines, error, "there is a persona \"%s\" already", lines->words[1]);
    persona = new_persona(lines->words[1]);
    persona->line = lines->number;
    map_put(personas, persona->name, persona);
    for (i = 2; i < lines->count; i++)
        if (!read_word(lines, personas, persona, lines->words[i], error))
            return false;
    return check(lines, persona, error);
}

static bool find_turn(const char *source, const struct map *personas, const struct persona *persona,
                      struct persona_turn *turn, char **error)
{
    if (!turn->number)
        return true;
    turn->persona = map_get(personas, turn->name);
    if (!turn->persona)
        *error = mem_format("%s:%u: no persona \"%s\"", source, persona->line, turn->name);
    return turn->persona != NULL;
}

static bool find_turns(const char *source, const struct map *personas, char **error)
{
    struct persona *persona;
    size_t cursor = 0;

    while ((persona = map_next(personas, &cursor)))
        if (!find_turn(source, personas, persona, &persona->first, error) ||
            !find_turn(source, personas, persona, &persona->every, error))
            return false;
    return true;
}

bool personas_parse(const char *source, const char *text, struct map *personas, char **error)
{
    struct lines lines = lines_of(source, text);
    bool good = true;

    *error = NULL;
    while (good && lines_next(&lines, error))
        good = read_persona(&lines, personas, error);
    lines_release(&lines);
    return !*error && find_turns(source, personas, error);
}

void personas_release(struct map *personas)
{
    map_release(personas, free_persona);
}
