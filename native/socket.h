/*
 * A socket's life. It has up to two owners: the handle of JavaScript and, once it was watched, libuv's poll handle. The
 * memory is freed with the last of them. The file descriptor is closed by close(), or when the handle is collected, or
 * when the worker ends, whichever is first.
 */
#ifndef NLWIRE_SOCKET_H
#define NLWIRE_SOCKET_H
#include "values.h"

#include <uv.h>

typedef struct Socket Socket;

struct Socket {
  int owners;
  int fd;    /* -1 once closed: every system call then says EBADF by itself */
  bool told; /* the kernel was asked to tell the group or the namespace of each datagram */
  napi_env env;
  void (*before_close)(Socket *nl); /* what a watched socket needs before its descriptor is closed, else NULL */

  /* Of watch.c: */
  bool idle; /* a watch does not keep the event loop alive */
  napi_ref callback;
  napi_async_context context;
  napi_async_cleanup_hook_handle hook;
  uv_poll_t poll;
};

napi_value new_socket(napi_env env, int fd);
void shut_socket(Socket *nl);
void release_socket(Socket *nl);

#endif
