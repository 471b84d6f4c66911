/* Processor time of the threads of this process, as the kernel tells it. Ends the program with a message when
 * it does not. */
#pragma once

struct thread_cpu {
    double others_us;  /* of all threads but the first */
    double busiest_us; /* of the one of these that took most */
};

void thread_cpu_read(struct thread_cpu *cpu);
