/* What the files of the shim share. */
#ifndef NLWIRE_SHIM_H
#define NLWIRE_SHIM_H
#ifndef __linux__
#error "netlink is Linux's: there is nothing to build on this system"
#endif
#define _GNU_SOURCE
#define NAPI_VERSION 8
#include <errno.h>
#include <limits.h>
#include <node_api.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

/* What the handle of a socket is marked with: how read_args knows one, without looking into other people's memory. */
extern const napi_type_tag socket_tag;

/* Leaves the function with an exception when a call of Node-API (or one of a chain with ||) fails: napi_ok is 0. */
#define CALL(env, calls)      \
  do {                        \
    if (calls)                \
      return throw_last(env); \
  } while (0)

/* One netlink socket. */
typedef struct {
  int owners;
  int fd;      /* -1 once closed: every system call then says EBADF by itself */
  bool idle;   /* a watch does not keep the event loop alive */
  bool told;   /* the kernel was asked to tell the group or the namespace of each datagram */
  bool polled; /* `poll` has been initialised: libuv is an owner until on_poll_closed */
  napi_env env;
  napi_ref callback;
  napi_async_context context;
  napi_async_cleanup_hook_handle hook;
  uv_poll_t poll;
} Socket;

/* values.c: between C and JavaScript. What throws gives NULL, to be returned. */
napi_value throw_last(napi_env env);
napi_value throw_errno(napi_env env, const char *syscall, int error);
napi_value from_int(napi_env env, int value);
bool read_args(napi_env env, napi_callback_info info, const char *format, ...);

/* nlwire.c: a socket's life */
void release(Socket *nl);
void shut(Socket *nl);

/* watch.c: readiness */
void end_watch(Socket *nl);
napi_value nl_watch(napi_env env, napi_callback_info info);
napi_value nl_keep_alive(napi_env env, napi_callback_info info);

/* netns.c: network namespaces */
int open_socket_in(int netns, int protocol, const char **failed);
napi_value netns_create(napi_env env, napi_callback_info info);
napi_value netns_delete(napi_env env, napi_callback_info info);
napi_value netns_open(napi_env env, napi_callback_info info);

#endif
