/* A library put before the C library (LD_PRELOAD), to let its calls do less than they are asked for, as they may.
 *
 *   PRELOAD_MAX=4096   one write takes, and one read gives, at most so many bytes
 *   PRELOAD_EINTR=3    every third opening, read, write and sync is interrupted first
 *   PRELOAD_ROOM=20000 after so many bytes in all, the disk is full
 *   PRELOAD_NO_SYNC=1  a sync does nothing, and says that all is well
 *   PRELOAD_COUNT=FILE where to write how often it stepped in
 *
 * Output and error output are left alone. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

static unsigned long n_stepped_in, n_calls, n_written;

static unsigned long setting(const char *name) {
    const char *written = getenv(name);
    return written ? strtoul(written, NULL, 10) : 0;
}

/* Every nth call is interrupted; the next one is the same call made again. */
static int interrupted(void) {
    unsigned long every = setting("PRELOAD_EINTR");
    if (!every || ++n_calls % every) return 0;
    n_stepped_in++;
    errno = EINTR;
    return 1;
}

static size_t at_most(size_t n) {
    unsigned long most = setting("PRELOAD_MAX");
    if (!most || n <= most) return n;
    n_stepped_in++;
    return most;
}

ssize_t write(int fd, const void *bytes, size_t n) {
    static ssize_t (*next)(int, const void *, size_t);
    if (!next) next = (ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
    if (fd <= 2) return next(fd, bytes, n);
    if (interrupted()) return -1;
    n = at_most(n);
    unsigned long room = setting("PRELOAD_ROOM");
    if (room && n_written + n > room) {
        n_stepped_in++;
        n = room > n_written ? room - n_written : 0;
        if (!n) {
            errno = ENOSPC;
            return -1;
        }
    }
    ssize_t done = next(fd, bytes, n);
    if (done > 0) n_written += (unsigned long)done;
    return done;
}

ssize_t read(int fd, void *bytes, size_t n) {
    static ssize_t (*next)(int, void *, size_t);
    if (!next) next = (ssize_t(*)(int, void *, size_t))dlsym(RTLD_NEXT, "read");
    if (fd <= 2) return next(fd, bytes, n);
    if (interrupted()) return -1;
    return next(fd, bytes, at_most(n));
}

static int synced(const char *name, int fd) {
    int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    if (setting("PRELOAD_NO_SYNC")) {
        n_stepped_in++;
        return 0;
    }
    return interrupted() ? -1 : next(fd);
}
int fsync(int fd) { return synced("fsync", fd); }
int fdatasync(int fd) { return synced("fdatasync", fd); }

static int opened(const char *name, const char *path, int flags, mode_t mode) {
    int (*next)(const char *, int, ...) = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, name);
    return interrupted() ? -1 : next(path, flags, mode);
}
#define OPEN(name)                                             \
    int name(const char *path, int flags, ...) {               \
        mode_t mode = 0;                                       \
        if (flags & (O_CREAT | O_TMPFILE)) {                   \
            va_list rest;                                      \
            va_start(rest, flags);                             \
            mode = va_arg(rest, mode_t);                       \
            va_end(rest);                                      \
        }                                                      \
        return opened(#name, path, flags, mode);               \
    }
OPEN(open)
OPEN(open64)

__attribute__((destructor)) static void tell(void) {
    const char *path = getenv("PRELOAD_COUNT");
    FILE *file = path ? fopen(path, "w") : NULL;
    if (!file) return;
    fprintf(file, "%lu\n", n_stepped_in);
    fclose(file);
}
