import {
  Arena,
  Bytes,
  addressOf,
  bytesAt,
  endsWith,
  equal,
  isDigit,
  isLetter,
  lengthOf,
  part,
} from "as-bytes";

const SLASH: u32 = 0x2f;
const OPEN: u32 = 0x7b;
const CLOSE: u32 = 0x7d;
const STAR: u32 = 0x2a;

/** Longest name of a segment. */
const MAX_NAME_BYTES: u32 = 32;

/** Whether a path value is a template: it holds `{*}`, `{**}` or `{name}`. */
export function isTemplate(value: Bytes): bool {
  const address = addressOf(value);
  const length = lengthOf(value);
  for (let index: u32 = 0; index + 2 < length; index++) {
    if (operatorAt(address + index, length - index) != 0) return true;
  }
  return false;
}

/**
 * Whether a template is well formed: it starts with one slash, an operator is a whole segment, `{**}`
 * is the last one, no name comes twice, and literals hold none of what is no path character.
 */
export function isValidTemplate(value: Bytes): bool {
  const address = addressOf(value);
  const length = lengthOf(value);
  if (length == 0 || load<u8>(address) != SLASH) return false;
  let at: u32 = 0;
  while (at < length) {
    at += 1; // the slash in front of a segment
    const operator = operatorAt(address + at, length - at);
    if (operator != 0) {
      const name = part(value, at, at + operator);
      at += operator;
      if (at < length && load<u8>(address + at) != SLASH) return false;
      if (isRest(name) && isTemplate(part(value, at, length))) return false;
      if (isName(name) && contains(part(value, at, length), name)) return false;
      continue;
    }
    if (at == length) return true;
    const start = at;
    while (at < length && load<u8>(address + at) != SLASH) {
      const byte: u32 = load<u8>(address + at);
      if (!isTemplateByte(byte) || byte == STAR) return false;
      at += 1;
    }
    if (at == start) return false;
  }
  return true;
}

/** The template with `{*}` for each `{name}`; itself where it has none. */
export function canonicalTemplate(template: Bytes, arena: Arena): Bytes {
  const length = lengthOf(template);
  const address = addressOf(template);
  let hasNames = false;
  const start = arena.take(length);
  let to = start;
  let at: u32 = 0;
  while (at < length) {
    const operator = operatorAt(address + at, length - at);
    if (operator != 0 && isName(part(template, at, at + operator))) {
      hasNames = true;
      store<u8>(to, OPEN);
      store<u8>(to, STAR, 1);
      store<u8>(to, CLOSE, 2);
      to += 3;
      at += operator;
    } else {
      store<u8>(to++, load<u8>(address + at));
      at += 1;
    }
  }
  return hasNames ? bytesAt(start, <u32>(to - start)) : template;
}

/** Length of the operator `{*}`, `{**}` or `{name}` at `address`, or 0. */
export function operatorAt(address: usize, left: u32): u32 {
  if (left < 3 || load<u8>(address) != OPEN) return 0;
  if (load<u8>(address, 1) == STAR) {
    if (load<u8>(address, 2) == CLOSE) return 3;
    return left >= 4 && load<u8>(address, 2) == STAR && load<u8>(address, 3) == CLOSE ? 4 : 0;
  }
  let end: u32 = 1;
  while (end < left && end <= MAX_NAME_BYTES && isNameByte(load<u8>(address + end), end == 1)) end += 1;
  return end > 1 && end < left && load<u8>(address + end) == CLOSE ? end + 1 : 0;
}

function isRest(operator: Bytes): bool {
  return lengthOf(operator) == 4 && load<u8>(addressOf(operator), 2) == STAR;
}

function isName(operator: Bytes): bool {
  return load<u8>(addressOf(operator), 1) != STAR;
}

/** Letters, digits and `_`, not a digit first. */
function isNameByte(byte: u32, first: bool): bool {
  return isLetter(byte) || byte == 0x5f || (!first && isDigit(byte));
}

/** Whether `name` can stand in `{name}`. */
export function isTemplateName(name: Bytes): bool {
  const length = lengthOf(name);
  for (let index: u32 = 0; index < length; index++) {
    if (!isNameByte(load<u8>(addressOf(name) + index), index == 0)) return false;
  }
  return length != 0 && length <= MAX_NAME_BYTES;
}

function contains(text: Bytes, wanted: Bytes): bool {
  for (let at: u32 = 0; at + lengthOf(wanted) <= lengthOf(text); at++) {
    if (equal(part(text, at, at + lengthOf(wanted)), wanted)) return true;
  }
  return false;
}

/**
 * Matches a valid template against a whole path: `{*}` takes one segment of at least one byte, `{**}`
 * the rest. Operators take only bytes of Envoy's template set, or any byte where `anyByte`. Linear.
 */
export function templateMatches(template: Bytes, path: Bytes, anyByte: bool): bool {
  const pattern = addressOf(template);
  const patternLength = lengthOf(template);
  const text = addressOf(path);
  const length = lengthOf(path);
  let from: u32 = 0;
  let at: u32 = 0;
  while (from < patternLength) {
    const operator = operatorAt(pattern + from, patternLength - from);
    if (operator == 4) {
      // Literals may follow, and then end the path.
      const tail = part(template, from + 4, patternLength);
      const rest = part(path, at, length);
      return endsWith(rest, tail) && (anyByte || onlyTemplateBytes(text + at, length - at - lengthOf(tail)));
    }
    if (operator == 3) {
      const start = at;
      while (at < length && isSegmentByte(load<u8>(text + at), anyByte)) at += 1;
      if (at == start) return false;
      from += 3;
      continue;
    }
    if (at == length || load<u8>(text + at) != load<u8>(pattern + from)) return false;
    from += 1;
    at += 1;
  }
  return at == length;
}

function onlyTemplateBytes(address: usize, length: u32): bool {
  for (let index: u32 = 0; index < length; index++) {
    const byte: u32 = load<u8>(address + index);
    if (byte != SLASH && !isTemplateByte(byte)) return false;
  }
  return true;
}

function isSegmentByte(byte: u32, anyByte: bool): bool {
  return byte != SLASH && (anyByte || isTemplateByte(byte));
}

/** Envoy's set (uri_template): letters, digits and `-._~%!$&'()+,;:@=*`. */
export function isTemplateByte(byte: u32): bool {
  if (isLetter(byte) || isDigit(byte)) return true;
  switch (byte) {
    case 0x2d:
    case 0x2e:
    case 0x5f:
    case 0x7e:
    case 0x25:
    case 0x21:
    case 0x24:
    case 0x26:
    case 0x27:
    case 0x28:
    case 0x29:
    case 0x2b:
    case 0x2c:
    case 0x3b:
    case 0x3a:
    case 0x40:
    case 0x3d:
    case 0x2a:
      return true;
    default:
      return false;
  }
}

/** Whether something follows `{**}`. */
export function hasTail(template: Bytes): bool {
  const length = lengthOf(template);
  for (let at: u32 = 0; at + 4 < length; at++) {
    if (operatorAt(addressOf(template) + at, length - at) == 4) return true;
  }
  return false;
}
