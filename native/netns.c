/* Network namespaces: made, named and entered in threads that end at once, so that no other code is moved. */
#include "shim.h"

#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* Work for such a thread, and the system call that failed in it. */
typedef struct {
  int netns;
  int protocol;
  const char *path;
  int fd;
  const char *failed;
  int error;
} Job;

/* Notes the call that failed, with errno. */
static void job_failed(Job *job, const char *syscall) {
  job->failed = syscall;
  job->error = errno;
}

/* Runs `work` in a thread that has ended when this returns: the namespace it enters stays its own. */
static void in_thread(uv_thread_cb work, Job *job) {
  uv_thread_t thread;
  int status = uv_thread_create(&thread, work, job);
  if (status == 0) {
    uv_thread_join(&thread);
  } else {
    job->failed = "pthread_create";
    job->error = -status;
  }
}

/* Opens the job's socket, in the job's namespace if it has one (then only in a thread of its own). */
static void open_socket(void *arg) {
  Job *job = arg;
  if (job->netns >= 0 && setns(job->netns, CLONE_NEWNET) < 0)
    return job_failed(job, "setns");
  job->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, job->protocol);
  if (job->fd < 0)
    job_failed(job, "socket");
}

/* A netlink socket in the namespace of the descriptor (-1: the caller's own), or -1 with `failed` and errno set. */
int open_socket_in(int netns, int protocol, const char **failed) {
  Job job = {.netns = netns, .protocol = protocol, .fd = -1};
  if (netns < 0)
    open_socket(&job);
  else
    in_thread(open_socket, &job);
  *failed = job.failed;
  errno = job.error;
  return job.fd;
}

/*
 * Makes the directory a shared mount, as `ip netns add` does and under the same lock: other mount namespaces then let
 * go of a namespace that is deleted here. Gives the call that failed, with errno set, or NULL.
 */
static const char *share_directory(const char *directory) {
  const char *failed = NULL;
  if (mkdir(directory, 0755) < 0 && errno != EEXIST)
    return "mkdir";
  int lock = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (lock < 0)
    return "open";
  if (flock(lock, LOCK_EX) < 0)
    failed = "flock";
  else if (mount("", directory, "none", MS_SHARED | MS_REC, NULL) < 0 &&
           /* EINVAL: it is no mount yet. */
           (errno != EINVAL || mount(directory, directory, "none", MS_BIND | MS_REC, NULL) < 0 ||
            mount("", directory, "none", MS_SHARED | MS_REC, NULL) < 0))
    failed = "mount";
  int error = errno;
  close(lock);
  errno = error;
  return failed;
}

/* Enters a new network namespace (in a thread of its own) and mounts it on the job's path. */
static void make_netns(void *arg) {
  Job *job = arg;
  if (unshare(CLONE_NEWNET) < 0)
    return job_failed(job, "unshare");
  if (mount("/proc/thread-self/ns/net", job->path, "none", MS_BIND, NULL) < 0)
    job_failed(job, "mount");
}

/* netnsCreate(directory, path): makes a network namespace with a name, as `ip netns add` does. */
napi_value netns_create(napi_env env, napi_callback_info info) {
  char directory[PATH_MAX], path[PATH_MAX];
  Job job = {.path = path};
  if (!read_args(env, info, "pp", directory, path))
    return NULL;
  const char *failed = share_directory(directory);
  if (failed)
    return throw_errno(env, failed, errno);
  int file = open(path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0);
  if (file < 0)
    return throw_errno(env, "open", errno);
  close(file);
  in_thread(make_netns, &job);
  if (!job.failed)
    return NULL;
  unlink(path);
  return throw_errno(env, job.failed, job.error);
}

/* netnsDelete(path): takes the name away, as `ip netns delete` does. What uses the namespace keeps it. */
napi_value netns_delete(napi_env env, napi_callback_info info) {
  char path[PATH_MAX];
  if (!read_args(env, info, "p", path))
    return NULL;
  /* EINVAL: nothing is mounted on it, as after a crash. */
  if (umount2(path, MNT_DETACH) < 0 && errno != EINVAL)
    return throw_errno(env, "umount2", errno);
  if (unlink(path) < 0)
    return throw_errno(env, "unlink", errno);
  return NULL;
}

/* netnsOpen(path) -> fd. EINVAL: it is no network namespace. */
napi_value netns_open(napi_env env, napi_callback_info info) {
  char path[PATH_MAX];
  if (!read_args(env, info, "p", path))
    return NULL;
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0)
    return throw_errno(env, "open", errno);
  if (ioctl(fd, NS_GET_NSTYPE) == CLONE_NEWNET)
    return from_int(env, fd);
  close(fd);
  return throw_errno(env, "ioctl", EINVAL);
}
