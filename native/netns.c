#include "netns.h"

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
#include <uv.h>

/* Two seconds. */
#define LOCK_TRIES 200

/* Work for such a thread, and the system call that failed in it. */
typedef struct {
  int netns;
  int protocol;
  const char *directory;
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

/* Runs `work` in a thread that has ended when this returns: the namespace it enters stays its own. 0, or the errno. */
int in_thread(void (*work)(void *), void *arg) {
  uv_thread_t thread;
  int status = uv_thread_create(&thread, work, arg);
  if (status == 0)
    uv_thread_join(&thread);
  return -status;
}

/* The same for a job: a thread that could not be made is the call that failed. */
static void run_job(void (*work)(void *), Job *job) {
  int error = in_thread(work, job);
  if (error != 0) {
    job->failed = "pthread_create";
    job->error = error;
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
    run_job(open_socket, &job);
  *failed = job.failed;
  errno = job.error;
  return job.fd;
}

/*
 * Takes the lock of `ip netns add` on the directory. Who calls us waits for this thread, and its event loop with it: so
 * not for ever, as flock would, but for LOCK_TRIES times 10 ms. Whoever makes a namespace holds the lock for far less.
 */
static int lock_directory(int directory) {
  for (int tries = 0; flock(directory, LOCK_EX | LOCK_NB) < 0; tries++) {
    if (errno != EWOULDBLOCK || tries == LOCK_TRIES)
      return -1;
    usleep(10000);
  }
  return 0;
}

/*
 * Makes the job's directory a shared mount, as `ip netns add` does and under the same lock: other mount namespaces then
 * let go of a namespace that is deleted here. False when that failed.
 */
static bool share_directory(Job *job) {
  const char *directory = job->directory;
  if (mkdir(directory, 0755) < 0 && errno != EEXIST)
    return job_failed(job, "mkdir"), false;
  int lock = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (lock < 0)
    return job_failed(job, "open"), false;
  if (lock_directory(lock) < 0)
    job_failed(job, "flock");
  else if (mount("", directory, "none", MS_SHARED | MS_REC, NULL) < 0 &&
           /* EINVAL: it is no mount yet. */
           (errno != EINVAL || mount(directory, directory, "none", MS_BIND | MS_REC, NULL) < 0 ||
            mount("", directory, "none", MS_SHARED | MS_REC, NULL) < 0))
    job_failed(job, "mount");
  close(lock);
  return !job->failed;
}

/* Enters a new network namespace (in a thread of its own) and mounts it on the job's path, a file that it makes. */
static void make_netns(void *arg) {
  Job *job = arg;
  if (!share_directory(job))
    return;
  int file = open(job->path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0);
  if (file < 0)
    return job_failed(job, "open");
  close(file);
  if (unshare(CLONE_NEWNET) < 0)
    job_failed(job, "unshare");
  else if (mount("/proc/thread-self/ns/net", job->path, "none", MS_BIND, NULL) < 0)
    job_failed(job, "mount");
  if (job->failed)
    unlink(job->path);
}

/* netnsCreate(directory, path): makes a network namespace with a name, as `ip netns add` does. */
napi_value netns_create(napi_env env, napi_callback_info info) {
  char directory[PATH_MAX], path[PATH_MAX];
  Job job = {.directory = directory, .path = path};
  if (!read_args(env, info, "netnsCreate(directory, path)", "pp", directory, path))
    return NULL;
  run_job(make_netns, &job);
  return job.failed ? throw_errno(env, job.failed, job.error) : NULL;
}

/* netnsDelete(path): takes the name away, as `ip netns delete` does. What uses the namespace keeps it. */
napi_value netns_delete(napi_env env, napi_callback_info info) {
  char path[PATH_MAX];
  if (!read_args(env, info, "netnsDelete(path)", "p", path))
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
  if (!read_args(env, info, "netnsOpen(path)", "p", path))
    return NULL;
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0)
    return throw_errno(env, "open", errno);
  if (ioctl(fd, NS_GET_NSTYPE) == CLONE_NEWNET)
    return from_int(env, fd);
  close(fd);
  return throw_errno(env, "ioctl", EINVAL);
}
