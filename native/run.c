#include "run.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

/*
 * netnsRun(netnsFd, call) -> what `call` gives. It is called with this thread in the namespace, so what it starts or opens
 * is there; other threads stay where they are. Nothing else of JavaScript runs before the thread is back.
 */
napi_value netns_run(napi_env env, napi_callback_info info) {
  int netns;
  napi_value call, undefined, result = NULL;
  if (!read_args(env, info, "netnsRun(netnsFd, call)", "if", &netns, &call))
    return NULL;
  CALL(env, napi_get_undefined(env, &undefined));
  if (!call)
    return undefined;
  int own = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
  if (own < 0)
    return throw_errno(env, "open", errno);
  if (setns(netns, CLONE_NEWNET) < 0) {
    int error = errno;
    close(own);
    return throw_errno(env, "setns", error);
  }
  napi_status status = napi_call_function(env, undefined, call, 0, NULL, &result);
  /* Whatever ran on from here would be in a namespace that nobody expects. */
  if (setns(own, CLONE_NEWNET) < 0)
    napi_fatal_error("netnsRun", NAPI_AUTO_LENGTH, "this thread cannot go back to its network namespace",
                     NAPI_AUTO_LENGTH);
  close(own);
  return status == napi_ok ? result : NULL;
}

/* The texts of a list, each of which ends with NUL, and NULL behind them. To be freed; NULL without memory. */
static char **texts_of(char *bytes, size_t size) {
  char **texts = calloc(size + 1, sizeof *texts);
  size_t count = 0;
  for (size_t at = 0; texts && at < size; at += strlen(bytes + at) + 1)
    texts[count++] = bytes + at;
  return texts;
}

/* A mount namespace of our own, in which /sys is that of the network namespace, and files stand in for others. */
static const char *mount_own(char **binds) {
  struct statvfs sys;
  if (unshare(CLONE_NEWNS) < 0)
    return "unshare";
  /* What is mounted here stays here. */
  if (mount("", "/", "none", MS_SLAVE | MS_REC, NULL) < 0)
    return "mount";
  unsigned long flags = statvfs("/sys", &sys) == 0 && (sys.f_flag & ST_RDONLY) ? MS_RDONLY : 0;
  /* EINVAL: nothing is mounted there. */
  if (umount2("/sys", MNT_DETACH) < 0 && errno != EINVAL)
    return "umount2";
  if (mount("nlwire", "/sys", "sysfs", flags, NULL) < 0)
    return "mount";
  for (; binds[0] && binds[1]; binds += 2)
    if (mount(binds[0], binds[1], "none", MS_BIND, NULL) < 0)
      return "mount";
  return NULL;
}

/* What Node has changed: SIGPIPE is ignored, pipes do not wait, and no descriptor passes on to another program. */
static void undo_node(void) {
  sigset_t none;
  sigemptyset(&none);
  pthread_sigmask(SIG_SETMASK, &none, NULL);
  signal(SIGPIPE, SIG_DFL);
  for (int fd = 0; fd <= 2; fd++) {
    int flags = fcntl(fd, F_GETFL);
    if (flags >= 0 && (flags & O_NONBLOCK))
      fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
    fcntl(fd, F_SETFD, 0);
  }
}

/*
 * netnsExec(netnsFd, binds, words): puts the program words[0] in the place of this process, in the namespace. `binds` has
 * pairs of paths, the file and what it stands in for; texts end with NUL. Comes back only when it fails, and then this
 * thread is not where it was: the process has to end.
 */
napi_value netns_exec(napi_env env, napi_callback_info info) {
  int netns;
  void *bind_bytes, *word_bytes;
  size_t bind_size, word_size;
  if (!read_args(env, info, "netnsExec(netnsFd, binds, words)", "ibb", &netns, &bind_bytes, &bind_size, &word_bytes,
                 &word_size))
    return NULL;
  /* The last text of each has its end. */
  if (word_size == 0 || ((char *)word_bytes)[word_size - 1] || (bind_size && ((char *)bind_bytes)[bind_size - 1]))
    return throw_errno(env, "execvp", EINVAL);
  char **binds = texts_of(bind_bytes, bind_size), **words = texts_of(word_bytes, word_size);
  const char *failed = NULL;
  if (!binds || !words)
    failed = "calloc";
  else if (setns(netns, CLONE_NEWNET) < 0)
    failed = "setns";
  else
    failed = mount_own(binds);
  if (!failed) {
    undo_node();
    execvp(words[0], words);
    failed = "execvp";
  }
  int error = errno;
  free(binds);
  free(words);
  return throw_errno(env, failed, error);
}
