/* Between C and JavaScript: arguments in, numbers and errors out. */
#include "shim.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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

/*
 * Reads the arguments as `format` says: s a socket (void **), i an int, u an unsigned int, b a Uint8Array and w an
 * Int32Array (void **, size_t *), p a string (char[PATH_MAX]), v any value (napi_value *).
 * False with a TypeError pending.
 */
bool read_args(napi_env env, napi_callback_info info, const char *format, ...) {
  napi_value values[4];
  size_t count = 4, length = 0;
  napi_typedarray_type type;
  const char *wrong = NULL;
  va_list out;
  if (napi_get_cb_info(env, info, &count, values, NULL, NULL) != napi_ok) {
    throw_last(env);
    return false;
  }
  va_start(out, format);
  for (int at = 0; format[at] && !wrong; at++) {
    napi_value value = values[at];
    char letter = format[at];
    if (letter == 's') {
      void **socket = va_arg(out, void **);
      bool ours = false;
      if (napi_check_object_type_tag(env, value, &socket_tag, &ours) || !ours ||
          napi_get_value_external(env, value, socket))
        wrong = "a socket handle";
    } else if (letter == 'b' || letter == 'w') {
      void **data = va_arg(out, void **);
      size_t *elements = va_arg(out, size_t *);
      if (napi_get_typedarray_info(env, value, &type, elements, data, NULL, NULL) ||
          type != (letter == 'b' ? napi_uint8_array : napi_int32_array))
        wrong = letter == 'b' ? "a Uint8Array" : "an Int32Array";
    } else if (letter == 'i' || letter == 'u') {
      double number, low = letter == 'i' ? INT_MIN : 0, high = letter == 'i' ? INT_MAX : UINT_MAX;
      unsigned *integer = va_arg(out, unsigned *);
      if (napi_get_value_double(env, value, &number) || !(number >= low && number <= high) ||
          number != (double)(int64_t)number)
        wrong = letter == 'i' ? "an int" : "an unsigned int";
      else
        *integer = (unsigned)(int64_t)number;
    } else if (letter == 'p') {
      char *path = va_arg(out, char *);
      if (napi_get_value_string_utf8(env, value, path, PATH_MAX, &length) || length == PATH_MAX - 1 ||
          strlen(path) != length)
        wrong = "a path without NUL";
    } else {
      *va_arg(out, napi_value *) = value;
    }
  }
  va_end(out);
  if (wrong) {
    char text[64];
    snprintf(text, sizeof text, "expected %s", wrong);
    napi_throw_type_error(env, "ERR_INVALID_ARG_TYPE", text);
  }
  return !wrong;
}
