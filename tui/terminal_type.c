#include "tui/terminal_type.h"

#include "engine/base/mem.h"
#include "engine/base/text.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <unistd.h>

static char *complaint(const char *type, const char *what)
{
    char *shown = text_escaped(type, strnlen(type, 80)), *sentence;

    sentence = mem_format("the terminal type \"%s\" %s", shown, what);
    free(shown);
    return sentence;
}

bool terminal_type_usable(const char *type, char **error)
{
    int status = 0;
    bool moves;

    if (!type || !*type) {
        *error = mem_string("the screen needs a terminal type; set TERM, or use --plain");
        return false;
    }
    if (setupterm(type, STDOUT_FILENO, &status) == ERR) {
        *error = complaint(type, "is not known here; set TERM, or use --plain");
        return false;
    }
    moves = cursor_address != NULL;
    del_curterm(cur_term);
    if (!moves)
        *error = complaint(type, "cannot move the cursor, which the screen needs; use --plain, which prints "
                                 "lines");
    return moves;
}
