/* Who holds a lock on a file. */
#pragma once

#include <sys/types.h>

/* The process with an open file description lock on byte `at` of the file `inode`, as the kernel tells of
 * those that this user may look into; 0: none of them. The file itself is not touched. */
long holder_of(ino_t inode, off_t at);
