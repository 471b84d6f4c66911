/* posttls-finger: Postfix's own where it is installed, else the copy that tests/real/unpack.sh made; with a
 * configuration of its own, so that every machine measures the same. */
#pragma once

struct finger {
    char *command; /* with {host} and {port}; NULL where there is none */
    char *folder;  /* of the configuration; NULL */
};

void finger_find(struct finger *finger);
void finger_release(struct finger *finger);
