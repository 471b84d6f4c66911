#include "engine/policy/mailbox.h"

#include "engine/base/buf.h"
#include "engine/base/reader.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define LOCAL_MOST   64  /* RFC 5321, section 4.5.3.1.1 */
#define ADDRESS_MOST 254 /* section 4.5.3.1.3, without the brackets */
#define LABEL_MOST   63
#define MAILTO       "mailto:"

static bool is_atom(char c)
{
    return isalnum((unsigned char)c) || (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

/* Atoms with single dots between them. */
static bool is_local(const char *text, size_t length)
{
    if (!length || length > LOCAL_MOST || text[0] == '.' || text[length - 1] == '.')
        return false;
    for (size_t i = 0; i < length; i++)
        if (text[i] == '.' ? text[i + 1] == '.' : !is_atom(text[i]))
            return false;
    return true;
}

static bool is_label(const char *text, size_t length)
{
    if (!length || length > LABEL_MOST || text[0] == '-' || text[length - 1] == '-')
        return false;
    for (size_t i = 0; i < length; i++)
        if (!isalnum((unsigned char)text[i]) && text[i] != '-')
            return false;
    return true;
}

/* Names that no mail goes to: RFC 6761, RFC 6762, and what servers are set up with. */
static bool is_top_level(const char *label)
{
    static const char *const never[] = {"localhost", "invalid", "local", "localdomain"};

    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        if (strcasecmp(label, never[i]) == 0)
            return false;
    return label[strspn(label, "0123456789")] != '\0';
}

static bool is_domain(const char *text)
{
    size_t length = strcspn(text, ".");

    if (!text[length])
        return false;
    for (; text[length]; length = strcspn(text, ".")) {
        if (!is_label(text, length))
            return false;
        text += length + 1;
    }
    return is_label(text, length) && is_top_level(text);
}

bool mailbox_ok(const char *text)
{
    size_t local = strcspn(text, "@");

    return text[local] && strlen(text) <= ADDRESS_MOST && is_local(text, local) &&
           is_domain(text + local + 1);
}

/* The text, when it is an address; it is freed otherwise. */
static char *accept(struct buf *text)
{
    bool whole = !text->failed && (!text->length || !memchr(text->bytes, '\0', text->length));

    if (whole && mailbox_ok(buf_string(text)))
        return buf_take_string(text);
    buf_release(text);
    return NULL;
}

static int digit_of(uint8_t byte, unsigned base)
{
    int digit = isdigit(byte) ? byte - '0' : isxdigit(byte) ? tolower(byte) - 'a' + 10 : (int)base;

    return digit < (int)base ? digit : -1;
}

/* The byte that `count` digits stand for; the reader fails when they do not. */
static uint8_t read_digits(struct reader *in, unsigned base, unsigned count)
{
    unsigned value = 0;

    for (unsigned i = 0; i < count; i++) {
        int digit = digit_of(reader_u8(in), base);

        if (digit < 0)
            reader_fail(in);
        else
            value = value * base + (unsigned)digit;
    }
    if (value > UINT8_MAX)
        reader_fail(in);
    return in->failed ? 0 : (uint8_t)value;
}

char *mailbox_of_name(const char *name)
{
    struct reader in = reader_of(name, strlen(name));
    bool domain = false;
    struct buf text;

    buf_init(&text, ADDRESS_MOST + 1);
    while (reader_left(&in) && !in.failed) {
        uint8_t byte = reader_u8(&in);

        if (byte == '.' && !domain) {
            buf_u8(&text, '@');
            domain = true;
        } else if (byte == '\\') {
            byte = read_digits(&in, 10, 3);
            buf_u8(&text, domain && byte == '.' ? '\0' : byte);
        } else {
            buf_u8(&text, byte);
        }
    }
    if (in.failed)
        text.failed = true;
    return accept(&text);
}

char *mailbox_of_uri(const char *uri)
{
    struct reader in;
    struct buf text;

    if (strncasecmp(uri, MAILTO, strlen(MAILTO)) != 0)
        return NULL;
    uri += strlen(MAILTO);
    in = reader_of(uri, strcspn(uri, "?"));
    buf_init(&text, ADDRESS_MOST + 1);
    while (reader_left(&in) && !in.failed) {
        uint8_t byte = reader_u8(&in);

        buf_u8(&text, byte == '%' ? read_digits(&in, 16, 2) : byte);
    }
    if (in.failed)
        text.failed = true;
    return accept(&text);
}
