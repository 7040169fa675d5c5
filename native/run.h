/* Programs in network namespaces. */
#ifndef NLWIRE_RUN_H
#define NLWIRE_RUN_H
#include "values.h"

napi_value netns_run(napi_env env, napi_callback_info info);
napi_value netns_exec(napi_env env, napi_callback_info info);

#endif
