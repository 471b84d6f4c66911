#include "engine/input/clixml.h"

#include "engine/base/mem.h"
#include "engine/base/text.h"
#include "engine/input/clixml_refs.h"
#include "engine/input/clixml_text.h"

#include <expat.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MOST 64
#define CHUNK      (64 * 1024)

static const char *behind(const char *text, const char *opening, const char *closing)
{
    const char *end;

    text += strspn(text, " \t\r\n");
    if (strncmp(text, opening, strlen(opening)) != 0)
        return text;
    end = strstr(text, closing);
    return end ? end + strlen(closing) : text + strlen(text);
}

bool clixml_detect(const char *text)
{
    const char *before;

    text = behind(text, "<?xml", "?>");
    do {
        before = text;
        text = behind(text, "<!--", "-->");
    } while (text != before);
    return (strncmp(text, "<Objs", 5) == 0 && text[5] && strchr(" \t\r\n/>", text[5])) ||
           strncmp(text, "<!DOCTYPE Objs", 14) == 0;
}

enum role {
    ROLE_ROOT,    /* Objs */
    ROLE_RECORD,  /* an Obj that stands where records do */
    ROLE_RECORDS, /* LST and such, in a record */
    ROLE_FIELDS,  /* Props or MS of a record */
    ROLE_OBJECT,  /* any other Obj */
    ROLE_LIST,    /* LST and such, in an object */
    ROLE_SCALAR,  /* whose text is kept */
    ROLE_STRING,  /* ToString of an object */
    ROLE_OTHER,
};

enum value { VALUE_NONE, VALUE_SCALAR, VALUE_STRING, VALUE_LIST, VALUE_LOST };

struct element {
    enum role role;
    bool is_field;    /* it stands in ROLE_FIELDS and its field is read */
    bool has_fields;  /* ROLE_RECORD: Props or MS were there */
    bool has_records; /* ROLE_RECORD: LST or such was there */
    unsigned line;
    size_t ref;       /* ROLE_OBJECT: its RefId, or NO_REF */
    enum value value; /* ROLE_OBJECT */
    size_t first;     /* its items are in `items` from here on */
    size_t count;
};

struct reader {
    const struct record_sink *sink;
    XML_Parser parser;
    struct record record;
    struct element stack[DEPTH_MOST];
    size_t depth;
    struct buf items; /* of all open elements; each ends with a NUL */
    struct refs refs;
    char *why; /* a problem of the whole file; owned */
};

static struct element *top(struct reader *r)
{
    return r->depth ? &r->stack[r->depth - 1] : NULL;
}

static unsigned line_now(const struct reader *r)
{
    return (unsigned)XML_GetCurrentLineNumber(r->parser);
}

static void stop(struct reader *r, char *why)
{
    r->why = why;
    XML_StopParser(r->parser, XML_FALSE);
}

static bool is(const char *name, const char *wanted)
{
    return strcmp(name, wanted) == 0;
}

static bool is_list(const char *name)
{
    return is(name, "LST") || is(name, "IE") || is(name, "STK") || is(name, "QUE");
}

static const char *attribute(const char **attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (is(attributes[0], name))
            return attributes[1];
    return NULL;
}

/* NO_REF when it has none that counts. */
static size_t ref_of(const char **attributes)
{
    const char *text = attribute(attributes, "RefId");
    unsigned long ref;

    return text && text_number(text, 0, NO_REF - 1, &ref) ? ref : NO_REF;
}

/* Ends the field that was begun last. */
static void end_field(struct reader *r, enum field_kind kind, const char *items, size_t count)
{
    r->record.fields[r->record.count - 1].kind = kind;
    for (; count--; items += strlen(items) + 1)
        record_item(&r->record, items, strlen(items));
}

static void lose_field(struct reader *r, const char *what)
{
    record_item(&r->record, what, strlen(what));
    r->record.fields[r->record.count - 1].kind = FIELD_LOST;
}

static void end_object_field(struct reader *r, const struct element *object)
{
    const char *items = buf_string(&r->items) + object->first;

    if (object->value == VALUE_LIST)
        end_field(r, FIELD_LIST, items, object->count);
    else if (object->value == VALUE_STRING || object->value == VALUE_SCALAR)
        end_field(r, FIELD_TEXT, items, 1);
    else
        lose_field(r, "an object without a text");
}

/* Begins the field unless nobody reads it or it is there already. */
static bool begin_field(struct reader *r, const char **attributes)
{
    const char *name = attribute(attributes, "N");

    if (!name || !record_wants(name, strlen(name)) || record_field(&r->record, name))
        return false;
    record_add(&r->record, name, strlen(name), FIELD_TEXT);
    return true;
}

static void add_ref_field(struct reader *r, const char **attributes)
{
    struct ref_value known;

    if (refs_recall(&r->refs, ref_of(attributes), &known))
        end_field(r, known.is_list ? FIELD_LIST : FIELD_TEXT, known.items, known.count);
    else
        lose_field(r, "a reference to an object without a text");
}

/* The object whose list this is. */
static struct element *list_owner(struct reader *r)
{
    return &r->stack[r->depth - 2];
}

static void add_ref_item(struct reader *r, const char **attributes)
{
    struct element *owner = list_owner(r);
    struct ref_value known;

    if (!refs_recall(&r->refs, ref_of(attributes), &known) || known.is_list) {
        owner->value = VALUE_LOST;
        return;
    }
    buf_add(&r->items, known.items, known.length);
    owner->count++;
}

static void push(struct reader *r, enum role role, bool is_field, size_t ref)
{
    struct element *element = &r->stack[r->depth++];

    memset(element, 0, sizeof *element);
    element->role = role;
    element->is_field = is_field;
    element->line = role == ROLE_RECORD ? line_now(r) : 0;
    element->ref = ref;
    element->first = r->items.length;
}

static void refuse_record(struct reader *r, unsigned line, const char *why)
{
    record_begin(&r->record, line);
    r->sink->wrong(r->sink->context, line, r->record.number, why);
}

static void in_records(struct reader *r, const char *name)
{
    if (is(name, "Obj")) {
        push(r, ROLE_RECORD, false, NO_REF);
        return;
    }
    /* A Ref is a record that was handed on before. */
    if (!is(name, "Ref") && !is(name, "Nil"))
        refuse_record(r, line_now(r), "it is a bare value; expected an object with properties");
    push(r, ROLE_OTHER, false, NO_REF);
}

static void in_record(struct reader *r, const char *name)
{
    struct element *record = top(r);
    enum role role = ROLE_OTHER;

    if (is_list(name) && !record->has_fields) {
        record->has_records = true;
        role = ROLE_RECORDS;
    } else if ((is(name, "Props") || is(name, "MS")) && !record->has_records) {
        if (!record->has_fields)
            record_begin(&r->record, record->line);
        record->has_fields = true;
        role = ROLE_FIELDS;
    }
    push(r, role, false, NO_REF);
}

static void in_fields(struct reader *r, const char *name, const char **attributes)
{
    bool read = begin_field(r, attributes);
    enum role role = read ? ROLE_SCALAR : ROLE_OTHER;

    if (is(name, "Obj")) {
        push(r, ROLE_OBJECT, read, ref_of(attributes));
        return;
    }
    if (read && is(name, "Nil")) {
        end_field(r, FIELD_NULL, NULL, 0);
        role = ROLE_OTHER;
    } else if (read && is(name, "Ref")) {
        add_ref_field(r, attributes);
        role = ROLE_OTHER;
    }
    push(r, role, read, NO_REF);
}

static void in_object(struct reader *r, const char *name)
{
    static const char *const others[] = {"TN", "TNRef", "Props", "MS", "DCT", "Obj", "Ref", "Nil"};
    struct element *object = top(r);
    enum role role = is(name, "ToString") ? ROLE_STRING : is_list(name) ? ROLE_LIST : ROLE_SCALAR;
    size_t i;

    for (i = 0; i < sizeof others / sizeof others[0]; i++)
        if (is(name, others[i]))
            role = ROLE_OTHER;
    if (role == ROLE_SCALAR && object->value != VALUE_NONE)
        role = ROLE_OTHER;
    if (role != ROLE_OTHER && object->value >= VALUE_LIST)
        role = ROLE_OTHER;
    if (role != ROLE_OTHER) {
        r->items.length = object->first;
        object->count = 0;
    }
    if (role == ROLE_LIST)
        object->value = VALUE_LIST;
    push(r, role, false, NO_REF);
}

static void in_list(struct reader *r, const char *name, const char **attributes)
{
    enum role role = ROLE_SCALAR;

    if (is(name, "Obj")) {
        push(r, ROLE_OBJECT, false, ref_of(attributes));
        return;
    }
    if (is(name, "Ref"))
        add_ref_item(r, attributes);
    if (is(name, "Ref") || is(name, "Nil"))
        role = ROLE_OTHER;
    push(r, role, false, NO_REF);
}

/* Anywhere else: objects are looked at only since a Ref may mean them later. */
static void in_other(struct reader *r, const char *name, const char **attributes)
{
    if (is(name, "Obj"))
        push(r, ROLE_OBJECT, false, ref_of(attributes));
    else
        push(r, ROLE_OTHER, false, NO_REF);
}

static void XMLCALL on_start(void *context, const char *name, const char **attributes)
{
    struct reader *r = context;
    struct element *parent = top(r);

    if (r->why)
        return;
    if (r->depth == DEPTH_MOST) {
        stop(r, mem_format("more than %d elements are nested in one another", DEPTH_MOST));
        return;
    }
    if (!parent) {
        if (!is(name, "Objs"))
            stop(r, mem_string("expected Objs as its outermost element, as Export-Clixml writes it"));
        push(r, ROLE_ROOT, false, NO_REF);
        return;
    }
    switch (parent->role) {
    case ROLE_ROOT:
    case ROLE_RECORDS:
        in_records(r, name);
        break;
    case ROLE_RECORD:
        in_record(r, name);
        break;
    case ROLE_FIELDS:
        in_fields(r, name, attributes);
        break;
    case ROLE_OBJECT:
        in_object(r, name);
        break;
    case ROLE_LIST:
        in_list(r, name, attributes);
        break;
    case ROLE_SCALAR:
    case ROLE_STRING:
    case ROLE_OTHER:
        in_other(r, name, attributes);
        break;
    }
}

static void end_record(struct reader *r, const struct element *record)
{
    if (record->has_fields)
        r->sink->take(r->sink->context, &r->record);
    else if (!record->has_records)
        refuse_record(r, record->line, "it has no properties; expected an object as a cmdlet gives it");
}

/* Keeps what an object was. */
static void learn(struct reader *r, const struct element *object)
{
    struct ref_value value = {.is_list = object->value == VALUE_LIST,
                              .items = buf_string(&r->items) + object->first,
                              .count = object->count,
                              .length = r->items.length - object->first};

    if (object->value != VALUE_NONE && object->value != VALUE_LOST)
        refs_learn(&r->refs, object->ref, &value);
}

/* An object is a field, an item or of no use but to Refs. */
static void end_object(struct reader *r, const struct element *object)
{
    struct element *parent = top(r);

    learn(r, object);
    if (object->is_field)
        end_object_field(r, object);
    if (parent->role != ROLE_LIST) {
        r->items.length = object->first;
    } else if (object->value == VALUE_STRING || object->value == VALUE_SCALAR) {
        list_owner(r)->count++;
    } else {
        list_owner(r)->value = VALUE_LOST;
        r->items.length = object->first;
    }
}

/* A scalar is a field, an item or what its object is. */
static void end_scalar(struct reader *r, const struct element *scalar)
{
    struct element *parent = top(r);

    clixml_decode(&r->items, scalar->first);
    buf_u8(&r->items, 0);
    if (scalar->is_field) {
        end_field(r, FIELD_TEXT, buf_string(&r->items) + scalar->first, 1);
        r->items.length = scalar->first;
    } else if (parent->role == ROLE_LIST) {
        list_owner(r)->count++;
    } else if (parent->role == ROLE_OBJECT) {
        parent->value = scalar->role == ROLE_STRING ? VALUE_STRING : VALUE_SCALAR;
        parent->count = 1;
    }
}

static void XMLCALL on_end(void *context, const char *name)
{
    struct reader *r = context;
    struct element element;

    (void)name;
    if (r->why)
        return;
    element = *top(r);
    r->depth--;
    if (element.role == ROLE_SCALAR || element.role == ROLE_STRING)
        end_scalar(r, &element);
    else if (element.role == ROLE_OBJECT)
        end_object(r, &element);
    else if (element.role == ROLE_RECORD)
        end_record(r, &element);
    if (r->items.failed)
        stop(r, mem_string("there is too much text in a record"));
}

static void XMLCALL on_text(void *context, const char *text, int length)
{
    struct reader *r = context;
    const struct element *element = top(r);

    if (!r->why && element && (element->role == ROLE_SCALAR || element->role == ROLE_STRING))
        buf_add(&r->items, text, (size_t)length);
}

static void XMLCALL on_doctype(void *context, const char *name, const char *system_id, const char *public_id,
                               int has_internal)
{
    (void)name;
    (void)system_id;
    (void)public_id;
    (void)has_internal;
    stop(context, mem_string("it declares a document type, which Export-Clixml never does"));
}

static void feed(struct reader *r, const char *text)
{
    size_t left = strlen(text);
    enum XML_Status status;

    do {
        size_t length = left < CHUNK ? left : CHUNK;

        status = XML_Parse(r->parser, text, (int)length, length == left);
        text += length;
        left -= length;
    } while (status == XML_STATUS_OK && left);
    if (status != XML_STATUS_OK && !r->why)
        r->why = mem_format("not whole XML: %s; expected the file as Export-Clixml writes it",
                            XML_ErrorString(XML_GetErrorCode(r->parser)));
}

void clixml_read(const char *text, const struct record_sink *sink)
{
    struct reader r = {.sink = sink};

    r.parser = XML_ParserCreate("UTF-8");
    if (!r.parser)
        abort();
    XML_SetUserData(r.parser, &r);
    XML_SetElementHandler(r.parser, on_start, on_end);
    XML_SetCharacterDataHandler(r.parser, on_text);
    XML_SetStartDoctypeDeclHandler(r.parser, on_doctype);
    record_init(&r.record);
    buf_init(&r.items, 0);
    refs_init(&r.refs, strlen(text) / 16);
    feed(&r, text);
    if (r.why)
        sink->wrong(sink->context, line_now(&r), 0, r.why);
    else if (!r.record.number)
        sink->wrong(sink->context, 0, 0, "no record in it");
    XML_ParserFree(r.parser);
    record_release(&r.record);
    buf_release(&r.items);
    refs_release(&r.refs);
    free(r.why);
}
