#include "engine/audit/backoff.h"

double backoff_more(double factor, double seconds, double most)
{
    double limit = seconds > 0 && seconds < most ? most / seconds : 1;

    return factor * 2 < limit ? factor * 2 : limit;
}

double backoff_less(double factor)
{
    return factor > 2 ? factor / 2 : 1;
}
