#include "engine/base/day.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_DIGITS 5 /* of a relative day */

struct date {
    int64_t year;
    int month, day; /* from 1 */
};

/* Days since 1970-01-01 of the civil calendar, whose years here begin in March, so that a leap day ends one.
 */
static int64_t number_of(const struct date *date)
{
    int64_t year = date->year - (date->month <= 2), era = year / 400, of_era = year - era * 400;
    int64_t of_year = (153 * (date->month + (date->month > 2 ? -3 : 9)) + 2) / 5 + date->day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static struct date date_of(int32_t day)
{
    int64_t shifted = (int64_t)day + 719468, era = shifted / 146097, of_era = shifted - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100), month = (5 * of_year + 2) / 153;
    struct date date = {year + era * 400, (int)(month < 10 ? month + 3 : month - 9),
                        (int)(of_year - (153 * month + 2) / 5 + 1)};

    date.year += date.month <= 2;
    return date;
}

static int days_in(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return days[month - 1] + (month == 2 && leap);
}

void day_text(char out[DAY_TEXT_SIZE], int32_t day)
{
    struct date date = date_of(day < 0 ? 0 : day > DAY_MOST ? DAY_MOST : day);

    snprintf(out, DAY_TEXT_SIZE, "%04u-%02u-%02u", (unsigned)date.year % 10000, (unsigned)date.month % 100,
             (unsigned)date.day % 100);
}

static bool take(int64_t number, int32_t *day)
{
    if (number < 1 || number > DAY_MOST)
        return false;
    *day = (int32_t)number;
    return true;
}

bool day_parse(const char *text, int32_t *day)
{
    static const char form[] = "dddd-dd-dd";
    struct date date;

    for (size_t i = 0; i < sizeof form; i++)
        if (form[i] == 'd' ? !isdigit((unsigned char)text[i]) : text[i] != form[i])
            return false;
    date = (struct date){strtol(text, NULL, 10), (int)strtol(text + 5, NULL, 10),
                         (int)strtol(text + 8, NULL, 10)};
    if (date.year < 1970 || date.month < 1 || date.month > 12 || date.day < 1 ||
        date.day > days_in(date.year, date.month))
        return false;
    return take(number_of(&date), day);
}

static int64_t months_on(int32_t today, long months)
{
    struct date date = date_of(today);
    int64_t all = date.year * 12 + date.month - 1 + months;

    date.year = all / 12;
    date.month = (int)(all % 12) + 1;
    if (date.year < 1970)
        return 0;
    if (date.day > days_in(date.year, date.month))
        date.day = days_in(date.year, date.month);
    return number_of(&date);
}

static bool read_relative(const char *text, size_t length, int32_t today, int32_t *day)
{
    size_t digits = strspn(text + 1, "0123456789");
    char unit = digits + 1 < length ? text[digits + 1] : 'd';
    long count;

    if (!digits || digits > COUNT_DIGITS || length > digits + 2)
        return false;
    count = strtol(text, NULL, 10);
    if (unit == 'd' || unit == 'w')
        return take((int64_t)today + count * (unit == 'w' ? 7 : 1), day);
    return unit == 'm' && take(months_on(today, count), day);
}

bool day_read(const char *text, int32_t today, int32_t *day)
{
    char word[DAY_TEXT_SIZE];
    size_t length;

    text += strspn(text, " ");
    length = strlen(text);
    while (length && text[length - 1] == ' ')
        length--;
    if (length >= sizeof word)
        return false;
    memcpy(word, text, length);
    word[length] = '\0';
    if (*word == '+' || *word == '-')
        return read_relative(word, length, today, day);
    if (strcmp(word, "today") == 0)
        return take(today, day);
    return day_parse(word, day);
}

int32_t day_of(int64_t when)
{
    int64_t day = when / 86400 - (when % 86400 < 0);

    return (int32_t)(day < 0 ? 0 : day > DAY_MOST ? DAY_MOST : day);
}
