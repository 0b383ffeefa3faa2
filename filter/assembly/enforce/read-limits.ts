import { JsonValue } from "as-bytes";
import { Reader, RefusalCode, isExactInteger } from "as-policy";
import { Limits } from "./document";

/** Longest token where the document does not say, and at most. */
export const DEFAULT_TOKEN_BYTES: u32 = 8192;
export const MAX_TOKEN_BYTES: u32 = 65536;

/** Verified tokens that are kept where the document does not say, and at most. */
export const DEFAULT_TOKEN_CACHE: u32 = 1000;
export const MAX_TOKEN_CACHE: u32 = 8000;

const LIMITS_MEMBERS = "tokenBytes tokenCache";

export function readLimits(value: JsonValue | null, reader: Reader): Limits {
  const limits = changetype<Limits>(reader.arena.allocate(offsetof<Limits>()));
  limits.tokenBytes = DEFAULT_TOKEN_BYTES;
  limits.tokenCache = DEFAULT_TOKEN_CACHE;
  if (value === null || !reader.object(value, LIMITS_MEMBERS)) return limits;
  limits.tokenBytes = readLimit(
    value,
    "tokenBytes",
    limits.tokenBytes,
    1,
    MAX_TOKEN_BYTES,
    "a whole number from 1 to 65536",
    reader,
  );
  limits.tokenCache = readLimit(
    value,
    "tokenCache",
    limits.tokenCache,
    0,
    MAX_TOKEN_CACHE,
    "a whole number from 0 to 8000",
    reader,
  );
  return limits;
}

function readLimit(
  object: JsonValue,
  name: string,
  otherwise: u32,
  least: u32,
  most: u32,
  expected: string,
  reader: Reader,
): u32 {
  const value = object.memberNamed(name);
  if (value === null) return otherwise;
  if (!value.isNumber()) {
    reader.refuse(RefusalCode.WRONG_TYPE, value, "a number");
    return otherwise;
  }
  const number = value.number();
  if (!isExactInteger(number) || number < <f64>least || number > <f64>most) {
    reader.refuse(RefusalCode.BAD_VALUE, value, expected);
    return otherwise;
  }
  return <u32>number;
}
