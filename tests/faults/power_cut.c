/* power_cut MOUNT_POINT: the ext4 file system there stops at once, as if its power were cut: what has not reached
 * its device never will. See EXT4_IOC_SHUTDOWN in the kernel's fs/ext4/ext4.h. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>

#define EXT4_IOC_SHUTDOWN _IOR('X', 125, unsigned int)
/* Without writing the journal out first. */
#define NO_LOG_FLUSH 2

int main(int n_arguments, char **arguments) {
    unsigned int how = NO_LOG_FLUSH;
    int folder = n_arguments == 2 ? open(arguments[1], O_RDONLY) : -1;
    if (folder < 0 || ioctl(folder, EXT4_IOC_SHUTDOWN, &how)) {
        perror("power_cut");
        return 1;
    }
    return 0;
}
