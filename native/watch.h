/* Readiness on the event loop: one libuv poll handle for each socket that was ever watched. */
#ifndef NLWIRE_WATCH_H
#define NLWIRE_WATCH_H
#include "values.h"

napi_value nl_watch(napi_env env, napi_callback_info info);
napi_value nl_keep_alive(napi_env env, napi_callback_info info);

#endif
