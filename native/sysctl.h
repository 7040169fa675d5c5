/* Files below /proc/sys/net, of the caller's network namespace or of another. */
#ifndef NLWIRE_SYSCTL_H
#define NLWIRE_SYSCTL_H
#include "values.h"

napi_value sysctl_read(napi_env env, napi_callback_info info);
napi_value sysctl_write(napi_env env, napi_callback_info info);

#endif
