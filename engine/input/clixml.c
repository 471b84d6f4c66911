#include "engine/input/clixml.h"

#include "engine/base/buf.h"
#include "engine/base/map.h"
#include "engine/base/mem.h"
#include "engine/base/text.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MOST 64
#define TEXT_MOST  65536   /* bytes of one value */
#define REFS_MOST  2000000 /* values that later ones may refer to */
#define CHUNK      (1 << 20)

bool clixml_detect(const char *text)
{
    text += strspn(text, " \t\r\n");
    return strncmp(text, "<?xml", 5) == 0 || strncmp(text, "<Objs", 5) == 0 ||
           strncmp(text, "<!DOCTYPE", 9) == 0;
}

/* What an open element is to the record. */
enum part {
    PART_OTHER,
    PART_OBJECTS, /* <Objs> */
    PART_LIST,    /* a list of records: <LST> of a top-level <Obj> */
    PART_HOLDER,  /* that <Obj> */
    PART_RECORD,  /* an <Obj> that may be one */
    PART_PROPS,   /* its <Props> */
    PART_EXTRA,   /* its <MS> */
    PART_FIELD,   /* a property that is an <Obj> */
    PART_ITEMS,   /* the list of a property */
    PART_ITEM,    /* an <Obj> of it */
    PART_SCALAR,  /* text of a property */
    PART_WORD,    /* text of an item */
    PART_LABEL,   /* <ToString> of a property or item */
};

struct document {
    XML_Parser parser;
    const struct record_sink *sink;
    struct record record;
    enum part parts[DEPTH_MOST];
    unsigned depth;
    bool has_props, any;
    char name[80]; /* of the property; "" when nobody reads it */
    bool labelled; /* the property has a text, or a list */
    struct buf text;
    char ref[24];    /* RefId of the property */
    struct map refs; /* RefId → text (owned), for a <Ref> further on */
    const char *wrong;
};

static const char *attribute(const char **attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (strcmp(attributes[0], name) == 0)
            return attributes[1];
    return NULL;
}

static enum part top(const struct document *d)
{
    return d->depth ? d->parts[d->depth - 1] : PART_OTHER;
}

static void push(struct document *d, enum part part)
{
    if (d->depth == DEPTH_MOST) {
        d->wrong = "elements are nested too deep";
        XML_StopParser(d->parser, XML_FALSE);
        return;
    }
    d->parts[d->depth++] = part;
    if (part == PART_SCALAR || part == PART_WORD || part == PART_LABEL)
        buf_reset(&d->text);
}

static void begin_record(struct document *d)
{
    record_begin(&d->record, (unsigned)XML_GetCurrentLineNumber(d->parser));
    d->has_props = false;
}

static bool is_list(const char *element)
{
    static const char *const lists[] = {"LST", "IE", "STK", "QUE"};
    size_t i;

    for (i = 0; i < sizeof lists / sizeof lists[0]; i++)
        if (strcmp(lists[i], element) == 0)
            return true;
    return false;
}

static void begin_field(struct document *d, const char **attributes)
{
    const char *name = attribute(attributes, "N"), *ref = attribute(attributes, "RefId");

    *d->name = *d->ref = 0;
    d->labelled = false;
    if (ref && strlen(ref) < sizeof d->ref)
        memcpy(d->ref, ref, strlen(ref) + 1);
    if (!name || strlen(name) >= sizeof d->name || !record_wants(name, strlen(name)) ||
        record_field(&d->record, name))
        return;
    memcpy(d->name, name, strlen(name) + 1);
}

static void add(struct document *d, enum field_kind kind, const char *text)
{
    if (*d->name && !d->labelled) {
        record_add(&d->record, d->name, strlen(d->name), kind);
        if (text)
            record_item(&d->record, text, strlen(text));
    }
    d->labelled = true;
}

/* A property by reference has the text that the other one had. */
static void add_reference(struct document *d, const char **attributes)
{
    const char *id = attribute(attributes, "RefId"), *text = id ? map_get(&d->refs, id) : NULL;

    add(d, text ? FIELD_TEXT : FIELD_LOST, text ? text : "a reference");
}

/* An element among the properties. */
static enum part in_props(struct document *d, const char *element, const char **attributes)
{
    begin_field(d, attributes);
    if (strcmp(element, "Obj") == 0)
        return PART_FIELD;
    if (strcmp(element, "Nil") == 0)
        add(d, FIELD_NULL, NULL);
    else if (strcmp(element, "Ref") == 0)
        add_reference(d, attributes);
    else
        return PART_SCALAR;
    return PART_OTHER;
}

static enum part in_field(struct document *d, const char *element)
{
    if (is_list(element)) {
        if (*d->name && !d->labelled)
            record_add(&d->record, d->name, strlen(d->name), FIELD_LIST);
        d->labelled = true;
        return PART_ITEMS;
    }
    return strcmp(element, "ToString") == 0 ? PART_LABEL : PART_OTHER;
}

static enum part in_items(const char *element)
{
    return strcmp(element, "Obj") == 0                                  ? PART_ITEM
           : strcmp(element, "Nil") == 0 || strcmp(element, "Ref") == 0 ? PART_OTHER
                                                                        : PART_WORD;
}

static enum part in_record(struct document *d, const char *element)
{
    if (strcmp(element, "Props") == 0) {
        d->has_props = true;
        return PART_PROPS;
    }
    if (strcmp(element, "MS") == 0)
        return d->has_props ? PART_OTHER : PART_EXTRA;
    if (!is_list(element) || d->depth != 2 || d->record.count)
        return PART_OTHER;
    d->record.number--; /* it holds the records, and is none */
    d->parts[d->depth - 1] = PART_HOLDER;
    return PART_LIST;
}

static enum part part_of(struct document *d, const char *element, const char **attributes)
{
    switch (top(d)) {
    case PART_OBJECTS:
    case PART_LIST:
        if (strcmp(element, "Obj") != 0)
            return PART_OTHER;
        begin_record(d);
        return PART_RECORD;
    case PART_RECORD:
        return in_record(d, element);
    case PART_PROPS:
    case PART_EXTRA:
        return in_props(d, element, attributes);
    case PART_FIELD:
        return in_field(d, element);
    case PART_ITEMS:
        return in_items(element);
    case PART_ITEM:
        return strcmp(element, "ToString") == 0 ? PART_LABEL : PART_OTHER;
    case PART_OTHER:
        return !d->depth && strcmp(element, "Objs") == 0 ? PART_OBJECTS : PART_OTHER;
    case PART_HOLDER:
    case PART_SCALAR:
    case PART_WORD:
    case PART_LABEL:
        break;
    }
    return PART_OTHER;
}

static void on_start(void *context, const char *element, const char **attributes)
{
    struct document *d = context;

    if (d->depth && top(d) == PART_OTHER)
        push(d, PART_OTHER);
    else
        push(d, part_of(d, element, attributes));
}

static void on_text(void *context, const char *text, int length)
{
    struct document *d = context;
    enum part part = top(d);

    if ((part == PART_SCALAR || part == PART_WORD || part == PART_LABEL) && *d->name &&
        d->text.length + (size_t)length <= TEXT_MOST)
        buf_add(&d->text, text, (size_t)length);
}

static int hex(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                  : -1;
}

/* "_x000A_" and "_x005F_" (MS-PSRP §2.2.5.3.2), of ASCII; others stay as they are. In place. */
static void decode(char *text)
{
    char *to = text;

    if (!strstr(text, "_x"))
        return; /* most; an empty one can't be written to */
    while (*text) {
        bool escape = text[0] == '_' && text[1] == 'x' && text[2] == '0' && text[3] == '0' &&
                      hex(text[4]) >= 0 && hex(text[4]) < 8 && hex(text[5]) >= 0 && text[6] == '_' &&
                      (text[4] != '0' || text[5] != '0');

        *to++ = escape ? (char)(hex(text[4]) * 16 + hex(text[5])) : *text;
        text += escape ? 7 : 1;
    }
    *to = 0;
}

static void remember(struct document *d, const char *text)
{
    if (*d->ref && d->refs.count < REFS_MOST)
        free(map_put(&d->refs, d->ref, mem_string(text)));
}

static void end_record(struct document *d)
{
    if (!d->has_props && !d->record.count) {
        d->record.number--; /* an object without properties */
        return;
    }
    d->any = true;
    d->sink->take(d->sink->context, &d->record);
    d->record.count = 0;
}

static void end_text(struct document *d, enum part part)
{
    char *text = (char *)(uintptr_t)buf_string(&d->text);

    decode(text);
    if (part == PART_SCALAR)
        add(d, FIELD_TEXT, text);
    else if (part == PART_WORD || top(d) == PART_ITEM)
        *d->name ? record_item(&d->record, text, strlen(text)) : (void)0;
    else {
        if (*d->name)
            remember(d, text);
        add(d, FIELD_TEXT, text);
    }
}

static void on_end(void *context, const char *element)
{
    struct document *d = context;
    enum part part;

    (void)element;
    if (!d->depth)
        return;
    part = d->parts[--d->depth];
    if (part == PART_RECORD)
        end_record(d);
    else if (part == PART_FIELD && !d->labelled)
        add(d, FIELD_LOST, "an object without text");
    else if (part == PART_SCALAR || part == PART_WORD || part == PART_LABEL)
        end_text(d, part);
}

static void on_doctype(void *context, const char *name, const char *system, const char *public_id,
                       int internal)
{
    struct document *d = context;

    (void)name;
    (void)system;
    (void)public_id;
    (void)internal;
    d->wrong = "it has a DOCTYPE, which Export-Clixml never writes";
    XML_StopParser(d->parser, XML_FALSE);
}

static bool parse(struct document *d, const char *text)
{
    size_t left = strlen(text);

    do {
        int size = left < CHUNK ? (int)left : CHUNK;

        if (XML_Parse(d->parser, text, size, (size_t)size == left) != XML_STATUS_OK)
            return false;
        text += size;
        left -= (size_t)size;
    } while (left);
    return true;
}

static void complain(struct document *d)
{
    const char *words = d->wrong ? d->wrong : XML_ErrorString(XML_GetErrorCode(d->parser));
    char *why = mem_format("not whole CLIXML: %s", words);

    d->sink->wrong(d->sink->context, (unsigned)XML_GetCurrentLineNumber(d->parser), 0, why);
    free(why);
}

void clixml_read(const char *text, const struct record_sink *sink)
{
    struct document d = {.sink = sink};

    text += strspn(text, " \t\r\n");
    d.parser = XML_ParserCreate("UTF-8"); /* whatever the declaration says: the text was converted */
    if (!d.parser)
        abort();
    record_init(&d.record);
    buf_init(&d.text, 0);
    map_init(&d.refs);
    XML_SetUserData(d.parser, &d);
    XML_SetElementHandler(d.parser, on_start, on_end);
    XML_SetCharacterDataHandler(d.parser, on_text);
    XML_SetStartDoctypeDeclHandler(d.parser, on_doctype);
    if (!parse(&d, text))
        complain(&d);
    else if (!d.any)
        sink->wrong(sink->context, 1, 0, "no record in it");
    XML_ParserFree(d.parser);
    record_release(&d.record);
    buf_release(&d.text);
    map_release(&d.refs, free);
}
