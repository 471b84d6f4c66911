/* What people keep of a target, as a small form: note, owner, contact, the day by which it is to be
 * done and how far they are with it. Pure, no screen. */
#pragma once

#include "engine/base/words.h"
#include "engine/model/model.h"
#include "tui/prompt.h"

#include <stdbool.h>

enum form_field { FORM_NOTE, FORM_OWNER, FORM_CONTACT, FORM_DUE, FORM_STATE, form_field_count };

#define FORM_SUGGESTED       4
#define FORM_SUGGESTION_SIZE 300 /* any mail address */

struct form {
    struct prompt texts[FORM_STATE]; /* of the fields before the state */
    enum contact_state state;
    bool changed[form_field_count];
    bool too_long[FORM_STATE]; /* longer than a prompt holds: shown as far as that goes, and left as it is */
    enum form_field at;        /* the field that has the keys */
    char suggested[FORM_SUGGESTED][FORM_SUGGESTION_SIZE]; /* contacts that may be taken over */
    unsigned suggested_count;
};

enum form_outcome { FORM_STAYS, FORM_KEPT, FORM_LEFT };

const char *form_label(enum form_field field);

/* The name of the state for people: "to contact", "-" for none. */
const char *form_state_title(enum contact_state state);

/* Starts with these notes; NULL is empty. */
void form_open(struct form *form, const struct target_notes *notes);

/* Offers what is known of whom to write to about the target; NULL: nothing. */
void form_suggest(struct form *form, const struct target *target);

/* The contact that Right takes over into its field; NULL where something else is written there. */
const char *form_suggestion(const struct form *form);

/* The day that stands in the field, as day_read has it; 0 for none. False when it is no day: then the field
 * has the keys. */
bool form_due(struct form *form, int32_t today, int32_t *day);

/* Tab, Down and Up go from field to field, Enter keeps, Esc leaves. A text is edited as any prompt; the state
 * changes with Left, Right and Space, or by its first letter. */
enum form_outcome form_key(struct form *form, uint32_t key);

/* The first state whose name, in files ("to-contact") or for people, begins so; "" is none. False when there
 * is no such one: then the state stays. */
bool form_take_state(struct form *form, const char *name);

/* Pasted text goes into the field; false when it does not fit whole. */
bool form_paste(struct form *form, const uint8_t *bytes, size_t length);
