/* How much longer than configured a pause is, after signs that a server had enough of us. Pure. */
#pragma once

/* The factor (1 or more) after one more such sign: twice as much, as long as `seconds` times it stays within
 * `most` seconds. */
double backoff_more(double factor, double seconds, double most);

/* The factor after a good connection: half as much, and 1 at least. */
double backoff_less(double factor);
