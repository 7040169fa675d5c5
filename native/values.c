#include "values.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <uv.h>

/* Made at random. Externals can have a tag from Node 20.12 on. */
const napi_type_tag socket_tag = {0x9f1c6ae0b7d54c83u, 0x82e45b1d3ca9f067u};

/* Throws why Node-API refused; an exception that is pending already stays. */
napi_value throw_last(napi_env env) {
  const napi_extended_error_info *info = NULL;
  bool pending = false;
  napi_get_last_error_info(env, &info);
  const char *text = info && info->error_message ? info->error_message : "a call of Node-API failed";
  if (napi_is_exception_pending(env, &pending) == napi_ok && !pending)
    napi_throw_error(env, NULL, text);
  return NULL;
}

/* Throws the error of a system call. `error` is positive. */
napi_value throw_errno(napi_env env, const char *syscall, int error) {
  char name[64], reason[128], text[256];
  napi_value code, message, number, call, thrown;
  uv_err_name_r(-error, name, sizeof name);
  uv_strerror_r(-error, reason, sizeof reason);
  snprintf(text, sizeof text, "%s %s: %s", syscall, name, reason);
  CALL(env, napi_create_string_utf8(env, name, NAPI_AUTO_LENGTH, &code));
  CALL(env, napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &message));
  CALL(env, napi_create_string_utf8(env, syscall, NAPI_AUTO_LENGTH, &call));
  CALL(env, napi_create_int32(env, error, &number) || napi_create_error(env, code, message, &thrown));
  CALL(env, napi_set_named_property(env, thrown, "errno", number));
  CALL(env, napi_set_named_property(env, thrown, "syscall", call) || napi_throw(env, thrown));
  return NULL;
}

/* An int for JavaScript. */
napi_value from_int(napi_env env, int value) {
  napi_value result;
  CALL(env, napi_create_int32(env, value, &result));
  return result;
}

/* A short value as JavaScript writes it, of other values the type. None of the caller's code (toString) is run. */
static void describe(napi_env env, napi_value value, char *text, size_t size) {
  static const char *const types[] = {
      [napi_string] = "a string",     [napi_symbol] = "a symbol",      [napi_object] = "an object",
      [napi_function] = "a function", [napi_external] = "an external", [napi_bigint] = "a bigint",
  };
  napi_valuetype type;
  if (napi_typeof(env, value, &type) == napi_ok && types[type])
    snprintf(text, size, "%s", types[type]);
  else if (napi_coerce_to_string(env, value, &value) || napi_get_value_string_utf8(env, value, text, size, NULL))
    snprintf(text, size, "another value");
}

/* Throws what was expected of the argument with this index. */
static void throw_argument(napi_env env, const char *signature, int index, const char *expected, napi_value value) {
  char text[256], got[64];
  const char *name = strchr(signature, '(') + 1;
  while (index-- > 0)
    name = strchr(name, ' ') + 1;
  describe(env, value, got, sizeof got);
  snprintf(text, sizeof text, "%.*s: %.*s: expected %s, got %s", (int)strcspn(signature, "("), signature,
           (int)strcspn(name, ",)"), name, expected, got);
  napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", text);
}

/* Reads one argument as its letter says, to where the next of `out` point. NULL, or what was expected. */
static const char *read_arg(napi_env env, napi_value value, char letter, va_list *out) {
  if (letter == 's') {
    bool ours = false;
    /* In this order: given null, napi_check_object_type_tag throws an exception of its own. */
    if (napi_get_value_external(env, value, va_arg(*out, void **)) ||
        napi_check_object_type_tag(env, value, &socket_tag, &ours) || !ours)
      return "a socket handle";
  } else if (letter == 'b' || letter == 'w') {
    napi_typedarray_type elements;
    void **data = va_arg(*out, void **);
    size_t *count = va_arg(*out, size_t *);
    if (napi_get_typedarray_info(env, value, &elements, count, data, NULL, NULL) ||
        elements != (letter == 'b' ? napi_uint8_array : napi_int32_array))
      return letter == 'b' ? "a Uint8Array" : "an Int32Array";
  } else if (letter == 'i' || letter == 'u') {
    double number, low = letter == 'i' ? INT_MIN : 0, high = letter == 'i' ? INT_MAX : UINT_MAX;
    if (napi_get_value_double(env, value, &number) || !(number >= low && number <= high) ||
        number != (double)(int64_t)number)
      return letter == 'i' ? "an integer from -2147483648 to 2147483647" : "an integer from 0 to 4294967295";
    *va_arg(*out, unsigned *) = (unsigned)(int64_t)number;
  } else if (letter == 'p') {
    char *path = va_arg(*out, char *);
    size_t length;
    /* A path that was cut has the length PATH_MAX - 1. */
    if (napi_get_value_string_utf8(env, value, path, PATH_MAX, &length) || length == PATH_MAX - 1 ||
        strlen(path) != length)
      return "a path of at most 4094 bytes without NUL";
  } else {
    napi_valuetype type;
    if (napi_typeof(env, value, &type) || (type != napi_function && type != napi_undefined))
      return "a function or undefined";
    *va_arg(*out, napi_value *) = type == napi_function ? value : NULL;
  }
  return NULL;
}

/*
 * Reads the arguments of a function, at most five. `signature` names them for error messages, as in "send(handle,
 * bytes, length)". `format` has a letter for each: s a socket (void **), i an int (int *), u an unsigned int
 * (unsigned *), b a Uint8Array and w an Int32Array (void **, size_t *), p a path (char[PATH_MAX]), f a function or
 * undefined (napi_value *, then NULL). False with a TypeError pending.
 */
bool read_args(napi_env env, napi_callback_info info, const char *signature, const char *format, ...) {
  napi_value values[5];
  size_t count = 5;
  const char *expected = NULL;
  va_list out;
  if (napi_get_cb_info(env, info, &count, values, NULL, NULL)) {
    throw_last(env);
    return false;
  }
  va_start(out, format);
  for (int i = 0; format[i] && !expected; i++) {
    expected = read_arg(env, values[i], format[i], &out);
    if (expected)
      throw_argument(env, signature, i, expected, values[i]);
  }
  va_end(out);
  return !expected;
}
