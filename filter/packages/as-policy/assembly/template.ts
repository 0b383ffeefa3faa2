import { Bytes, addressOf, lengthOf } from "as-bytes";

const SLASH: u32 = 0x2f;
const OPEN: u32 = 0x7b;
const CLOSE: u32 = 0x7d;
const STAR: u32 = 0x2a;

/** Whether a path value is a template: it holds `{*}` or `{**}`. */
export function isTemplate(value: Bytes): bool {
  const address = addressOf(value);
  const length = lengthOf(value);
  for (let index: u32 = 0; index + 2 < length; index++) {
    if (operatorAt(address + index, length - index) != 0) return true;
  }
  return false;
}

/**
 * Whether a template is well formed: it starts with one slash, an operator is a whole segment,
 * `{**}` stands last, and literals hold none of what is no path character.
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
      at += operator;
      if (at < length && (operator == 4 || load<u8>(address + at) != SLASH)) return false;
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

/** Length of the operator `{*}` or `{**}` at `address`, or 0. */
function operatorAt(address: usize, left: u32): u32 {
  if (left < 3 || load<u8>(address) != OPEN || load<u8>(address, 1) != STAR) return 0;
  if (load<u8>(address, 2) == CLOSE) return 3;
  return left >= 4 && load<u8>(address, 2) == STAR && load<u8>(address, 3) == CLOSE ? 4 : 0;
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
    if (operator == 4) return anyByte || onlyTemplateBytes(text + at, length - at);
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
function isTemplateByte(byte: u32): bool {
  if ((byte | 0x20) - 0x61 < 26 || byte - 0x30 < 10) return true;
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
