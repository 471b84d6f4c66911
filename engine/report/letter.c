#include "engine/report/letter.h"

#include "data/letters/letters.h"
#include "engine/base/day.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/model/contact.h"
#include "engine/model/forward.h"
#include "engine/report/letter_evidence.h"
#include "engine/report/letter_hints.h"
#include "engine/report/letter_wrap.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define NAME_MOST 200 /* bytes of a file's name */

struct letter {
    char *text; /* owned; was read through once */
};

/* What a placeholder is filled from. */
struct about {
    const struct model *model;
    const struct target *target;
    const char *vantage;
};

typedef void fill(struct buf *out, const struct about *about);

static void fill_domain(struct buf *out, const struct about *about)
{
    letter_inert(out, about->target->spec.domain);
}

static void fill_unicode(struct buf *out, const struct about *about)
{
    const struct target_spec *spec = &about->target->spec;

    letter_inert(out, spec->unicode ? spec->unicode : spec->domain);
}

static void fill_contact(struct buf *out, const struct about *about)
{
    struct contacts list;

    model_contacts(about->target, &list);
    letter_inert(out, list.count ? list.items[0].address : "who runs the server");
    contacts_release(&list);
}

static void fill_contacts(struct buf *out, const struct about *about)
{
    struct contacts list;

    model_contacts(about->target, &list);
    for (size_t i = 0; i < list.count; i++) {
        buf_add_string(out, "- ");
        letter_inert(out, list.items[i].address);
        buf_printf(out, " (%s)\n", contact_source_title(list.items[i].source));
    }
    if (!list.count)
        buf_add_string(out, "- nobody is known\n");
    contacts_release(&list);
}

static void fill_owner(struct buf *out, const struct about *about)
{
    letter_inert(out, about->target->spec.owner ? about->target->spec.owner : "The mail team");
}

static void fill_connector(struct buf *out, const struct about *about)
{
    letter_inert(out, about->target->spec.connector ? about->target->spec.connector : "our mail server");
}

static void fill_summary(struct buf *out, const struct about *about)
{
    char *words = model_forward(about->model, about->target);

    letter_inert(out, words ? words : "");
    free(words);
}

static void fill_verdict(struct buf *out, const struct about *about)
{
    buf_add_string(out, verdict_title(about->target->judgement.verdict));
}

static void fill_consequence(struct buf *out, const struct about *about)
{
    buf_add_string(out, consequence_title(about->target->consequence));
}

static void add_day(struct buf *out, int32_t day)
{
    char text[DAY_TEXT_SIZE];

    day_text(text, day);
    buf_add_string(out, text);
}

static void fill_date(struct buf *out, const struct about *about)
{
    add_day(out, day_of(model_time(about->model)));
}

static void fill_due(struct buf *out, const struct about *about)
{
    if (about->target->spec.due)
        add_day(out, about->target->spec.due);
    else
        buf_add_string(out, "soon");
}

/* To go behind "please change". */
static void fill_by(struct buf *out, const struct about *about)
{
    int32_t due = about->target->spec.due;
    bool over = due && due < day_of(model_time(about->model));

    buf_add_string(out, over ? "now (it was to be done by " : due ? "by " : "");
    fill_due(out, about);
    buf_add_string(out, over ? ")" : "");
}

static void fill_vantage(struct buf *out, const struct about *about)
{
    letter_inert(out, about->vantage ? about->vantage : "our network");
}

static void fill_command(struct buf *out, const struct about *about)
{
    letter_command(out, about->model, about->target);
}

static void fill_servers(struct buf *out, const struct about *about)
{
    letter_hints(out, about->model, about->target);
}

static void fill_baseline(struct buf *out, const struct about *about)
{
    letter_inert(out, model_baseline(about->model)->name);
}

static void fill_evidence(struct buf *out, const struct about *about)
{
    letter_evidence(out, about->model, about->target);
}

static void fill_changes(struct buf *out, const struct about *about)
{
    letter_changes(out, about->model, about->target);
}

static const struct placeholder {
    const char *name;
    fill *fill;
    bool list; /* of several lines */
} placeholders[] = {
    {"domain", fill_domain, false},
    {"unicode", fill_unicode, false},
    {"contact", fill_contact, false},
    {"owner", fill_owner, false},
    {"connector", fill_connector, false},
    {"summary", fill_summary, false},
    {"verdict", fill_verdict, false},
    {"consequence", fill_consequence, false},
    {"date", fill_date, false},
    {"due", fill_due, false},
    {"by", fill_by, false},
    {"baseline", fill_baseline, false},
    {"vantage", fill_vantage, false},
    {"command", fill_command, false},
    {"contacts", fill_contacts, true},
    {"evidence", fill_evidence, true},
    {"what_to_change", fill_changes, true},
    {"common_servers", fill_servers, true},
};

#define PLACEHOLDERS (sizeof placeholders / sizeof *placeholders)

static const struct placeholder *find(const char *name, size_t length)
{
    for (size_t i = 0; i < PLACEHOLDERS; i++)
        if (strlen(placeholders[i].name) == length && memcmp(placeholders[i].name, name, length) == 0)
            return &placeholders[i];
    return NULL;
}

/* The list that `line` is all of, or NULL. */
static const struct placeholder *list_of(const char *line)
{
    size_t length = strlen(line);
    const struct placeholder *found = NULL;

    if (length > 2 && line[0] == '{' && line[length - 1] == '}')
        found = find(line + 1, length - 2);
    return found && found->list ? found : NULL;
}

/* What is wrong with the placeholder whose name begins at `name`; NULL: nothing. */
static char *wrong(const char *name, size_t length)
{
    const struct placeholder *found = name[length] == '}' ? find(name, length) : NULL;
    char *shown, *error;

    if (found && !found->list)
        return NULL;
    if (found)
        return mem_format("{%s} is a list; expected it alone on a line behind the header", found->name);
    shown = text_escaped(name, length > 40 ? 40 : length);
    error =
        mem_format(name[length] == '}'
                       ? "there is no placeholder {%s}; expected one as in {domain} (data/letters/README.md)"
                       : "{%s is not closed; expected }, or {{ for a brace",
                   shown);
    free(shown);
    return error;
}

/* Fills in one line, or only looks whether it can be (`about` NULL). Returns what is wrong, or NULL. */
static char *fill_line(const char *line, const struct about *about, struct buf *out)
{
    while (*line) {
        size_t length = strcspn(line, "{");
        char *error;

        buf_add(out, line, length);
        line += length;
        if (strncmp(line, "{{", 2) == 0) {
            buf_add_string(out, "{");
            line += 2;
        } else if (*line) {
            length = strcspn(++line, "{}");
            error = wrong(line, length);
            if (error)
                return error;
            if (about)
                find(line, length)->fill(out, about);
            line += length + 1;
        }
    }
    return NULL;
}

/* The next line of *text as a new string, without its end; NULL behind the last. */
static char *next_line(const char **text)
{
    size_t length = strcspn(*text, "\n"), kept = length;
    char *line;

    if (!**text)
        return NULL;
    while (kept && isspace((unsigned char)(*text)[kept - 1]))
        kept--;
    line = mem_string_n(*text, kept);
    *text += length + ((*text)[length] == '\n');
    return line;
}

static char *check_line(const char *line, bool header)
{
    struct buf scratch;
    uint32_t code;
    char *error;

    for (size_t i = 0, step; line[i]; i += step)
        if (!(step = text_decode((const uint8_t *)line + i, strlen(line + i), &code)))
            return mem_string("not valid UTF-8 text");
    if (!header && list_of(line))
        return NULL;
    buf_init(&scratch, 0);
    error = fill_line(line, NULL, &scratch);
    buf_release(&scratch);
    return error;
}

struct letter *letter_read(const char *name, const char *text, char **error)
{
    struct letter *letter;
    const char *at = text;
    bool header = true;
    char *line, *said = NULL;

    for (unsigned number = 1; !said && (line = next_line(&at)); number++) {
        header &= *line != '\0';
        said = check_line(line, header);
        if (said)
            *error = mem_format("%s:%u: %s", name, number, said);
        free(line);
    }
    if (said) {
        free(said);
        return NULL;
    }
    letter = mem_alloc(sizeof *letter);
    letter->text = mem_string(text);
    return letter;
}

struct letter *letter_builtin(void)
{
    char *error = NULL;

    return letter_read(letter_files[0].name, letter_files[0].text, &error);
}

void letter_free(struct letter *letter)
{
    if (letter)
        free(letter->text);
    free(letter);
}

bool letter_is_due(const struct model *model, const struct target *target)
{
    char *words;

    if (target->removed || target->spec.class != CLASS_PARTNER ||
        !verdict_falls_short(target->judgement.verdict) || target->spec.contact_state == CONTACT_WAIVED)
        return false;
    words = model_forward(model, target);
    free(words);
    return words;
}

static void wrap_lines(struct buf *out, const char *lines)
{
    char *line;

    while ((line = next_line(&lines))) {
        letter_wrap(out, line, false);
        free(line);
    }
}

static void add_line(struct buf *out, const char *line, const struct about *about, bool header)
{
    const struct placeholder *list = header ? NULL : list_of(line);
    struct buf filled;

    buf_init(&filled, 0);
    if (list)
        list->fill(&filled, about);
    else
        free(fill_line(line, about, &filled));
    if (list)
        wrap_lines(out, buf_string(&filled));
    else
        letter_wrap(out, buf_string(&filled), header);
    buf_release(&filled);
}

char *letter_text(const struct letter *letter, const struct model *model, const struct target *target,
                  const char *vantage)
{
    const struct about about = {model, target, vantage};
    const char *at = letter->text;
    bool header = true;
    struct buf out;
    char *line;

    buf_init(&out, 0);
    while ((line = next_line(&at))) {
        header &= *line != '\0';
        add_line(&out, line, &about, header);
        free(line);
    }
    return buf_take_string(&out);
}

char *letter_file_name(const struct target *target)
{
    char *name = mem_format("%.*s.txt", NAME_MOST, target->spec.domain);

    for (size_t i = 0; name[i]; i++)
        if ((!isalnum((unsigned char)name[i]) && !strchr("-_.", name[i])) || (i == 0 && name[i] == '.'))
            name[i] = '_';
    return name;
}
