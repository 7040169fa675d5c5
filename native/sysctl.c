#include "sysctl.h"
#include "netns.h"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

/* A file to read or write, and how that ended. */
typedef struct {
  int netns;
  const char *path;
  bool writes;
  char *bytes;
  size_t room;
  size_t length;
  const char *failed;
  int error;
} Access;

/* Notes the call that failed, with errno. */
static void access_failed(Access *access, const char *syscall) {
  access->failed = syscall;
  access->error = errno;
}

/* Reads to the end, or until there is no more room. A sysctl may come in parts. */
static void read_all(Access *access, int fd) {
  while (access->length < access->room) {
    ssize_t got = read(fd, access->bytes + access->length, access->room - access->length);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return access_failed(access, "read");
    if (got == 0)
      return;
    access->length += (size_t)got;
  }
}

/* Writes all, at once where the kernel takes it so: only of bitmaps it takes a page at a time, and asks for the rest. */
static void write_all(Access *access, int fd) {
  for (size_t done = 0; done < access->length;) {
    ssize_t sent = write(fd, access->bytes + done, access->length - done);
    if (sent < 0 && errno == EINTR)
      continue;
    if (sent == 0)
      errno = EIO;
    if (sent <= 0)
      return access_failed(access, "write");
    done += (size_t)sent;
  }
}

/*
 * Opens and reads or writes the file, in the namespace if there is one (then only in a thread of its own). The kernel
 * looks up what is below /proc/sys/net in the namespace of the thread that asks, so no other /proc is needed.
 */
static void use_file(void *arg) {
  Access *access = arg;
  if (access->netns >= 0 && setns(access->netns, CLONE_NEWNET) < 0)
    return access_failed(access, "setns");
  int fd = open(access->path, (access->writes ? O_WRONLY : O_RDONLY) | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0)
    return access_failed(access, "open");
  if (access->writes)
    write_all(access, fd);
  else
    read_all(access, fd);
  close(fd);
}

/* Does it where it is to be done. False with an exception pending. */
static bool use_file_in(napi_env env, Access *access) {
  if (access->netns < 0) {
    use_file(access);
  } else {
    int error = in_thread(use_file, access);
    if (error != 0) {
      access->failed = "pthread_create";
      access->error = error;
    }
  }
  if (access->failed)
    throw_errno(env, access->failed, access->error);
  return !access->failed;
}

/* sysctlRead(netnsFd, path, bytes) -> length. netnsFd -1: the namespace of this thread. EMSGSIZE: it does not fit. */
napi_value sysctl_read(napi_env env, napi_callback_info info) {
  char path[PATH_MAX];
  void *bytes;
  Access access = {.path = path};
  if (!read_args(env, info, "sysctlRead(netnsFd, path, bytes)", "ipb", &access.netns, path, &bytes, &access.room))
    return NULL;
  access.bytes = bytes;
  if (!use_file_in(env, &access))
    return NULL;
  /* Room that is used up: nobody knows whether there is more. */
  if (access.length == access.room)
    return throw_errno(env, "read", EMSGSIZE);
  return from_int(env, (int)access.length);
}

/* sysctlWrite(netnsFd, path, bytes). */
napi_value sysctl_write(napi_env env, napi_callback_info info) {
  char path[PATH_MAX];
  void *bytes;
  Access access = {.path = path, .writes = true};
  if (!read_args(env, info, "sysctlWrite(netnsFd, path, bytes)", "ipb", &access.netns, path, &bytes, &access.length))
    return NULL;
  access.bytes = bytes;
  use_file_in(env, &access);
  return NULL;
}
