/* Between C and JavaScript: arguments in, numbers and errors out. What throws returns NULL, to be returned in turn. */
#ifndef NLWIRE_VALUES_H
#define NLWIRE_VALUES_H
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

/* Leaves the function with an exception when a call of Node-API (or one of a chain with ||) fails: napi_ok is 0. */
#define CALL(env, calls)      \
  do {                        \
    if (calls)                \
      return throw_last(env); \
  } while (0)

/* Marks the externals that are handles of sockets: read_args takes no external of other native code. */
extern const napi_type_tag socket_tag;

napi_value throw_last(napi_env env);
napi_value throw_errno(napi_env env, const char *syscall, int error);
napi_value from_int(napi_env env, int value);
bool read_args(napi_env env, napi_callback_info info, const char *signature, const char *format, ...);

#endif
